import { expect, test } from 'vitest';
import { ip } from '../../testing/index.ts';
import { fold, type Ipv4Packet, pseudoHeaderSum, put16, rawBytes, sum16 } from '../../wire/index.ts';
import { mssOf, segmentOf, withMss } from './tcp-options.ts';

const [SRC, DST] = [ip('10.0.0.1'), ip('10.0.0.2')];
const sumOf = (b: Uint8Array): number => fold(sum16(b, 0, b.length, pseudoHeaderSum(SRC, DST, 6, b.length)));

/** A SYN with these options, its checksum right. */
function syn(options: readonly number[]): Ipv4Packet {
  const bytes = new Uint8Array(20 + options.length);
  bytes.set(options, 20);
  put16(bytes, 0, 40_000);
  put16(bytes, 2, 80);
  bytes[12] = ((20 + options.length) / 4) << 4;
  bytes[13] = 2;
  put16(bytes, 16, sumOf(bytes));
  return {
    ...{ kind: 'ipv4', tos: 0, id: 1, df: true, mf: false, offset: 0, ttl: 64, protocol: 6, src: SRC, dst: DST },
    options: undefined,
    payload: rawBytes(bytes),
  };
}

test.each([
  ['first', [2, 4, 0x05, 0xb4]],
  ['behind one byte of padding, at an odd place', [1, 2, 4, 0x05, 0xb4, 1, 1, 1]],
  ['behind another option', [3, 3, 7, 1, 2, 4, 0x05, 0xb4]],
])('the maximum segment size is read and set where it stands %s, and the checksum stays right', (_, options) => {
  const packet = syn(options);
  const segment = segmentOf(packet);
  if (segment === undefined) throw new Error('no segment');
  expect(mssOf(segment)).toBe(1460);
  const changed = segmentOf(withMss(packet, 1360));
  if (changed === undefined) throw new Error('no segment');
  expect(mssOf(changed)).toBe(1360);
  expect(sumOf(changed)).toBe(0);
});

test.each([
  ['there is none', [1, 1, 1, 0]],
  ['the options end before it', [0, 2, 4, 5]],
  ['its length is wrong', [2, 3, 5, 0]],
  ['it is cut off', [1, 1, 2, 4]],
])('nothing is read where %s', (_, options) => {
  const packet = syn(options);
  const segment = segmentOf(packet);
  expect(segment === undefined ? undefined : mssOf(segment)).toBeUndefined();
  expect(withMss(packet, 1000)).toBe(packet);
});
