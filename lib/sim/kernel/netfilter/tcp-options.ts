import { fold, get16, put16, rawBytes } from '../../wire/index.ts';
import type { IpPacket } from './packet.ts';

/** A TCP segment that begins in this packet, as bytes; undefined: none, or cut short. */
export function segmentOf({ protocol, payload, ...packet }: IpPacket): Uint8Array | undefined {
  const first = packet.kind === 'ipv4' ? packet.offset === 0 : (packet.fragment?.offset ?? 0) === 0;
  if (protocol !== 6 || payload.kind !== 'bytes' || !first || payload.bytes.length < 20) return undefined;
  return payload.bytes.length >= headerLength(payload.bytes) ? payload.bytes : undefined;
}

const headerLength = (segment: Uint8Array): number => ((segment[12] as number) >> 4) * 4;

const MSS = 2;
const MSS_LENGTH = 4;

/** Where the value of the option "maximum segment size" stands (RFC 9293 section 3.7.1). */
function mssPlace(segment: Uint8Array): number | undefined {
  const end = headerLength(segment);
  for (let at = 20; at < end; ) {
    const kind = segment[at] as number;
    if (kind === 0) return undefined;
    const length = kind === 1 ? 1 : (segment[at + 1] ?? 0);
    if (length === 0 || at + length > end) return undefined;
    if (kind === MSS && length === MSS_LENGTH) return at + 2;
    at += length;
  }
  return undefined;
}

export function mssOf(segment: Uint8Array): number | undefined {
  const at = mssPlace(segment);
  return at === undefined ? undefined : get16(segment, at);
}

/** The packet with another maximum segment size, its checksum set right (RFC 1624). Precondition: it has the option. */
export function withMss(packet: IpPacket, mss: number): IpPacket {
  const segment = segmentOf(packet);
  const at = segment === undefined ? undefined : mssPlace(segment);
  if (segment === undefined || at === undefined) return packet;
  const bytes = segment.slice();
  put16(bytes, at, mss);
  // An odd place swaps the halves of the words that are added up.
  const word = (value: number): number => (at % 2 === 0 ? value : ((value & 255) << 8) | (value >> 8));
  const before = word(get16(segment, at));
  put16(bytes, 16, fold((~get16(segment, 16) & 0xffff) + (~before & 0xffff) + word(mss)));
  return { ...packet, payload: rawBytes(bytes) };
}
