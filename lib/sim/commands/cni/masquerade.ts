import type { Cidr } from '../../base/index.ts';
import type { AddrMessage } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { isGlobalUnicast } from './address.ts';
import { CniError } from './error.ts';
import { Iptables, unlessAbsent } from './iptables.ts';

/**
 * Source NAT of what leaves a container for other networks than its own:
 *
 *   POSTROUTING  -s ADDRESS -j CNI-…      CNI-…  -d NETWORK -j ACCEPT
 *                                                ! -d MULTICAST -j MASQUERADE
 */
export function* setupMasquerade(
  process: Process,
  address: Cidr,
  chain: string,
  comment: string,
): Generator<Wait, void, void> {
  const ipt = yield* open(process, address);
  if (!(yield* chainsOf(ipt)).includes(chain)) yield* ipt.newChain('nat', chain);
  const said = ['-m', 'comment', '--comment', comment];
  const multicast = address.address.family === 4 ? '224.0.0.0/4' : 'ff00::/8';
  yield* ipt.ensureRule('nat', chain, ['-d', `${address}`, '-j', 'ACCEPT', ...said]);
  yield* ipt.ensureRule('nat', chain, ['!', '-d', multicast, '-j', 'MASQUERADE', ...said]);
  yield* ipt.ensureRule('nat', 'POSTROUTING', ['-s', `${address.address}`, '-j', chain, ...said]);
}

/** Takes it away, as far as it is there. */
export function* teardownMasquerade(
  process: Process,
  address: Cidr,
  chain: string,
  comment: string,
): Generator<Wait, void, void> {
  const ipt = yield* open(process, address);
  const said = ['-j', chain, '-m', 'comment', '--comment', comment];
  // Older versions wrote the network in place of the address.
  for (const source of [`${address.address}`, `${address}`])
    yield* unlessAbsent(ipt.delete('nat', 'POSTROUTING', ['-s', source, ...said]));
  yield* unlessAbsent(ipt.clearChain('nat', chain));
  yield* unlessAbsent(ipt.deleteChain('nat', chain));
}

/** Of the addresses that a device had, those that may have been masqueraded. */
export const masqueraded = (addrs: readonly AddrMessage[]): AddrMessage[] =>
  addrs.filter(({ local }) => isGlobalUnicast(local));

function* open(process: Process, { address }: Cidr): Generator<Wait, Iptables, void> {
  try {
    return yield* Iptables.open(process, address.family);
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new CniError(`failed to locate iptables: ${error.message}`);
  }
}

function* chainsOf(ipt: Iptables): Generator<Wait, string[], void> {
  try {
    return yield* ipt.chains('nat');
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new CniError(`failed to list chains: ${error.message}`);
  }
}
