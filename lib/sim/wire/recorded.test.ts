import { describe, expect, it } from 'vitest';
import { Ip } from '../base/index.ts';
import { fromHex, toHex } from '../testing/index.ts';
import {
  describeEthernet,
  ETHERNET_HEADER,
  type EthernetFrame,
  emitEthernet,
  parseEthernet,
  payloadLength,
} from './index.ts';

/** Frames that Linux 6.18 sent over a veth pair, and what each is. */
const RECORDED: readonly (readonly [string, string])[] = [
  [
    'ARP who has 10.0.0.2? tell 10.0.0.1',
    'ffffffffffff020000000001080600010800060400010200000000010a0000010000000000000a000002',
  ],
  [
    'ARP 10.0.0.2 is at 02:00:00:00:00:02',
    '020000000001020000000002080600010800060400020200000000020a0000020200000000010a000001',
  ],
  [
    '10.0.0.1 > 10.0.0.2: ICMP echo request id 53744 seq 1',
    '020000000002020000000001080045000030093c400040011d8f0a0000010a000002080084d7d1f0000179ba026b00000000d1c5080000000000a5a5a5a5',
  ],
  [
    '10.0.0.2 > 10.0.0.1: ICMP echo reply id 53744 seq 1',
    '02000000000102000000000208004500003023a80000400143230a0000020a00000100008cd7d1f0000179ba026b00000000d1c5080000000000a5a5a5a5',
  ],
  [
    '10.0.0.1 > 10.0.0.2: protocol 1 length 128 fragment 1480',
    `020000000002020000000001080045000094093d00b940015c710a0000010a000002${'00'.repeat(128)}`,
  ],
  [
    '10.0.0.1 > 10.0.0.2: UDP 47959 > 9999 length 5',
    '0200000000020200000000010800450000219f8b40004011873e0a0000010a000002bb57270f000d142168656c6c6f',
  ],
  [
    '10.0.0.2 > 10.0.0.1: ICMP port unreachable',
    '020000000001020000000002080045c0003d24320000400141cc0a0000020a0000010303c29500000000450000219f8b40004011873e0a0000010a000002bb57270f000d142168656c6c6f',
  ],
  [
    ':: > ff02::16: ICMPv6 listener report for ff02::1:ff00:1',
    '33330000001602000000000186dd600000000024000100000000000000000000000000000000ff0200000000000000000000000000163a000502000001008f006f890000000104000000ff0200000000000000000001ff000001',
  ],
  [
    ':: > ff02::1:ff00:1: ICMPv6 who has fe80::ff:fe00:1?',
    '3333ff00000102000000000186dd6000000000203aff00000000000000000000000000000000ff0200000000000000000001ff0000018700708a00000000fe80000000000000000000fffe0000010e012801fd62d92d',
  ],
  [
    'fe80::ff:fe00:1 > ff02::2: ICMPv6 router solicitation',
    '33330000000202000000000186dd6000000000103afffe80000000000000000000fffe000001ff02000000000000000000000000000285007b2c000000000101020000000001',
  ],
  [
    'fe80::ff:fe00:2 > fe80::ff:fe00:1: ICMPv6 fe80::ff:fe00:2 is at 02:00:00:00:00:02',
    '02000000000102000000000286dd6000000000203afffe80000000000000000000fffe000002fe80000000000000000000fffe00000188001b1a60000000fe80000000000000000000fffe0000020201020000000002',
  ],
  [
    'fe80::ff:fe00:1 > fe80::ff:fe00:2: ICMPv6 echo request id 53746 seq 1',
    '02000000000202000000000186dd6002227300403a40fe80000000000000000000fffe000001fe80000000000000000000fffe00000280002a9cd1f2000179ba026b0000000044f8080000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637',
  ],
];

const parse = (hex: string): EthernetFrame => {
  const frame = parseEthernet(fromHex(hex));
  if (frame === undefined) throw new Error('does not parse');
  return frame;
};

describe('frames recorded from Linux', () => {
  it.each(RECORDED)('%s', (meaning, hex) => {
    const frame = parse(hex);
    expect(describeEthernet(frame)).toContain(meaning);
    expect(toHex(emitEthernet(frame))).toBe(hex);
    expect(payloadLength(frame.payload) + ETHERNET_HEADER).toBe(hex.length / 2);
  });

  it('finds the checksums right, but for what the sender left to its network card', () => {
    const wrong = RECORDED.filter(([, hex]) => JSON.stringify(parse(hex)).includes('badChecksum'));
    expect(wrong.map(([meaning]) => meaning)).toEqual(['10.0.0.1 > 10.0.0.2: UDP 47959 > 9999 length 5']);
  });

  it('keeps a wrong checksum, and gives the same bytes back', () => {
    const [, hex] = RECORDED[2] as readonly [string, string];
    const broken = `${hex.slice(0, 48)}beef${hex.slice(52, -2)}00`;
    const frame = parse(broken);
    if (frame.payload.kind !== 'ipv4' || frame.payload.payload.kind !== 'icmp') throw new Error('not ICMP');
    expect(frame.payload.badChecksum).toBe(0xbeef);
    expect(frame.payload.payload.badChecksum).toBe(0x84d7);
    expect(toHex(emitEthernet(frame))).toBe(broken);
  });

  it('computes the checksum anew for a packet that was changed', () => {
    const [, request] = RECORDED[2] as readonly [string, string];
    const [, reply] = RECORDED[3] as readonly [string, string];
    const frame = parse(request);
    if (frame.payload.kind !== 'ipv4' || frame.payload.payload.kind !== 'icmp') throw new Error('not ICMP');
    const { src, dst, payload } = frame.payload;
    const answer = {
      dst: frame.src,
      src: frame.dst,
      payload: { ...frame.payload, id: 0x23a8, df: false, src: dst, dst: src, payload: { ...payload, type: 0 } },
    } as EthernetFrame;
    expect(toHex(emitEthernet(answer))).toBe(reply);
  });
});

describe('frames that are not right', () => {
  it('takes every truncation without a complaint louder than "unknown"', () => {
    for (const [, hex] of RECORDED) {
      const bytes = fromHex(hex);
      for (let length = 0; length < bytes.length; length++) {
        const frame = parseEthernet(bytes.slice(0, length));
        if (frame === undefined) expect(length).toBeLessThan(ETHERNET_HEADER);
        else expect(emitEthernet(frame).length).toBe(length);
      }
    }
  });

  it('reads a header that claims more than there is as unknown', () => {
    const bytes = fromHex((RECORDED[2] as readonly [string, string])[1]);
    bytes[16] = 0xff;
    expect(parseEthernet(bytes)?.payload.kind).toBe('unknown');
  });
});

describe('addresses in packets', () => {
  it('are the same objects as parsed ones', () => {
    const frame = parse((RECORDED[2] as readonly [string, string])[1]);
    expect(frame.payload.kind === 'ipv4' && frame.payload.src === Ip.parse('10.0.0.1')).toBe(true);
  });
});
