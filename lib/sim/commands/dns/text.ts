import { DNS_TYPE, type DnsData, type DnsMessage, type DnsQuestion, type DnsRecord } from '../../wire/dns/index.ts';

const NAMES = new Map<number, string>(Object.entries(DNS_TYPE).map(([name, type]) => [type, name]));
const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET'];
const OPERATIONS = ['QUERY', 'IQUERY', 'STATUS', 'RESERVED3', 'NOTIFY', 'UPDATE'];

export const typeName = (type: number): string => NAMES.get(type) ?? `TYPE${type}`;
export const codeName = (rcode: number): string => CODES[rcode] ?? `RESERVED${rcode}`;

/** The number of a type's name; undefined: it is none. */
export function typeOf(text: string): number | undefined {
  const upper = text.toUpperCase();
  const number = /^TYPE(\d{1,5})$/.exec(upper)?.[1];
  return number === undefined ? (DNS_TYPE as Readonly<Record<string, number>>)[upper] : Number(number);
}

export const dotted = (name: string): string => (name === '.' ? '.' : `${name}.`);

/** A record's data as a zone file has it. */
export function dataText(data: DnsData): string {
  switch (data.form) {
    case 'address':
      return String(data.address);
    case 'name':
      return dotted(data.name);
    case 'mx':
      return `${data.preference} ${dotted(data.exchange)}`;
    case 'srv':
      return `${data.priority} ${data.weight} ${data.port} ${dotted(data.target)}`;
    case 'txt':
      return data.texts.map((text) => `"${String.fromCharCode(...text).replace(/["\\]/g, '\\$&')}"`).join(' ');
    case 'soa': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = data;
      return `${dotted(mname)} ${dotted(rname)} ${serial} ${refresh} ${retry} ${expire} ${minimum}`;
    }
    case 'bytes':
      return `\\# ${data.bytes.length} ${[...data.bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
  }
}

/** Tabs, or a blank where there is no room, from one column to another (BIND's masterdump.c). */
function indent(from: number, to: number): string {
  if (to <= from) return ' ';
  const tabs = Math.floor(to / 8) - Math.floor(from / 8);
  return tabs > 0 ? '\t'.repeat(tabs) + ' '.repeat(to % 8) : ' '.repeat(to - from);
}

export function recordLine(record: DnsRecord, ttl: string = String(record.ttl)): string {
  const owner = dotted(record.name);
  const type = typeName(record.type);
  const columns = [owner, ttl, 'IN', type];
  let line = '';
  let at = 0;
  for (const [i, text] of columns.entries()) {
    line += text;
    at += text.length;
    const next = 24 + 8 * i;
    line += indent(at, next);
    at = Math.max(at + 1, next);
  }
  return line + dataText(record.data);
}

/** Behind a semicolon that takes no room. */
export function questionLine({ name, type }: DnsQuestion): string {
  const owner = dotted(name);
  return `;${owner}${indent(owner.length, 32)}IN\t${typeName(type)}`;
}

export function headerLines(m: DnsMessage): string {
  const bits: readonly (readonly [boolean, string])[] = [
    [m.response, 'qr'],
    [m.authoritative, 'aa'],
    [m.truncated, 'tc'],
    [m.recursionDesired, 'rd'],
    [m.recursionAvailable, 'ra'],
    [m.authenticData, 'ad'],
    [m.checkingDisabled, 'cd'],
  ];
  const flags = bits.flatMap(([on, name]) => (on ? [` ${name}`] : [])).join('');
  const counts = `QUERY: ${m.questions.length}, ANSWER: ${m.answers.length}, AUTHORITY: ${m.authorities.length}, ADDITIONAL: ${m.additionals.length}`;
  const warning =
    m.recursionDesired && !m.recursionAvailable ? ';; WARNING: recursion requested but not available\n' : '';
  const status = `opcode: ${OPERATIONS[m.opcode] ?? `RESERVED${m.opcode}`}, status: ${codeName(m.rcode)}, id: ${m.id}`;
  return `;; ->>HEADER<<- ${status}\n;; flags:${flags}; ${counts}\n${warning}`;
}
