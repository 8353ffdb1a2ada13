import { Ip, macBytes } from '../../base/index.ts';
import {
  emitIpv4,
  emitIpv4Payload,
  emitIpv6,
  emitIpv6Payload,
  fold,
  get16,
  ipv4HeaderLength,
  ipv6HeaderLength,
  parseIpv4,
  parseIpv6,
  pseudoHeaderSum,
  put16,
  sum16,
} from '../../wire/index.ts';
import { type Context, type IpPacket, isLaterFragment } from '../netfilter/index.ts';
import { type Skb, setPacket } from '../skb.ts';
import type { PayloadProtocol, Scalar } from './expression.ts';

/** Where a header begins: the frame, IP's packet, what IP carries. */
export type Base = 'link' | 'network' | 'transport';
/** A field's place in its header, in bits. */
export type FieldPlace = { readonly offset: number; readonly length: number };

const at = (offset: number, length: number): FieldPlace => ({ offset, length });

const PORTS = { sport: at(0, 16), dport: at(16, 16) };

/** proto.c: the headers that rules can look into. */
export const HEADERS: Readonly<
  Record<PayloadProtocol, { readonly base: Base; readonly fields: Readonly<Record<string, FieldPlace>> }>
> = {
  ether: { base: 'link', fields: { daddr: at(0, 48), saddr: at(48, 48), type: at(96, 16) } },
  vlan: {
    base: 'link',
    fields: { pcp: at(112, 3), dei: at(115, 1), cfi: at(115, 1), id: at(116, 12), type: at(128, 16) },
  },
  arp: {
    base: 'network',
    fields: {
      htype: at(0, 16),
      ptype: at(16, 16),
      hlen: at(32, 8),
      plen: at(40, 8),
      operation: at(48, 16),
      'saddr ether': at(64, 48),
      'saddr ip': at(112, 32),
      'daddr ether': at(144, 48),
      'daddr ip': at(192, 32),
    },
  },
  ip: {
    base: 'network',
    fields: {
      version: at(0, 4),
      hdrlength: at(4, 4),
      dscp: at(8, 6),
      ecn: at(14, 2),
      length: at(16, 16),
      id: at(32, 16),
      'frag-off': at(48, 16),
      ttl: at(64, 8),
      protocol: at(72, 8),
      checksum: at(80, 16),
      saddr: at(96, 32),
      daddr: at(128, 32),
    },
  },
  ip6: {
    base: 'network',
    fields: {
      version: at(0, 4),
      dscp: at(4, 6),
      ecn: at(10, 2),
      flowlabel: at(12, 20),
      length: at(32, 16),
      nexthdr: at(48, 8),
      hoplimit: at(56, 8),
      saddr: at(64, 128),
      daddr: at(192, 128),
    },
  },
  icmp: {
    base: 'transport',
    fields: {
      type: at(0, 8),
      code: at(8, 8),
      checksum: at(16, 16),
      id: at(32, 16),
      sequence: at(48, 16),
      gateway: at(32, 32),
      mtu: at(48, 16),
    },
  },
  icmpv6: {
    base: 'transport',
    fields: {
      type: at(0, 8),
      code: at(8, 8),
      checksum: at(16, 16),
      id: at(32, 16),
      sequence: at(48, 16),
      'parameter-problem': at(32, 32),
      mtu: at(32, 32),
      'max-delay': at(32, 16),
    },
  },
  tcp: {
    base: 'transport',
    fields: {
      ...PORTS,
      sequence: at(32, 32),
      ackseq: at(64, 32),
      doff: at(96, 4),
      reserved: at(100, 4),
      flags: at(104, 8),
      window: at(112, 16),
      checksum: at(128, 16),
      urgptr: at(144, 16),
    },
  },
  udp: { base: 'transport', fields: { ...PORTS, length: at(32, 16), checksum: at(48, 16) } },
  th: { base: 'transport', fields: PORTS },
};

/** Reads a field; undefined: the packet has no such header, or it is too short (NFT_BREAK). */
export type FieldReader = (context: Context) => Scalar | undefined;

/** A reader for the field. What rules ask most has a short way; the rest is read from the packet's bytes. */
export function fieldReader(protocol: PayloadProtocol, field: string): FieldReader {
  if (protocol === 'ip' || protocol === 'ip6') {
    const family = protocol === 'ip' ? 'ipv4' : 'ipv6';
    if (field === 'saddr') return ({ packet }) => (packet.kind === family ? addressValue(packet.src) : undefined);
    if (field === 'daddr') return ({ packet }) => (packet.kind === family ? addressValue(packet.dst) : undefined);
    if (field === 'protocol' || field === 'nexthdr')
      return ({ packet }) => (packet.kind === family ? packet.protocol : undefined);
  }
  if (HEADERS[protocol].base === 'transport') {
    if (field === 'sport') return portReader('srcPort', plainReader(protocol, field));
    if (field === 'dport') return portReader('dstPort', plainReader(protocol, field));
  }
  return plainReader(protocol, field);
}

function plainReader(protocol: PayloadProtocol, field: string): FieldReader {
  const { base, fields } = HEADERS[protocol];
  const place = fields[field] as FieldPlace;
  return (context) => {
    const bytes = headerBytes(base, context);
    return bytes === undefined ? undefined : readBits(bytes, place);
  };
}

/** Ports of what has ports; in other packets the same bytes are something else. */
const portReader =
  (key: 'srcPort' | 'dstPort', plain: FieldReader): FieldReader =>
  (context) => {
    const { protocol } = context.packet;
    if (protocol !== 6 && protocol !== 17) return plain(context);
    return context.transport.present ? context.transport[key] : undefined;
  };

/** A field of the packet that is at hand. */
export const packetField = (protocol: PayloadProtocol, field: string, context: Context): Scalar | undefined =>
  fieldReader(protocol, field)(context);

const known6 = new WeakMap<Ip, bigint>();

/** An address as a rule compares it. */
export function addressValue(ip: Ip): number | bigint {
  if (ip.family === 4) return ip.v4;
  let value = known6.get(ip);
  if (value === undefined) {
    value = 0n;
    for (const byte of ip.bytes) value = (value << 8n) | BigInt(byte);
    known6.set(ip, value);
  }
  return value;
}

export function addressOf(value: Scalar): Ip {
  if (typeof value === 'number') return Ip.fromV4(value);
  const bytes = new Uint8Array(16);
  let rest = BigInt(value);
  for (let i = 15; i >= 0; i--) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return Ip.fromBytes(bytes);
}

function headerBytes(base: Base, { packet, skb, in: dev }: Context): Uint8Array | undefined {
  if (base === 'network') return packet.kind === 'ipv4' ? emitIpv4(packet) : emitIpv6(packet);
  if (base === 'transport') {
    if (isLaterFragment(packet)) return undefined;
    return packet.kind === 'ipv4' ? emitIpv4Payload(packet) : emitIpv6Payload(packet);
  }
  // A packet that this host sends has no Ethernet header yet.
  if (dev === undefined) return undefined;
  const type = packet.kind === 'ipv4' ? [0x08, 0x00] : [0x86, 0xdd];
  return Uint8Array.from([...macBytes(skb.dst), ...macBytes(skb.src), ...type]);
}

function readBits(bytes: Uint8Array, { offset, length }: FieldPlace): Scalar | undefined {
  const last = (offset + length + 7) >> 3;
  if (bytes.length < last) return undefined;
  if (length > 48) {
    let value = 0n;
    for (let i = offset >> 3; i < last; i++) value = (value << 8n) | BigInt(bytes[i] as number);
    return value;
  }
  let value = 0;
  for (let i = offset >> 3; i < last; i++) value = value * 256 + (bytes[i] as number);
  const behind = last * 8 - offset - length;
  return Math.floor(value / 2 ** behind) % 2 ** length;
}

function writeBits(bytes: Uint8Array, { offset, length }: FieldPlace, to: bigint): void {
  for (let i = 0; i < length; i++) {
    const place = offset + i;
    const bit = 0x80 >> (place & 7);
    const isSet = ((to >> BigInt(length - 1 - i)) & 1n) === 1n;
    const byte = bytes[place >> 3] as number;
    bytes[place >> 3] = isSet ? byte | bit : byte & ~bit;
  }
}

const TRANSPORT_SUM: Readonly<Record<number, number>> = { 6: 16, 17: 6, 58: 2 };

/** nft_payload_set_eval(): the packet with a field changed, its checksums anew. False: it has no such field. */
export function writeField(skb: Skb, protocol: PayloadProtocol, field: string, value: Scalar): boolean {
  const { base, fields } = HEADERS[protocol];
  const packet = skb.packet as IpPacket;
  const header = packet.kind === 'ipv4' ? ipv4HeaderLength(packet) : ipv6HeaderLength(packet);
  const bytes = packet.kind === 'ipv4' ? emitIpv4(packet) : emitIpv6(packet);
  const place = fields[field] as FieldPlace;
  const shift = base === 'network' ? 0 : header * 8;
  if (base === 'link' || (base === 'transport' && isLaterFragment(packet))) return false;
  if ((shift + place.offset + place.length) / 8 > bytes.length) return false;
  writeBits(bytes, { ...place, offset: place.offset + shift }, BigInt(value));
  correctSums(bytes, packet, header);
  const changed = packet.kind === 'ipv4' ? parseIpv4(bytes) : parseIpv6(bytes);
  if (changed === undefined) return false;
  setPacket(skb, changed);
  return true;
}

function correctSums(bytes: Uint8Array, packet: IpPacket, header: number): void {
  if (packet.kind === 'ipv4') {
    put16(bytes, 10, 0);
    put16(bytes, 10, fold(sum16(bytes, 0, header)));
  }
  const sumAt = TRANSPORT_SUM[packet.protocol];
  const length = bytes.length - header;
  const hasSum = sumAt !== undefined && length >= sumAt + 2 && !isLaterFragment(packet);
  if (!hasSum || (packet.protocol === 17 && get16(bytes, header + sumAt) === 0)) return;
  const [src, dst] = addresses(bytes, packet);
  put16(bytes, header + sumAt, 0);
  put16(
    bytes,
    header + sumAt,
    fold(sum16(bytes, header, bytes.length, pseudoHeaderSum(src, dst, packet.protocol, length))),
  );
}

function addresses(bytes: Uint8Array, { kind }: IpPacket): [Ip, Ip] {
  return kind === 'ipv4'
    ? [Ip.fromBytes(bytes.subarray(12, 16)), Ip.fromBytes(bytes.subarray(16, 20))]
    : [Ip.fromBytes(bytes.subarray(8, 24)), Ip.fromBytes(bytes.subarray(24, 40))];
}
