import { Ip, type Mac, macBytes, macFromBytes } from '../../base/index.ts';

const of = (text: string): Ip => Ip.parse(text) as Ip;

/** Well-known addresses (RFC 4291). */
export const ALL_NODES = of('ff02::1');
export const ALL_ROUTERS = of('ff02::2');
export const ALL_MLDV2_ROUTERS = of('ff02::16');
export const LOOPBACK6 = of('::1');
export const MULTICAST_PREFIX = of('ff00::');

const SOLICITED_NODE = of('ff02::1:ff00:0');

/** ff02::1:ffXX:XXXX, where the owner of an address listens. */
export function solicitedNode(address: Ip): Ip {
  const bytes = SOLICITED_NODE.bytes.slice();
  bytes.set(address.bytes.subarray(13), 13);
  return Ip.fromBytes(bytes);
}

/** 33:33 and the last four bytes of the group (RFC 2464 section 7). */
export const groupMac = (group: Ip): Mac => macFromBytes(Uint8Array.of(0x33, 0x33, ...group.bytes.subarray(12)));

/** fe80:: with the modified EUI-64 of a MAC address (RFC 4291 appendix A). */
export function linkLocalOf(mac: Mac): Ip {
  const b = macBytes(mac) as [number, number, number, number, number, number];
  return Ip.fromBytes(Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, b[0] ^ 2, b[1], b[2], 0xff, 0xfe, b[3], b[4], b[5]));
}

/** The scope of an address as RFC 4007 numbers it: 1 node, 2 link, 5 site, 14 global. */
export function scopeOf(address: Ip): number {
  if (address.isMulticast) return (address.bytes[1] as number) & 15;
  if (address === LOOPBACK6) return 1;
  if (address.isLinkLocal) return 2;
  return address.bytes[0] === 0xfe && ((address.bytes[1] as number) & 0xc0) === 0xc0 ? 5 : 14;
}

/** Length of the common prefix of two addresses, in bits. */
export function commonBits(a: Ip, b: Ip): number {
  for (let i = 0; i < 16; i++) {
    const difference = (a.bytes[i] as number) ^ (b.bytes[i] as number);
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
  }
  return 128;
}

/** Host bits cleared. */
export function maskAddress(address: Ip, prefix: number): Ip {
  if (prefix >= 128) return address;
  const bytes = address.bytes.map((byte, i) => byte & ((0xff00 >> Math.min(8, Math.max(0, prefix - i * 8))) & 0xff));
  return Ip.fromBytes(bytes);
}
