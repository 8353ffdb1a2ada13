import { Cidr, Ip } from '../../base/index.ts';
import { CniError } from './error.ts';
import { apart, text } from './json/decode.ts';

/** net.ParseIP: no leading zeros, no zones; an IPv4 address in IPv6's clothes is that IPv4 address. */
export function parseIp(value: string): Ip | undefined {
  if (/(^|\.)0\d/.test(value)) return undefined;
  const ip = Ip.parse(value);
  return ip === undefined ? undefined : unmapped(ip);
}

const MAPPED = [...new Array<number>(10).fill(0), 255, 255];

function unmapped(ip: Ip): Ip {
  const mapped = ip.family === 6 && MAPPED.every((byte, i) => ip.bytes[i] === byte);
  return mapped ? Ip.fromBytes(ip.bytes.slice(12)) : ip;
}

/** net.ParseCIDR, with the address's host bits kept. */
export function parseCidr(value: string): Cidr | undefined {
  const [address = '', length, ...rest] = value.split('/');
  if (length === undefined || rest.length > 0 || !/^\d+$/.test(length)) return undefined;
  const ip = parseIp(address);
  return ip === undefined || Number(length) > ip.bits ? undefined : new Cidr(ip, Number(length));
}

/** types.IPNet and net.IP in a configuration. */
export const ipNet = apart(
  text('string', (value): Cidr => {
    const cidr = parseCidr(value);
    if (cidr === undefined) throw new CniError(`invalid CIDR address: ${value}`);
    return cidr;
  }),
  'types.IPNet',
);

export const ip = text('net.IP', (value): Ip | undefined => {
  if (value === '') return undefined;
  const parsed = parseIp(value);
  if (parsed === undefined) throw new CniError(`invalid IP address: ${value}`);
  return parsed;
});

/** ip.IP: with or without a prefix length, which nobody asks for afterwards. */
export const ipMaybeNet = text('ip.IP', (value): Ip | undefined => {
  if (value === '') return undefined;
  const parsed = value.includes('/') ? parseCidr(value)?.address : parseIp(value);
  if (parsed === undefined) throw new CniError(`invalid IP address ${value}`);
  return parsed;
});

/** Everywhere. */
export const DEFAULT = { 4: new Cidr(Ip.any4, 0), 6: new Cidr(Ip.any6, 0) } as const;

/** The address behind this one. */
export function nextIp(address: Ip): Ip {
  const bytes = address.bytes.slice();
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = ((bytes[i] as number) + 1) & 0xff;
    if (bytes[i] !== 0) break;
  }
  return Ip.fromBytes(bytes);
}

/** The last address of a network that a host can have: in IPv4 the one before the broadcast address. */
export function lastIp(subnet: Cidr): Ip {
  const bytes = subnet.address.bytes.map((byte, i) => byte | hostBits(subnet.prefix, i));
  if (subnet.address.family === 4) bytes[3] = (bytes[3] as number) - 1;
  return Ip.fromBytes(bytes);
}

/** The part of byte `i` that a prefix length leaves to hosts. */
const hostBits = (prefix: number, i: number): number => 0xff >> Math.min(8, Math.max(0, prefix - i * 8));

/** %s, %v and %+v of a net.IPNet: `10.0.0.0/8`, `{10.0.0.0 ff000000}`, `{IP:10.0.0.0 Mask:ff000000}`. */
export const showNet = (net: Cidr | undefined): string => net?.toString() ?? NIL;
export const showIpNet = (net: Cidr | undefined): string => `{${net?.address ?? NIL} ${showMask(net)}}`;
export const showFields = (net: Cidr | undefined): string => `{IP:${net?.address ?? NIL} Mask:${showMask(net)}}`;

const NIL = '<nil>';

/** %#v of a *net.IPNet whose prefix is as long as the address; addresses are kept in 16 bytes. */
export function goSyntax(address: Ip | undefined, bits: number): string {
  const bytes = (values: readonly number[]): string => `{${values.map((byte) => `0x${byte.toString(16)}`).join(', ')}}`;
  const mask = bytes(new Array<number>(bits / 8).fill(255));
  const own = address === undefined ? '(nil)' : bytes([...(address.family === 4 ? MAPPED : []), ...address.bytes]);
  return `&net.IPNet{IP:net.IP${own}, Mask:net.IPMask${mask}}`;
}

const showMask = (net: Cidr | undefined): string =>
  net === undefined
    ? NIL
    : [...net.address.bytes].map((_, i) => (~hostBits(net.prefix, i) & 0xff).toString(16).padStart(2, '0')).join('');

/** net.IP.IsGlobalUnicast: also of private addresses. */
export const isGlobalUnicast = (address: Ip): boolean =>
  !(
    address.isUnspecified ||
    address.isLoopback ||
    address.isMulticast ||
    address.isLinkLocal ||
    address === Ip.broadcast4
  );
