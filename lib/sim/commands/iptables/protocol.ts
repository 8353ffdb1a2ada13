import { badParameter } from './refusal.ts';
import { parseNumber } from './words.ts';

/** Names of protocols that iptables knows, in the spelling of /etc/protocols. */
const NAMES: readonly (readonly [number, string])[] = [
  [0, 'all'],
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipencap'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [41, 'ipv6'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [89, 'ospf'],
  [103, 'pim'],
  [112, 'vrrp'],
  [132, 'sctp'],
  [136, 'udplite'],
];

const ALIASES: Readonly<Record<string, number>> = {
  icmpv6: 58,
  icmp6: 58,
  'ipv6-mh': 135,
  mh: 135,
  'ip-encap': 4,
  ipip: 4,
};

/** xtables_parse_protocol() */
export function parseProtocol(text: string): number {
  const lower = text.toLowerCase();
  const found = parseNumber(text, 255) ?? NAMES.find(([, name]) => name === lower)?.[0] ?? ALIASES[lower];
  if (found === undefined) throw badParameter(`unknown protocol "${lower}" specified`);
  return found;
}

export const protocolName = (number: number): string | undefined => NAMES.find(([n]) => n === number)?.[1];
