import { Ip } from '../base/index.ts';
import { get16, put16 } from './bytes.ts';
import { fold, sum16 } from './checksum.ts';
import { describeTcp } from './describe-tcp.ts';
import { describeIcmp, emitIcmp, type IcmpMessage, icmpLength, parseIcmp } from './icmp.ts';
import { type RawBytes, rawBytes } from './raw.ts';
import { describeUdp, emitUdp, parseUdp, type UdpDatagram, udpLength } from './udp.ts';

/**
 * Internet Protocol version 4 (RFC 791).
 *
 *   | 4, IHL | TOS | total length 2 | id 2 | flags, offset 2 | TTL | protocol | checksum 2 | source 4 | destination 4 | options |
 *
 * A packet never changes once made: a router makes a new one with a smaller TTL, so that copies may share it.
 */
export type Ipv4Packet = {
  readonly kind: 'ipv4';
  readonly tos: number;
  readonly id: number;
  readonly df: boolean;
  readonly mf: boolean;
  /** Fragment offset in bytes, a multiple of 8. */
  readonly offset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly src: Ip;
  readonly dst: Ip;
  /** Raw options, padded to 32 bits. */
  readonly options: Uint8Array | undefined;
  /** 'bytes' for fragments and unknown protocols. */
  readonly payload: Ipv4Payload;
  readonly badChecksum?: number;
};

export type Ipv4Payload = IcmpMessage | UdpDatagram | RawBytes;

export const IPPROTO = { icmp: 1, igmp: 2, ipip: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, icmpv6: 58 } as const;

export const IPV4_HEADER = 20;

export const ipv4HeaderLength = (p: Ipv4Packet): number =>
  IPV4_HEADER + (p.options === undefined ? 0 : p.options.length);

export const isFragment = (p: Ipv4Packet): boolean => p.mf || p.offset !== 0;

export function ipv4PayloadLength(payload: Ipv4Payload): number {
  switch (payload.kind) {
    case 'icmp':
      return icmpLength(payload);
    case 'udp':
      return udpLength(payload);
    case 'bytes':
      return payload.bytes.length;
  }
}

/** Total length: header and payload. */
export const ipv4Length = (p: Ipv4Packet): number => ipv4HeaderLength(p) + ipv4PayloadLength(p.payload);

/** undefined: not version 4, or lengths that contradict each other. Bytes behind the total length are padding. */
export function parseIpv4(b: Uint8Array): Ipv4Packet | undefined {
  const headerLength = ((b[0] ?? 0) & 15) * 4;
  const total = get16(b, 2);
  if (
    b.length < IPV4_HEADER ||
    (b[0] as number) >> 4 !== 4 ||
    headerLength < IPV4_HEADER ||
    total < headerLength ||
    total > b.length
  ) {
    return undefined;
  }
  const flags = get16(b, 6);
  const src = Ip.fromBytes(b.subarray(12, 16));
  const dst = Ip.fromBytes(b.subarray(16, 20));
  const protocol = b[9] as number;
  const body = b.slice(headerLength, total);
  const whole = (flags & 0x3fff) === 0;
  return {
    kind: 'ipv4',
    tos: b[1] as number,
    id: get16(b, 4),
    df: (flags & 0x4000) !== 0,
    mf: (flags & 0x2000) !== 0,
    offset: (flags & 0x1fff) * 8,
    ttl: b[8] as number,
    protocol,
    src,
    dst,
    options: headerLength > IPV4_HEADER ? b.slice(IPV4_HEADER, headerLength) : undefined,
    payload: whole ? parseIpv4Payload(protocol, body, src, dst) : rawBytes(body),
    ...(fold(sum16(b, 0, headerLength)) === 0 ? {} : { badChecksum: get16(b, 10) }),
  };
}

/** What a whole (reassembled) payload means; raw bytes when it is unknown or malformed. */
export function parseIpv4Payload(protocol: number, body: Uint8Array, src: Ip, dst: Ip): Ipv4Payload {
  if (protocol === IPPROTO.icmp) return parseIcmp(body) ?? rawBytes(body);
  if (protocol === IPPROTO.udp) return parseUdp(body, src, dst) ?? rawBytes(body);
  return rawBytes(body);
}

export function emitIpv4Payload(p: Pick<Ipv4Packet, 'payload' | 'src' | 'dst'>): Uint8Array {
  switch (p.payload.kind) {
    case 'icmp':
      return emitIcmp(p.payload);
    case 'udp':
      return emitUdp(p.payload, p.src, p.dst);
    case 'bytes':
      return p.payload.bytes;
  }
}

export function emitIpv4(p: Ipv4Packet): Uint8Array {
  const header = ipv4HeaderLength(p);
  const body = emitIpv4Payload(p);
  const b = new Uint8Array(header + body.length);
  b[0] = 0x40 | (header / 4);
  b[1] = p.tos;
  put16(b, 2, b.length);
  put16(b, 4, p.id);
  put16(b, 6, (p.df ? 0x4000 : 0) | (p.mf ? 0x2000 : 0) | (p.offset >> 3));
  b[8] = p.ttl;
  b[9] = p.protocol;
  b.set(p.src.bytes, 12);
  b.set(p.dst.bytes, 16);
  if (p.options !== undefined) b.set(p.options, IPV4_HEADER);
  put16(b, 10, p.badChecksum ?? fold(sum16(b, 0, header)));
  b.set(body, header);
  return b;
}

export function describeIpv4(p: Ipv4Packet): string {
  return `${p.src} > ${p.dst}: ${describeIpv4Payload(p)}${isFragment(p) ? ` fragment ${p.offset}${p.mf ? '+' : ''}` : ''}`;
}

function describeIpv4Payload(p: Ipv4Packet): string {
  switch (p.payload.kind) {
    case 'icmp':
      return describeIcmp(p.payload);
    case 'udp':
      return describeUdp(p.payload);
    case 'bytes':
      if (p.protocol === IPPROTO.tcp && !isFragment(p)) return describeTcp(p.payload.bytes);
      return `protocol ${p.protocol} length ${p.payload.bytes.length}`;
  }
}
