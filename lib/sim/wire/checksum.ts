import type { Ip } from '../base/index.ts';

/** Adds up 16-bit words (RFC 1071), an odd last byte padded with zero. The sum is not yet folded. */
export function sum16(bytes: Uint8Array, start = 0, end = bytes.length, initial = 0): number {
  let sum = initial;
  let i = start;
  for (; i + 1 < end; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  if (i < end) sum += (bytes[i] as number) << 8;
  return sum;
}

/** The Internet checksum of a sum: folded and complemented. */
export function fold(sum: number): number {
  let s = sum;
  while (s > 0xffff) s = (s & 0xffff) + Math.floor(s / 0x1_0000);
  return ~s & 0xffff;
}

/** The sum of a pseudo-header: RFC 793 for IPv4, RFC 8200 section 8.1 for IPv6. */
export function pseudoHeaderSum(src: Ip, dst: Ip, protocol: number, length: number): number {
  return sum16(dst.bytes, 0, dst.bytes.length, sum16(src.bytes)) + protocol + (length >>> 16) + (length & 0xffff);
}
