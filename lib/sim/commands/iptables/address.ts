import { Cidr, Ip, netmask4 } from '../../base/index.ts';
import type { Family } from '../../kernel/index.ts';
import type { MaskedAddress } from '../../kernel/netfilter/index.ts';
import { badParameter } from './refusal.ts';

const maskOf = (family: Family, prefix: number): Ip =>
  family === 4
    ? Ip.fromV4(netmask4(prefix))
    : new Cidr(Ip.fromBytes(new Uint8Array(16).fill(255)), prefix).network().address;

/** `10.1/16`, `10`: missing parts of an IPv4 network are 0. */
function parseHost(text: string, family: Family): Ip | undefined {
  if (family === 6) {
    const ip = Ip.parse(text);
    return ip?.family === 6 ? ip : undefined;
  }
  if (!/^\d{1,3}(\.\d{1,3}){0,3}$/.test(text)) return undefined;
  const parts = text.split('.');
  while (parts.length < 4) parts.push('0');
  return Ip.parse(parts.join('.'));
}

function parseMask(text: string, family: Family): Ip {
  const whole = Ip.parse(text);
  if (whole?.family === family) return whole;
  if (!/^\d+$/.test(text) || Number(text) > (family === 4 ? 32 : 128))
    throw badParameter(`invalid mask \`${text}' specified`);
  return maskOf(family, Number(text));
}

/** xtables_ipparse_any(): one ADDRESS[/MASK]; host bits go. */
export function maskedAddress(text: string, family: Family): MaskedAddress {
  const [host = '', maskText] = text.split('/');
  const mask = maskText === undefined ? maskOf(family, family === 4 ? 32 : 128) : parseMask(maskText, family);
  const address =
    parseHost(host, family) ?? (host === 'localhost' ? Ip.parse(family === 4 ? '127.0.0.1' : '::1') : undefined);
  if (address === undefined) throw badParameter(`host/network \`${host}' not found`);
  return { address: Ip.fromBytes(address.bytes.map((byte, i) => byte & (mask.bytes[i] as number))), mask };
}

/** The prefix length that a mask is, or undefined when its bits are not in a row. */
export function prefixOf({ mask }: MaskedAddress): number | undefined {
  const bits = [...mask.bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

/** `10.0.0.1/32`; `short` leaves the mask of a single host out. */
export function saveAddress(masked: MaskedAddress, short = false): string {
  const prefix = prefixOf(masked);
  if (short && prefix === masked.address.bits) return String(masked.address);
  return `${masked.address}/${prefix ?? masked.mask}`;
}
