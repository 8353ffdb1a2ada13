import { Ip } from '../../base/index.ts';
import { get16, get32 } from '../index.ts';
import { type NameWriter, parseName } from './name.ts';

/** Types of records (RFC 1035 section 3.2.2, RFC 3596, RFC 2782, RFC 6891). */
export const DNS_TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  ANY: 255,
} as const;

export const DNS_CLASS_IN = 1;

export type DnsRecord = {
  readonly name: string;
  readonly type: number;
  /** Of OPT: the sender's largest UDP payload. */
  readonly class: number;
  /** Seconds; of OPT: extended rcode, version and flags. */
  readonly ttl: number;
  readonly data: DnsData;
};

/** What a record says, by the form that its type has. */
export type DnsData =
  | { readonly form: 'address'; readonly address: Ip }
  /** NS, CNAME, PTR */
  | { readonly form: 'name'; readonly name: string }
  | { readonly form: 'mx'; readonly preference: number; readonly exchange: string }
  | { readonly form: 'txt'; readonly texts: readonly Uint8Array[] }
  | {
      readonly form: 'srv';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | {
      readonly form: 'soa';
      readonly mname: string;
      readonly rname: string;
      readonly serial: number;
      readonly refresh: number;
      readonly retry: number;
      readonly expire: number;
      readonly minimum: number;
    }
  | { readonly form: 'bytes'; readonly bytes: Uint8Array };

/** undefined: the data does not fit its type. */
export function parseData(b: Uint8Array, type: number, at: number, length: number): DnsData | undefined {
  const end = at + length;
  if (end > b.length) return undefined;
  switch (type) {
    case DNS_TYPE.A:
      return length === 4 ? { form: 'address', address: Ip.fromBytes(b.slice(at, end)) } : undefined;
    case DNS_TYPE.AAAA:
      return length === 16 ? { form: 'address', address: Ip.fromBytes(b.slice(at, end)) } : undefined;
    case DNS_TYPE.NS:
    case DNS_TYPE.CNAME:
    case DNS_TYPE.PTR: {
      const found = parseName(b, at);
      return found === undefined ? undefined : { form: 'name', name: found.name };
    }
    case DNS_TYPE.MX: {
      const exchange = parseName(b, at + 2);
      return exchange && { form: 'mx', preference: get16(b, at), exchange: exchange.name };
    }
    case DNS_TYPE.TXT:
      return parseTexts(b, at, end);
    case DNS_TYPE.SRV: {
      const target = parseName(b, at + 6);
      const [priority, weight, port] = [get16(b, at), get16(b, at + 2), get16(b, at + 4)];
      return target && { form: 'srv', priority, weight, port, target: target.name };
    }
    case DNS_TYPE.SOA:
      return parseSoa(b, at, end);
    default:
      return { form: 'bytes', bytes: b.slice(at, end) };
  }
}

function parseTexts(b: Uint8Array, at: number, end: number): DnsData | undefined {
  const texts: Uint8Array[] = [];
  for (let i = at; i < end; ) {
    const size = b[i] as number;
    if (i + 1 + size > end) return undefined;
    texts.push(b.slice(i + 1, i + 1 + size));
    i += 1 + size;
  }
  return { form: 'txt', texts };
}

function parseSoa(b: Uint8Array, at: number, end: number): DnsData | undefined {
  const mname = parseName(b, at);
  const rname = mname && parseName(b, mname.next);
  if (mname === undefined || rname === undefined || rname.next + 20 > end) return undefined;
  const [serial, refresh, retry, expire, minimum] = [0, 4, 8, 12, 16].map((offset) =>
    get32(b, rname.next + offset),
  ) as [number, number, number, number, number];
  return { form: 'soa', mname: mname.name, rname: rname.name, serial, refresh, retry, expire, minimum };
}

const word16 = (value: number): number[] => [value >> 8, value & 0xff];
const word32 = (value: number): number[] => [...word16(value >>> 16), ...word16(value & 0xffff)];

/** `at`: where in the message the data will stand. Names in records of old types are compressed (RFC 3597 section 4). */
export function emitData(data: DnsData, names: NameWriter, at: number): number[] {
  switch (data.form) {
    case 'address':
      return [...data.address.bytes];
    case 'name':
      return names.emit(data.name, at);
    case 'mx':
      return [...word16(data.preference), ...names.emit(data.exchange, at + 2)];
    case 'txt':
      return data.texts.flatMap((text) => [text.length, ...text]);
    case 'srv': {
      const head = [data.priority, data.weight, data.port].flatMap(word16);
      return [...head, ...names.emit(data.target, at + 6, false)];
    }
    case 'soa': {
      const mname = names.emit(data.mname, at);
      const rname = names.emit(data.rname, at + mname.length);
      const numbers = [data.serial, data.refresh, data.retry, data.expire, data.minimum].flatMap(word32);
      return [...mname, ...rname, ...numbers];
    }
    case 'bytes':
      return [...data.bytes];
  }
}
