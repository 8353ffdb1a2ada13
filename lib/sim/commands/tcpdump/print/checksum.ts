import type { Dissection } from './dissection.ts';

/** The Internet checksum (RFC 1071) over several pieces; 0 over data that carries its right checksum. */
export function internetChecksum(...pieces: readonly Uint8Array[]): number {
  let sum = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i += 2) sum += (piece[i] ?? 0) * 256 + (piece[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return ~sum & 0xffff;
}

/** in_cksum_shouldbe(): what a checksum field must hold, given the field and the sum over everything with it. */
export function shouldBe(field: number, sum: number): number {
  let value = field + sum;
  value = (value & 0xffff) + (value >>> 16);
  return (value + (value >>> 16)) & 0xffff;
}

/** The sum over a transport segment at `offset` with the pseudo header of the IP header at `ip`. */
export function transportSum(d: Dissection, ip: number, offset: number, length: number, protocol: number): number {
  const v4 = d.u8(ip) >>> 4 === 4;
  const addresses = v4 ? d.slice(ip + 12, 8) : d.slice(ip + 8, 32);
  const tail = v4 ? [0, protocol, length >>> 8, length & 255] : [0, 0, length >>> 8, length & 255, 0, 0, 0, protocol];
  return internetChecksum(addresses, Uint8Array.from(tail), d.slice(offset, length));
}

export const hex4 = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
