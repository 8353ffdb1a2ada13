import {
  emitIpv4,
  emitIpv6,
  fold,
  type IcmpError,
  type Icmpv6Error,
  put16,
  rawBytes,
  sum16,
} from '../../../wire/index.ts';
import { quotedPacket } from '../conntrack/track.ts';
import { isIcmp, type Tuple } from '../conntrack/tuple.ts';
import type { IpPacket } from '../packet.ts';

/** Which half of a packet's addresses changes. */
export type Half = 'src' | 'dst';

/** nf_nat_manip_pkt(): the packet with that half as `target` has it. */
export function rewrite(packet: IpPacket, target: Tuple, half: Half): IpPacket {
  const address = half === 'src' ? target.src : target.dst;
  const port = half === 'src' ? target.sport : target.dport;
  return withPayload({ ...packet, [half]: address }, packet, isIcmp(packet.protocol) ? target.sport : port, half);
}

function withPayload(to: IpPacket, from: IpPacket, port: number, half: Half): IpPacket {
  const { payload } = from;
  if (payload.kind === 'icmp' || payload.kind === 'icmp6') {
    return 'id' in payload && payload.id !== port ? ({ ...to, payload: { ...payload, id: port } } as IpPacket) : to;
  }
  if (payload.kind !== 'bytes') {
    const key = half === 'src' ? 'srcPort' : 'dstPort';
    return { ...to, payload: { ...payload, [key]: port } } as IpPacket;
  }
  const isTransport = (from.protocol === 6 || from.protocol === 17) && payload.bytes.length >= 4;
  const first = from.kind === 'ipv4' ? from.offset === 0 : (from.fragment?.offset ?? 0) === 0;
  if (!isTransport || !first) return to;
  const bytes = payload.bytes.slice();
  put16(bytes, half === 'src' ? 0 : 2, port);
  correctChecksum(from, to, payload.bytes, bytes);
  return { ...to, payload: rawBytes(bytes) };
}

/** The sum of a header that is kept as bytes, changed by what changed (RFC 1624): a quote has no whole segment to add up. */
function correctChecksum(from: IpPacket, to: IpPacket, before: Uint8Array, after: Uint8Array): void {
  const at = from.protocol === 6 ? 16 : 6;
  if (after.length < at + 2) return;
  const old = ((before[at] as number) << 8) | (before[at + 1] as number);
  if (from.protocol === 17 && old === 0) return;
  const removed = sum16(before, 0, 4) + sum16(from.src.bytes) + sum16(from.dst.bytes);
  const added = sum16(after, 0, 4) + sum16(to.src.bytes) + sum16(to.dst.bytes);
  // ~C + ~m + m', with ~m as 0xffff - m for each of the words that were removed.
  const words = 2 + from.src.bytes.length;
  put16(after, at, fold((~old & 0xffff) + words * 0xffff - removed + added));
}

/** The error with the packet that it quotes changed in one half, its checksum anew. */
export function rewriteQuote(packet: IpPacket, target: Tuple, half: Half): IpPacket {
  const error = packet.payload as IcmpError | Icmpv6Error;
  const quoted = quotedPacket(packet, error.quote);
  if (quoted === undefined) return packet;
  const changed = rewrite(quoted, target, half);
  const bytes = changed.kind === 'ipv4' ? emitIpv4({ ...changed, badChecksum: undefined }) : emitIpv6(changed);
  restoreLength(bytes, error.quote, changed.kind === 'ipv4');
  return { ...packet, payload: { ...error, quote: bytes } } as IpPacket;
}

/** The length that the quoted header names is the whole packet's, longer than the quote. */
function restoreLength(bytes: Uint8Array, quote: Uint8Array, isIpv4: boolean): void {
  const at = isIpv4 ? 2 : 4;
  bytes[at] = quote[at] as number;
  bytes[at + 1] = quote[at + 1] as number;
  if (!isIpv4) return;
  const header = ((bytes[0] as number) & 15) * 4;
  bytes[10] = 0;
  bytes[11] = 0;
  put16(bytes, 10, fold(sum16(bytes, 0, header)));
}
