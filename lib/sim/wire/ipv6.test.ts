import { expect, it } from 'vitest';
import { ip, toHex } from '../testing/index.ts';
import { emitIpv6, type Ipv6Packet, ipv6Length, parseIpv6, rawBytes } from './index.ts';

const base: Ipv6Packet = {
  kind: 'ipv6',
  trafficClass: 0xb8,
  flowLabel: 0xabcde,
  hopLimit: 64,
  protocol: 17,
  src: ip('2001:db8::1'),
  dst: ip('2001:db8::2'),
  hopByHop: undefined,
  fragment: undefined,
  payload: rawBytes(Uint8Array.of(1, 2, 3)),
};

it('chains hop-by-hop options and a fragment header before the payload', () => {
  const packet: Ipv6Packet = {
    ...base,
    hopByHop: Uint8Array.of(5, 2, 0, 0, 1, 0),
    fragment: { offset: 1448, more: true, id: 0xdeadbeef },
  };
  const bytes = emitIpv6(packet);
  expect(bytes.length).toBe(ipv6Length(packet));
  expect(toHex(bytes.slice(0, 8))).toBe('6b8abcde00130040');
  expect(toHex(bytes.slice(40))).toBe('2c00050200000100110005a9deadbeef010203');
  expect(parseIpv6(bytes)).toEqual(packet);
});

it('refuses an extension header that overruns the packet', () => {
  const bytes = emitIpv6({ ...base, hopByHop: Uint8Array.of(1, 4, 0, 0, 0, 0) });
  bytes[41] = 9;
  expect(parseIpv6(bytes)).toBeUndefined();
});

it('carries UDP with its obligatory checksum', () => {
  const packet: Ipv6Packet = {
    ...base,
    payload: { kind: 'udp', srcPort: 53, dstPort: 4000, data: Uint8Array.of(0xca, 0xfe) },
  };
  expect(parseIpv6(emitIpv6(packet))).toEqual(packet);
});
