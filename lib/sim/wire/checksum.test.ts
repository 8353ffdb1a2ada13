import { expect, it } from 'vitest';
import { Ip } from '../base/index.ts';
import { fold, pseudoHeaderSum, sum16 } from './checksum.ts';

it('adds as RFC 1071 section 3 shows', () => {
  // 0001 f203 f4f5 f6f7 adds up to ddf2 with the carries put back.
  expect(fold(sum16(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)))).toBe(~0xddf2 & 0xffff);
});

it('pads an odd last byte with zero', () => {
  expect(sum16(Uint8Array.of(0x12, 0x34, 0x56))).toBe(0x1234 + 0x5600);
});

it('adds 64 KiB without losing carries', () => {
  expect(fold(sum16(new Uint8Array(65536).fill(0xff)))).toBe(0);
});

it('covers both addresses, the protocol and the length', () => {
  const sum = pseudoHeaderSum(Ip.parse('10.0.0.1') as Ip, Ip.parse('10.0.0.2') as Ip, 17, 13);
  expect(sum).toBe(0x0a00 + 1 + 0x0a00 + 2 + 17 + 13);
});
