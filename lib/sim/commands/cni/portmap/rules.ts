import type { Cidr } from '../../../base/index.ts';
import { parseIp } from '../address.ts';
import { chainName } from '../hashed-name.ts';
import type { Rule } from '../iptables.ts';
import type { Chain } from './chain.ts';
import type { PortMapConfig, PortMapping } from './config.ts';

/**
 *   PREROUTING, OUTPUT ──(to an address of the host)──▶ CNI-HOSTPORT-DNAT ──(host ports)──▶ CNI-DN-… (of the container)
 *   CNI-DN-…: from the container itself or from localhost ──▶ CNI-HOSTPORT-SETMARK;  then DNAT to the container
 *   POSTROUTING ──▶ CNI-HOSTPORT-MASQ: what is marked is masqueraded, so that answers come back this way
 */
export const DNAT_CHAIN: Chain = {
  name: 'CNI-HOSTPORT-DNAT',
  rules: [],
  entryChains: ['PREROUTING', 'OUTPUT'],
  entryRules: [['-m', 'addrtype', '--dst-type', 'LOCAL']],
};

const SETMARK = 'CNI-HOSTPORT-SETMARK';

const mark = (bit: number): string => {
  const value = `0x${((1 << bit) >>> 0).toString(16)}`;
  return `${value}/${value}`;
};

export const setMarkChain = (bit: number): Chain => ({
  name: SETMARK,
  rules: [['-m', 'comment', '--comment', 'CNI portfwd masquerade mark', '-j', 'MARK', '--set-xmark', mark(bit)]],
  entryChains: [],
  entryRules: [],
});

export const masqueradeChain = (bit: number): Chain => ({
  name: 'CNI-HOSTPORT-MASQ',
  rules: [['-m', 'mark', '--mark', mark(bit), '-j', 'MASQUERADE']],
  entryChains: ['POSTROUTING'],
  // Before the rules of the plugins that masquerade a whole network.
  first: true,
  entryRules: [['-m', 'comment', '--comment', 'CNI portfwd requiring masquerade']],
});

export const dnatChainName = ({ name, containerId }: PortMapConfig): Pick<Chain, 'name' | 'entryChains'> => ({
  name: chainName(name, containerId, 'DN-'),
  entryChains: [DNAT_CHAIN.name],
});

/** What older versions of the plugin made. */
export const oldSnatChainName = ({ name, containerId }: PortMapConfig): Pick<Chain, 'name' | 'entryChains'> => ({
  name: chainName(name, containerId, 'SN-'),
  entryChains: ['CNI-HOSTPORT-SNAT'],
});

/** The container's own chain, for its address of one family. */
export const dnatChain = (config: PortMapConfig, container: Cidr): Chain => ({
  ...dnatChainName(config),
  entryRules: entryRules(config, container.address.family),
  rules: config.mappings.flatMap((mapping) => mappingRules(config, container, mapping)),
});

/** Ports that one rule of multiport takes. */
const PORTS_PER_RULE = 15;

function entryRules(config: PortMapConfig, family: 4 | 6): Rule[] {
  const protocols = [...new Set(config.mappings.map(({ protocol }) => protocol))].sort();
  return protocols.flatMap((protocol) => {
    const ports = config.mappings.filter((one) => one.protocol === protocol).map(({ hostPort }) => hostPort);
    return groupsOf(ports, PORTS_PER_RULE).map((group) => [
      ...['-m', 'comment', '--comment', comment(config), '-m', 'multiport'],
      ...['-p', protocol, '--destination-ports', group.join(','), ...config.conditions[family]],
    ]);
  });
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let at = 0; at < items.length; at += size) groups.push(items.slice(at, at + size));
  return groups;
}

/** iptables takes 255 characters. */
function comment({ name, containerId }: PortMapConfig): string {
  const text = `dnat name: "${name}" id: "${containerId}"`;
  return text.length <= 255 ? text : `${text.slice(0, 253)}...`;
}

/** Marking comes first: DNAT ends the way through the chain. */
function mappingRules(config: PortMapConfig, container: Cidr, mapping: PortMapping): Rule[] {
  const { family } = container.address;
  const base = ['-p', mapping.protocol, '--dport', `${mapping.hostPort}`];
  if (mapping.hostIP !== '') {
    const host = parseIp(mapping.hostIP);
    // What is no address counts as one of IPv6.
    if ((host?.family ?? 6) !== family) return [];
    if (host?.isUnspecified !== true) base.push('-d', mapping.hostIP);
  }
  const setMark = config.externalSetMarkChain ?? SETMARK;
  const hairpin = [...base, '-s', `${container}`, '-j', setMark];
  const localhost = [...base, '-s', '127.0.0.1', '-j', setMark];
  const marking = config.snat ? (family === 4 ? [hairpin, localhost] : [hairpin]) : [];
  const target = family === 4 ? `${container.address}` : `[${container.address}]`;
  return [...marking, [...base, '-j', 'DNAT', '--to-destination', `${target}:${mapping.containerPort}`]];
}
