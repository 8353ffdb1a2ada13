import { describe, expect, it } from 'vitest';
import { parsePcap, pcapFile } from './pcap-file.ts';

const packets = [
  { at: 1_700_000_000_123_456, bytes: Uint8Array.of(1, 2, 3), wireLength: 3 },
  { at: 1_700_000_001_000_001, bytes: Uint8Array.of(4, 5), wireLength: 900 },
];

describe('a capture file', () => {
  it('is read as it was written, with what was cut off', () => {
    const file = pcapFile('EN10MB', 262_144, packets);
    expect(file.length).toBe(24 + 16 + 3 + 16 + 2);
    expect(parsePcap(file)).toEqual({ ok: true, linkType: 'EN10MB', snapshotLength: 262_144, packets });
  });

  it('is read in the other byte order, and with nanoseconds', () => {
    const file = pcapFile('LINUX_SLL2', 100, packets.slice(0, 1));
    const swapped = file.slice();
    for (const [at, size] of [
      [0, 4],
      [4, 2],
      [6, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 4],
      [32, 4],
      [36, 4],
    ] as const) {
      swapped.set(file.slice(at, at + size).reverse(), at);
    }
    expect(parsePcap(swapped)).toEqual(parsePcap(file));
    const nanoseconds = file.slice();
    nanoseconds.set([0x4d, 0x3c, 0xb2, 0xa1]);
    new DataView(nanoseconds.buffer).setUint32(28, 123_456_789, true);
    expect(parsePcap(nanoseconds)).toMatchObject({ ok: true, packets: [{ at: 1_700_000_000_123_456 }] });
  });

  it('that is cut short gives what is whole, and says so', () => {
    const cut = parsePcap(pcapFile('EN10MB', 100, packets).slice(0, -1));
    expect(cut).toMatchObject({
      ok: true,
      packets: [packets[0]],
      truncated: expect.stringContaining('truncated dump file'),
    });
  });

  it('of another kind is refused in libpcap’s words', () => {
    expect(parsePcap(Uint8Array.of(1, 2))).toEqual({
      ok: false,
      error: 'truncated dump file; tried to read 4 file header bytes, only got 2',
    });
    expect(parsePcap(new Uint8Array(100))).toEqual({ ok: false, error: 'unknown file format' });
    expect(parsePcap(Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a))).toMatchObject({ ok: false, unsupported: true });
  });
});
