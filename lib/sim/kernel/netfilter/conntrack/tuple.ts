import type { Ip } from '../../../base/index.ts';
import { type IpPacket, transportOf } from '../packet.ts';

/**
 * One direction of a connection (struct nf_conntrack_tuple). For ICMP `sport` is the identifier and `dport` type and code:
 * type << 8 | code; for protocols without ports both are 0.
 */
export type Tuple = {
  readonly src: Ip;
  readonly dst: Ip;
  readonly protocol: number;
  readonly sport: number;
  readonly dport: number;
};

export const ICMP_PROTOCOL = 1;
export const ICMPV6_PROTOCOL = 58;

export const tupleKey = (t: Tuple): string => `${t.protocol} ${t.src} ${t.sport} ${t.dst} ${t.dport}`;

/** Requests and the types that answer them. */
const ANSWER4: Readonly<Record<number, number>> = { 8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17 };
const ANSWER6: Readonly<Record<number, number>> = { 128: 129, 129: 128, 139: 140, 140: 139 };

export const isIcmp = (protocol: number): boolean => protocol === ICMP_PROTOCOL || protocol === ICMPV6_PROTOCOL;

/** The tuple of the answers; undefined: nothing answers such a message. */
export function invert(t: Tuple): Tuple | undefined {
  const { src: dst, dst: src, protocol } = t;
  if (!isIcmp(protocol)) return { src, dst, protocol, sport: t.dport, dport: t.sport };
  const answer = (protocol === ICMP_PROTOCOL ? ANSWER4 : ANSWER6)[t.dport >> 8];
  if (answer === undefined) return undefined;
  return { src, dst, protocol, sport: t.sport, dport: (answer << 8) | (t.dport & 255) };
}

/** undefined: a fragment, or a header cut short. */
export function tupleOf(packet: IpPacket): Tuple | undefined {
  const { src, dst, protocol } = packet;
  const header = transportOf(packet);
  if (isIcmp(protocol)) {
    if (!header.present) return undefined;
    return { src, dst, protocol, sport: header.icmpId, dport: (header.icmpType << 8) | header.icmpCode };
  }
  if (!header.present)
    return protocol === 6 || protocol === 17 ? undefined : { src, dst, protocol, sport: 0, dport: 0 };
  return { src, dst, protocol, sport: header.srcPort, dport: header.dstPort };
}
