import { Cidr } from '../../base/index.ts';
import type { AddrMessage } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { isGlobalUnicast } from './address.ts';
import { tryingSteps } from './error.ts';
import { chainComment, chainName } from './hashed-name.ts';
import { Iptables, unlessAbsent } from './iptables.ts';
import type { Call } from './plugin.ts';
import type { Addressed } from './result.ts';

/**
 * Source NAT of what leaves a container for other networks than its own:
 *
 *   POSTROUTING  -s ADDRESS -j CNI-…      CNI-…  -d NETWORK -j ACCEPT
 *                                                ! -d MULTICAST -j MASQUERADE
 */
export function* setupMasquerade(
  { process, containerId }: Call,
  network: string,
  ips: readonly Addressed[],
): Generator<Wait, void, void> {
  const chain = chainName(network, containerId);
  const said = ['-m', 'comment', '--comment', chainComment(network, containerId)];
  for (const { address } of ips) {
    const ipt = yield* open(process, address);
    const chains = yield* tryingSteps('failed to list chains', ipt.chains('nat'));
    if (!chains.includes(chain)) yield* ipt.newChain('nat', chain);
    const multicast = address.address.family === 4 ? '224.0.0.0/4' : 'ff00::/8';
    yield* ipt.ensureRule('nat', chain, ['-d', `${address}`, '-j', 'ACCEPT', ...said]);
    yield* ipt.ensureRule('nat', chain, ['!', '-d', multicast, '-j', 'MASQUERADE', ...said]);
    yield* ipt.ensureRule('nat', 'POSTROUTING', ['-s', `${address.address}`, '-j', chain, ...said]);
  }
}

/** Takes it away, as far as it is there, for the addresses that the container's device had. */
export function* teardownMasquerade(
  { process, containerId }: Call,
  network: string,
  addrs: readonly AddrMessage[],
): Generator<Wait, void, void> {
  const chain = chainName(network, containerId);
  const said = ['-j', chain, '-m', 'comment', '--comment', chainComment(network, containerId)];
  for (const { local, prefix } of addrs.filter((addr) => isGlobalUnicast(addr.local))) {
    const address = new Cidr(local, prefix);
    const ipt = yield* open(process, address);
    // Older versions wrote the network in place of the address.
    for (const source of [`${local}`, `${address}`])
      yield* unlessAbsent(ipt.delete('nat', 'POSTROUTING', ['-s', source, ...said]));
    yield* unlessAbsent(ipt.clearChain('nat', chain));
    yield* unlessAbsent(ipt.deleteChain('nat', chain));
  }
}

const open = (process: Process, { address }: Cidr): Generator<Wait, Iptables, void> =>
  tryingSteps('failed to locate iptables', Iptables.open(process, address.family));
