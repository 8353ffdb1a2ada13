import type { Cidr } from '../../../base/index.ts';
import { getLink, getRoute, type NetNs, writeSysctl } from '../../../kernel/index.ts';
import { netfilter } from '../../../kernel/netfilter/index.ts';
import type { Process, Wait } from '../../../os/index.ts';
import { attempt, CniError, trying, tryingSteps } from '../error.ts';
import { pathError } from '../go-text.ts';
import { Iptables } from '../iptables.ts';
import { type Call, cniPlugin } from '../plugin.ts';
import { printResult } from '../result.ts';
import { checkChain, setupChain, teardownChain } from './chain.ts';
import { type PortMapConfig, readConfig } from './config.ts';
import { DNAT_CHAIN, dnatChain, dnatChainName, masqueradeChain, oldSnatChainName, setMarkChain } from './rules.ts';
import { forgetUdp } from './stale.ts';

/** Ports of the host that lead into a container. */
export const portmap = cniPlugin({
  name: 'portmap',
  summary: 'CNI plugin: leads ports of the host into a container',
  keys: [
    ['runtimeConfig.portMappings', 'hostPort, containerPort, protocol, hostIP'],
    ['snat', 'masquerade what comes from the container itself and from localhost (true)'],
    ['markMasqBit', 'bit of the mark for that (13)'],
    ['externalSetMarkChain', 'a chain that sets the mark instead'],
    ['conditionsV4', 'matches that are added to the entry rule, also conditionsV6'],
  ],
  modules: [netfilter],
  *add(call) {
    const config = parse(call);
    if (config.previous === undefined) throw new CniError('must be called as chained plugin');
    if (config.mappings.length > 0)
      for (const family of [4, 6] as const) {
        const address = config.address[family];
        if (address === undefined) continue;
        yield* forward(call, config, address);
        forgetUdp(call.host, family, config.mappings);
      }
    return printResult(config.previous, config.cniVersion);
  },
  *check(call) {
    const config = readConfig(call);
    if (config.previous === undefined) throw new CniError('Required prevResult missing');
    if (config.mappings.length === 0) return undefined;
    for (const family of [4, 6] as const) {
      const address = config.address[family];
      if (address !== undefined) yield* check(call, config, address);
    }
    return undefined;
  },
  *del(call) {
    const config = parse(call);
    if (config.mappings.length === 0) return undefined;
    for (const { ipt, version } of yield* usable(call)) {
      yield* tryingSteps(`could not teardown ${version} dnat`, teardownChain(ipt, dnatChainName(config)));
      yield* attempt(teardownChain(ipt, oldSnatChainName(config)));
    }
    return undefined;
  },
});

const parse = (call: Call): PortMapConfig => trying('failed to parse config', () => readConfig(call));

function* forward(call: Call, config: PortMapConfig, container: Cidr): Generator<Wait, void, void> {
  const { family } = container.address;
  const ipt = yield* tryingSteps('failed to open iptables', Iptables.open(call.process, family));
  if (config.snat) {
    if (config.externalSetMarkChain === undefined) {
      const setMark = setMarkChain(config.markBit);
      for (const chain of [setMark, masqueradeChain(config.markBit)])
        yield* tryingSteps(`unable to create chain ${setMark.name}`, setupChain(ipt, chain));
    }
    if (family === 4) allowLocalnet(call.host, container);
  }
  yield* tryingSteps('failed to create top-level DNAT chain', setupChain(ipt, DNAT_CHAIN));
  yield* tryingSteps('unable to setup DNAT', setupChain(ipt, dnatChain(config, container)));
}

/** So that packets from 127.0.0.1 may leave by the device that the container is behind. */
function allowLocalnet(host: NetNs, container: Cidr): void {
  const way = getRoute(host, { dst: container.address });
  const device = way.ok ? getLink(host, way.value.ifindex) : undefined;
  if (device === undefined) return;
  const path = `net/ipv4/conf/${device.name}/route_localnet`;
  const set = writeSysctl(host, path, '1');
  if (set.ok) return;
  const why = pathError('open', `/proc/sys/${path}`, set.error.errno);
  throw new CniError(`unable to enable route_localnet: ${why}`);
}

/** iptables of both families, as far as their nat tables can be read. */
function* usable({ process }: Call): Generator<Wait, { readonly ipt: Iptables; readonly version: string }[], void> {
  const found: { ipt: Iptables; version: string }[] = [];
  for (const family of [4, 6] as const) {
    const ipt = yield* attempt(readable(process, family));
    if (ipt !== undefined) found.push({ ipt, version: `ipv${family}` });
  }
  if (found.length === 0) throw new CniError('neither iptables nor ip6tables usable');
  return found;
}

function* readable(process: Process, family: 4 | 6): Generator<Wait, Iptables, void> {
  const ipt = yield* Iptables.open(process, family);
  yield* ipt.list('nat', 'OUTPUT');
  return ipt;
}

/** The chain must be in both families' tables, also when the container has an address of only one. */
function* check(call: Call, config: PortMapConfig, address: Cidr): Generator<Wait, void, void> {
  for (const { ipt, version } of yield* usable(call))
    yield* tryingSteps(`could not check ${version} dnat`, checkChain(ipt, dnatChain(config, address)));
}
