import { Ip } from '../base/index.ts';
import { concat, get16, get32, put16, put32 } from './bytes.ts';
import { describeTcp } from './describe-tcp.ts';
import { describeIcmpv6, emitIcmpv6, type Icmpv6Message, icmpv6Length, parseIcmpv6 } from './icmpv6.ts';
import { type RawBytes, rawBytes } from './raw.ts';
import { describeUdp, emitUdp, parseUdp, type UdpDatagram, udpLength } from './udp.ts';

/**
 * Internet Protocol version 6 (RFC 8200).
 *
 *   | 6, class, flow label 4 | payload length 2 | next header | hop limit | source 16 | destination 16 | extensions | payload |
 */
export type Ipv6Packet = {
  readonly kind: 'ipv6';
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly hopLimit: number;
  /** The protocol behind all extension headers. */
  readonly protocol: number;
  readonly src: Ip;
  readonly dst: Ip;
  /** Body of a hop-by-hop options header, from its third byte (after next header and length). */
  readonly hopByHop: Uint8Array | undefined;
  readonly fragment: Ipv6Fragment | undefined;
  readonly payload: Ipv6Payload;
};

/** Fragment header (RFC 8200 section 4.5); `offset` in bytes. */
export type Ipv6Fragment = { readonly offset: number; readonly more: boolean; readonly id: number };

export type Ipv6Payload = Icmpv6Message | UdpDatagram | RawBytes;

export const IPV6_HEADER = 40;
const NEXT_HOP_BY_HOP = 0;
const NEXT_FRAGMENT = 44;

export function ipv6PayloadLength(payload: Ipv6Payload): number {
  switch (payload.kind) {
    case 'icmp6':
      return icmpv6Length(payload);
    case 'udp':
      return udpLength(payload);
    case 'bytes':
      return payload.bytes.length;
  }
}

export const ipv6HeaderLength = (p: Ipv6Packet): number =>
  IPV6_HEADER + (p.hopByHop === undefined ? 0 : 2 + p.hopByHop.length) + (p.fragment === undefined ? 0 : 8);

/** Header, extensions and payload. */
export const ipv6Length = (p: Ipv6Packet): number => ipv6HeaderLength(p) + ipv6PayloadLength(p.payload);

/** undefined: not version 6, truncated, or an extension header that overruns. */
export function parseIpv6(b: Uint8Array): Ipv6Packet | undefined {
  const end = IPV6_HEADER + get16(b, 4);
  if (b.length < IPV6_HEADER || (b[0] as number) >> 4 !== 6 || end > b.length) return undefined;
  let next = b[6] as number;
  let at = IPV6_HEADER;
  let hopByHop: Uint8Array | undefined;
  let fragment: Ipv6Fragment | undefined;
  if (next === NEXT_HOP_BY_HOP) {
    const length = 8 + (b[at + 1] ?? 0) * 8;
    if (at + length > end) return undefined;
    next = b[at] as number;
    hopByHop = b.slice(at + 2, at + length);
    at += length;
  }
  if (next === NEXT_FRAGMENT) {
    if (at + 8 > end) return undefined;
    next = b[at] as number;
    const word = get16(b, at + 2);
    fragment = { offset: word & 0xfff8, more: (word & 1) !== 0, id: get32(b, at + 4) };
    at += 8;
  }
  const src = Ip.fromBytes(b.subarray(8, 24));
  const dst = Ip.fromBytes(b.subarray(24, 40));
  const body = b.slice(at, end);
  return {
    kind: 'ipv6',
    trafficClass: (get16(b, 0) >> 4) & 0xff,
    flowLabel: get32(b, 0) & 0xf_ffff,
    hopLimit: b[7] as number,
    protocol: next,
    src,
    dst,
    hopByHop,
    fragment,
    payload: fragment === undefined ? parseIpv6Payload(next, body, src, dst) : rawBytes(body),
  };
}

export function parseIpv6Payload(protocol: number, body: Uint8Array, src: Ip, dst: Ip): Ipv6Payload {
  if (protocol === 58) return parseIcmpv6(body, src, dst) ?? rawBytes(body);
  if (protocol === 17) return parseUdp(body, src, dst) ?? rawBytes(body);
  return rawBytes(body);
}

export function emitIpv6Payload(p: Pick<Ipv6Packet, 'payload' | 'src' | 'dst'>): Uint8Array {
  switch (p.payload.kind) {
    case 'icmp6':
      return emitIcmpv6(p.payload, p.src, p.dst);
    case 'udp':
      return emitUdp(p.payload, p.src, p.dst);
    case 'bytes':
      return p.payload.bytes;
  }
}

export function emitIpv6(p: Ipv6Packet): Uint8Array {
  const header = new Uint8Array(IPV6_HEADER);
  const parts: Uint8Array[] = [header];
  let nextField: [Uint8Array, number] = [header, 6];
  const chain = (type: number, extension: Uint8Array): void => {
    nextField[0][nextField[1]] = type;
    nextField = [extension, 0];
    parts.push(extension);
  };
  if (p.hopByHop !== undefined) {
    const extension = concat([Uint8Array.of(0, (p.hopByHop.length + 2) / 8 - 1), p.hopByHop]);
    chain(NEXT_HOP_BY_HOP, extension);
  }
  if (p.fragment !== undefined) {
    const extension = new Uint8Array(8);
    put16(extension, 2, p.fragment.offset | (p.fragment.more ? 1 : 0));
    put32(extension, 4, p.fragment.id);
    chain(NEXT_FRAGMENT, extension);
  }
  nextField[0][nextField[1]] = p.protocol;
  parts.push(emitIpv6Payload(p));
  put32(header, 0, ((6 << 28) | (p.trafficClass << 20) | p.flowLabel) >>> 0);
  put16(header, 4, ipv6Length(p) - IPV6_HEADER);
  header[7] = p.hopLimit;
  header.set(p.src.bytes, 8);
  header.set(p.dst.bytes, 24);
  return concat(parts);
}

export function describeIpv6(p: Ipv6Packet): string {
  const what =
    p.payload.kind === 'icmp6'
      ? describeIcmpv6(p.payload)
      : p.payload.kind === 'udp'
        ? describeUdp(p.payload)
        : p.protocol === 6 && p.fragment === undefined
          ? describeTcp(p.payload.bytes)
          : `protocol ${p.protocol} length ${p.payload.bytes.length}`;
  return `${p.src} > ${p.dst}: ${what}`;
}
