import type { Ip } from '../../base/index.ts';

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'Destination Net Unreachable',
  1: 'Destination Host Unreachable',
  2: 'Destination Protocol Unreachable',
  3: 'Destination Port Unreachable',
  5: 'Source Route Failed',
  6: 'Destination Net Unknown',
  7: 'Destination Host Unknown',
  8: 'Source Host Isolated',
  9: 'Destination Net Prohibited',
  10: 'Destination Host Prohibited',
  11: 'Destination Net Unreachable for Type of Service',
  12: 'Destination Host Unreachable for Type of Service',
  13: 'Packet filtered',
  14: 'Precedence Violation',
  15: 'Precedence Cutoff',
};

/** pr_icmph(): what an ICMP error says. `info` is the MTU of `Frag needed`. */
export function describeIcmp(type: number, code: number, info: number): string {
  if (type === 3)
    return code === 4
      ? `Frag needed and DF set (mtu = ${info})`
      : (UNREACHABLE[code] ?? `Dest Unreachable, Bad Code: ${code}`);
  if (type === 4) return 'Source Quench';
  if (type === 11)
    return ['Time to live exceeded', 'Frag reassembly time exceeded'][code] ?? `Time exceeded, Bad Code: ${code}`;
  if (type === 12) return `Parameter problem: pointer = ${info}`;
  return `Bad ICMP type: ${type}`;
}

const UNREACHABLE6 = [
  'No route',
  'Administratively prohibited',
  'Beyond scope of source address',
  'Address unreachable',
  'Port unreachable',
];
const PARAMETER6 = ['Wrong header field ', 'Unknown header ', 'Unknown option '];

/** print_icmp() of ping6_common.c */
export function describeIcmp6(type: number, code: number, info: number): string {
  if (type === 1) return `Destination unreachable: ${UNREACHABLE6[code] ?? `Unknown code ${code}`}`;
  if (type === 2) return `Packet too big: mtu=${info}${code === 0 ? '' : `, code=${code}`}`;
  if (type === 3) return `Time exceeded: ${['Hop limit', 'Defragmentation failure'][code] ?? `code ${code}`}`;
  if (type === 4) return `Parameter problem: ${PARAMETER6[code] ?? `code ${code} `}at ${info}`;
  return `unknown icmp type: ${type}`;
}

const REDIRECT = [
  'Redirect Network',
  'Redirect Host',
  'Redirect Type of Service and Network',
  'Redirect Type of Service and Host',
];

/** An ICMP redirect names the router that is nearer. */
export const describeRedirect = (code: number, gateway: Ip | undefined): string =>
  `${REDIRECT[code] ?? `Redirect, Bad Code: ${code}`}(New nexthop: ${gateway ?? '0.0.0.0'})`;
