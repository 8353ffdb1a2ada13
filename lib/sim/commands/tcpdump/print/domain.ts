import {
  DNS_CLASS_IN,
  DNS_TYPE,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  parseDns,
} from '../../../wire/dns/index.ts';
import type { Dissection } from './dissection.ts';

const PORT = 53;

export const isDomain = (source: number, destination: number): boolean => source === PORT || destination === PORT;

const OPERATIONS = ['', ' inv_q', ' stat', ' op3', ' notify', ' update'];
const CODES = ['', ' FormErr', ' ServFail', ' NXDomain', ' NotImp', ' Refused', ' YXDomain', ' YXRRSet', ' NXRRSet'];
const NAMES = new Map<number, string>(Object.entries(DNS_TYPE).map(([name, type]) => [type, name]));

/** domain_print() of print-domain.c: questions and answers, and with -vv what else the message holds. */
export function printDomain(d: Dissection, at: number, length: number): void {
  d.protocol = 'domain';
  const message = parseDns(d.slice(at, d.available(at, length)));
  if (message === undefined) return d.truncated();
  d.print(message.response ? response(message, d.options.verbose) : request(message, d.options.verbose));
  d.print(` (${length})`);
}

function request(m: DnsMessage, verbose: number): string {
  const flags = `${m.recursionDesired ? '+' : ''}${m.checkingDisabled ? '%' : ''}`;
  const counts = [
    m.questions.length === 1 ? '' : ` [${m.questions.length}q]`,
    m.answers.length === 0 ? '' : ` [${m.answers.length}a]`,
    m.authorities.length === 0 ? '' : ` [${m.authorities.length}n]`,
    m.additionals.length === 0 ? '' : ` [${m.additionals.length}au]`,
  ];
  const asked = m.questions.map((entry) => question(entry)).join('');
  const more = verbose > 1 ? sections(m, verbose) : '';
  return `${m.id}${OPERATIONS[m.opcode] ?? ''}${flags}${counts.join('')}${asked}${more}`;
}

function response(m: DnsMessage, verbose: number): string {
  const flags = `${m.authoritative ? '*' : ''}${m.recursionAvailable ? '' : '-'}${m.truncated ? '|' : ''}${m.authenticData ? '$' : ''}`;
  const questions = m.questions.length === 1 ? '' : ` [${m.questions.length}q]`;
  const asked = verbose > 1 ? ` q:${m.questions.map((entry) => question(entry)).join(',')}` : '';
  const counts = ` ${m.answers.length}/${m.authorities.length}/${m.additionals.length}`;
  const answers = m.answers.map((entry) => record(entry, verbose)).join(',');
  const more = verbose > 1 ? sections(m, verbose) : '';
  return `${m.id}${OPERATIONS[m.opcode] ?? ''}${CODES[m.rcode] ?? ` Resp${m.rcode}`}${flags}${questions}${asked}${counts}${answers}${more}`;
}

function sections(m: DnsMessage, verbose: number): string {
  const list = (name: string, records: readonly DnsRecord[]) =>
    records.length === 0 ? '' : ` ${name}:${records.map((entry) => record(entry, verbose)).join(',')}`;
  return list('ns', m.authorities) + list('ar', m.additionals);
}

const dotted = (name: string): string => (name === '.' ? '.' : `${name}.`);
const typeName = (type: number): string => NAMES.get(type) ?? `Type${type}`;
const className = (code: number): string => (code === DNS_CLASS_IN ? '' : ` (Class ${code})`);

const question = ({ name, type, class: code }: DnsQuestion): string =>
  ` ${typeName(type)}?${className(code)} ${dotted(name)}`;

function record({ name, type, class: code, ttl, data }: DnsRecord, verbose: number): string {
  const owner = verbose > 1 ? ` ${dotted(name)}` : '';
  if (type === DNS_TYPE.OPT) return `${owner} OPT UDPsize=${code}${(ttl & 0x8000) === 0 ? '' : ' DO'}`;
  const lifetime = verbose > 1 ? ` [${duration(ttl)}]` : '';
  return `${owner}${className(code)}${lifetime} ${typeName(type)}${dataText(data, verbose)}`;
}

function dataText(data: DnsRecord['data'], verbose: number): string {
  switch (data.form) {
    case 'address':
      return ` ${data.address}`;
    case 'name':
      return ` ${dotted(data.name)}`;
    case 'mx':
      return ` ${dotted(data.exchange)} ${data.preference}`;
    case 'srv':
      return ` ${dotted(data.target)}:${data.port} ${data.priority} ${data.weight}`;
    case 'txt':
      return data.texts.map((text) => ` "${String.fromCharCode(...text)}"`).join('');
    case 'soa': {
      const { serial, refresh, retry, expire, minimum } = data;
      const numbers = verbose > 0 ? ` ${serial} ${refresh} ${retry} ${expire} ${minimum}` : '';
      return verbose > 0 ? ` ${dotted(data.mname)} ${dotted(data.rname)}${numbers}` : '';
    }
    default:
      return '';
  }
}

/** unsigned_relts_print(): `1d2h3m4s` without what is zero. */
function duration(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [604_800, 'w'],
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ];
  let rest = seconds;
  let text = '';
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
