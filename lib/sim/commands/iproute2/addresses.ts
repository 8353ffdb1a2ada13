import { Cidr, Ip, type Mac, macFromBytes } from '../../base/index.ts';
import type { Family } from '../../kernel/index.ts';
import { parseUnsigned, Refusal } from './words.ts';

/** A prefix as written; `explicit` tells whether a length stood there. */
export type Prefix = { readonly cidr: Cidr; readonly explicit: boolean };

/** get_prefix(): an address with or without length, or `default`, `any`, `all`; exits when it is none. */
export function prefix(text: string, family: Family | undefined): Prefix {
  const parsed = parsePrefix(text, family);
  if (parsed === undefined)
    throw new Refusal(`Error: ${familyWords(family)} prefix is expected rather than "${text}".\n`, 1);
  return parsed;
}

export function parsePrefix(text: string, family: Family | undefined): Prefix | undefined {
  if (text === 'default' || text === 'any' || text === 'all') {
    return { cidr: new Cidr(family === 6 ? Ip.any6 : Ip.any4, 0), explicit: true };
  }
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash), family);
  if (address === undefined) return undefined;
  if (slash < 0) return { cidr: new Cidr(address, address.bits), explicit: false };
  const length = parseMask(text.slice(slash + 1), address.family);
  return length === undefined ? undefined : { cidr: new Cidr(address, length), explicit: true };
}

/** get_addr() */
export function address(text: string, family: Family | undefined): Ip {
  if (text === 'default' || text === 'any' || text === 'all') return family === 6 ? Ip.any6 : Ip.any4;
  const parsed = parseAddress(text, family);
  if (parsed === undefined)
    throw new Refusal(`Error: ${familyWords(family)} address is expected rather than "${text}".\n`, 1);
  return parsed;
}

/** get_addr_1(): IPv4 may be cut short from the right (`10.244` is 10.244.0.0). */
export function parseAddress(text: string, family: Family | undefined): Ip | undefined {
  if (text.includes(':')) return family === 4 ? undefined : Ip.parse(text);
  if (family === 6) return undefined;
  const parts = text.split('.').map((part) => parseUnsigned(part, 255));
  if (parts.length > 4 || parts.some((part) => part === undefined)) return undefined;
  const bytes = [0, 1, 2, 3].map((i) => parts[i] ?? 0);
  return Ip.fromBytes(Uint8Array.from(bytes));
}

function parseMask(text: string, family: Family): number | undefined {
  const length = parseUnsigned(text, family === 4 ? 32 : 128);
  if (length !== undefined || family === 6) return length;
  const mask = parseAddress(text, 4);
  if (mask === undefined || !text.includes('.')) return undefined;
  const inverted = ~mask.v4 >>> 0;
  return (inverted & (inverted + 1)) === 0 ? 32 - Math.log2(inverted + 1) : undefined;
}

const familyWords = (family: Family | undefined): string =>
  family === undefined ? 'any valid' : family === 4 ? 'inet' : 'inet6';
export const familyName = (family: Family): 'inet' | 'inet6' => (family === 4 ? 'inet' : 'inet6');

/** ll_addr_a2n(): six bytes, or how many there were instead. It reads each part as sscanf("%x") does: `1gg` is 1. */
export function linkAddress(text: string): Mac | { readonly length: number } {
  if (text.includes('.')) {
    if (parseAddress(text, 4) === undefined) throw new Refusal(`"${text}" is invalid lladdr.\n`, 1);
    return { length: 4 };
  }
  const bytes: number[] = [];
  for (const part of text.split(':').slice(0, 32)) {
    const digits = /^\s*(?:0x)?([0-9a-f]+)/i.exec(part)?.[1];
    const byte = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    if (!(byte <= 255)) throw new Refusal(`"${part}" is invalid lladdr.\n`, 1);
    bytes.push(byte);
  }
  return bytes.length === 6 ? macFromBytes(Uint8Array.from(bytes)) : { length: bytes.length };
}
