/**
 * The formats of packets: one protocol one file, in one order — fields, parse, emit, describe. A packet is a plain
 * object that never changes; `emit` gives its exact bytes with right checksums, `parse` takes bytes apart again and
 * keeps a wrong checksum in `badChecksum`, so that parsing and emitting gives the same bytes back.
 *
 * It knows no devices, no time and no addresses of its own. Not here (yet): IGMP, HTTP, IPv6
 * extension headers but hop-by-hop options and fragments.
 */
export * from './arp.ts';
export { concat, get16, get32, put16, put32 } from './bytes.ts';
export { fold, pseudoHeaderSum, sum16 } from './checksum.ts';
export * from './ethernet.ts';
export * from './icmp.ts';
export * from './icmpv6.ts';
export * from './ipv4.ts';
export * from './ipv6.ts';
export { type RawBytes, rawBytes } from './raw.ts';
export * from './tcp.ts';
export * from './udp.ts';
export { emitVxlan, parseVxlan, VXLAN_HEADER, type VxlanHeader } from './vxlan.ts';
