import type { Ip } from '../base/index.ts';
import { get16, put16 } from './bytes.ts';
import { fold, pseudoHeaderSum, sum16 } from './checksum.ts';

/**
 * User datagrams (RFC 768).
 *
 *   | source port 2 | destination port 2 | length 2 | checksum 2 | data |
 */
export type UdpDatagram = {
  readonly kind: 'udp';
  readonly srcPort: number;
  readonly dstPort: number;
  readonly data: Uint8Array;
  /** IPv4 only: sent with checksum 0, "no checksum". */
  readonly noChecksum?: boolean;
  /** Present only when the sum on the wire was wrong. */
  readonly badChecksum?: number;
};

export const UDP_HEADER = 8;

export const udpLength = (u: UdpDatagram): number => UDP_HEADER + u.data.length;

/** undefined: shorter than its header or than it says. */
export function parseUdp(b: Uint8Array, src: Ip, dst: Ip): UdpDatagram | undefined {
  const length = get16(b, 4);
  if (b.length < UDP_HEADER || length < UDP_HEADER || length > b.length) return undefined;
  const header = {
    kind: 'udp',
    srcPort: get16(b, 0),
    dstPort: get16(b, 2),
    data: b.slice(UDP_HEADER, length),
  } as const;
  const carried = get16(b, 6);
  if (carried === 0) return { ...header, noChecksum: true };
  return fold(sum16(b, 0, length, pseudoHeaderSum(src, dst, 17, length))) === 0
    ? header
    : { ...header, badChecksum: carried };
}

export function emitUdp(u: UdpDatagram, src: Ip, dst: Ip): Uint8Array {
  const b = new Uint8Array(udpLength(u));
  put16(b, 0, u.srcPort);
  put16(b, 2, u.dstPort);
  put16(b, 4, b.length);
  b.set(u.data, UDP_HEADER);
  if (u.noChecksum !== true) {
    // A computed sum of 0 goes out as 0xffff, because 0 says "none".
    put16(b, 6, u.badChecksum ?? (fold(sum16(b, 0, b.length, pseudoHeaderSum(src, dst, 17, b.length))) || 0xffff));
  }
  return b;
}

export const describeUdp = (u: UdpDatagram): string => `UDP ${u.srcPort} > ${u.dstPort} length ${u.data.length}`;
