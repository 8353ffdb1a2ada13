import type { Dissection } from './dissection.ts';
import { printGre } from './gre.ts';
import { printIcmp } from './icmp.ts';
import { printIcmp6 } from './icmp6.ts';
import { printTcp } from './tcp.ts';
import { printUdp } from './udp.ts';

/** tok2str(ipproto_values) */
export const IP_PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  0: 'Options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  9: 'IGRP',
  17: 'UDP',
  41: 'IPv6',
  43: 'Routing',
  44: 'Fragment',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  59: 'No Next Header',
  60: 'Options',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  132: 'SCTP',
};

/** What an IP header hands to the printer of its payload. */
export type Segment = {
  /** Where the IP header begins, for addresses and checksums. */
  readonly ip: number;
  readonly at: number;
  readonly length: number;
  readonly protocol: number;
  readonly version: 4 | 6;
  readonly fragmented: boolean;
};

/** ip_demux_print() */
export function printTransport(d: Dissection, segment: Segment): void {
  const { protocol, version, at, length } = segment;
  if (protocol === 6) printTcp(d, segment);
  else if (protocol === 17) printUdp(d, segment);
  else if (protocol === 1 && version === 4) printIcmp(d, segment);
  else if (protocol === 58 && version === 6) printIcmp6(d, segment);
  else if (protocol === 4) d.network.ip4(d, at, length);
  else if (protocol === 41) d.network.ip6(d, at, length);
  else if (protocol === 47) printGre(d, at, length);
  else if (protocol === 2) d.print(`igmp ${igmpName(d.u8(at))}`);
  else if (protocol === 59) d.print(length === 0 ? 'no next header' : `no next header ${length}`);
  else
    d.print(
      `${d.options.numeric ? `ip-proto-${protocol}` : (IP_PROTOCOL_NAMES[protocol] ?? `ip-proto-${protocol}`).toLowerCase()} ${length}`,
    );
}

const igmpName = (type: number): string =>
  ({ 17: 'query v2', 18: 'v1 report', 22: 'v2 report', 23: 'leave', 34: 'v3 report' })[type] ??
  `[type 0x${type.toString(16)}]`;
