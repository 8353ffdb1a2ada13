import { Ip } from '../../base/index.ts';
import { DNS_TYPE } from '../../wire/dns/index.ts';
import type { Query } from '../dns/ask.ts';
import { typeOf } from '../dns/text.ts';
import { reverseName } from '../socket/dns-names.ts';

/** Which parts of an answer are printed. */
export type Show = {
  cmd: boolean;
  comments: boolean;
  question: boolean;
  answer: boolean;
  authority: boolean;
  additional: boolean;
  stats: boolean;
  short: boolean;
  ttlUnits: boolean;
};

export type Lookup = {
  name: string;
  /** undefined: those of /etc/resolv.conf. */
  server: string | undefined;
  family: 4 | 6 | undefined;
  search: boolean;
  query: Query;
  show: Show;
};

/** An option that dig does not know; one that it knows and that is not here. */
export class Invalid {
  constructor(readonly what: string) {}
}
export class NotHere {
  constructor(readonly what: string) {}
}

const ALL: Show = {
  cmd: true,
  comments: true,
  question: true,
  answer: true,
  authority: true,
  additional: true,
  stats: true,
  short: false,
  ttlUnits: false,
};

const START: Lookup = {
  name: '.',
  server: undefined,
  family: undefined,
  search: false,
  query: {
    name: '.',
    type: DNS_TYPE.A,
    port: 53,
    tcp: false,
    tries: 3,
    timeout: 5,
    recurse: true,
    authentic: true,
    edns: { size: 1232, dnssec: false, cookie: true },
    ignoreTruncation: false,
  },
  show: ALL,
};

/** What dig is to look up: options before the first name hold for all, those behind a name for that one. */
export function readLookups(args: readonly string[]): Lookup[] {
  let common = START;
  const lookups: Lookup[] = [];
  let rest = [...args];
  const current = (): Lookup => lookups.at(-1) ?? common;
  const change = (changes: Partial<Lookup>): void => {
    if (lookups.length === 0) common = { ...common, ...changes };
    else lookups[lookups.length - 1] = { ...current(), ...changes };
  };
  const begin = (name: string, type?: number): void => {
    const query = { ...common.query, ...(type !== undefined && { type }) };
    lookups.push({ ...common, name: name === '.' ? name : name.replace(/\.$/, ''), query });
  };
  while (rest.length > 0) {
    const word = rest.shift() as string;
    if (word.startsWith('@')) change({ server: word.slice(1) });
    else if (word.startsWith('+')) change(plusOption(current(), word));
    else if (word.startsWith('-') && word !== '-') {
      const letter = word[1] as string;
      if (letter === '4' || letter === '6') {
        change({ family: letter === '4' ? 4 : 6 });
        continue;
      }
      if ('bfkymuirh'.includes(letter)) throw new NotHere(`-${letter}`);
      if (!'pqtcx'.includes(letter)) throw new Invalid(word);
      const value = word.length > 2 ? word.slice(2) : rest.shift();
      if (value === undefined) throw new Invalid(word);
      if (letter === 'q') begin(value);
      else if (letter === 'x') begin(reverseOf(value), DNS_TYPE.PTR);
      else if (letter === 'p') change({ query: { ...current().query, port: Number(value) } });
      else if (letter === 't') change({ query: { ...current().query, type: namedType(value) } });
      rest = [...rest];
    } else if (typeOf(word) !== undefined && word !== '.') {
      change({ query: { ...current().query, type: namedType(word) } });
    } else if (word.toUpperCase() !== 'IN') begin(word);
  }
  if (lookups.length === 0) {
    const type = args.length === 0 ? DNS_TYPE.NS : common.query.type;
    return [{ ...common, query: { ...common.query, type } }];
  }
  // These two hold for the whole run, wherever they stand.
  const { short, cmd } = current().show;
  return lookups.map((lookup) => ({ ...lookup, show: { ...lookup.show, short, cmd } }));
}

const NOT_HERE_TYPES = ['AXFR', 'IXFR'];

function namedType(text: string): number {
  if (NOT_HERE_TYPES.some((type) => text.toUpperCase().startsWith(type))) throw new NotHere(text);
  const type = typeOf(text);
  if (type === undefined) throw new NotHere(`type ${text}`);
  return type;
}

/** The name below which an address has its name; what is none is taken apart at its dots all the same. */
export function reverseOf(text: string): string {
  const address = Ip.parse(text);
  return address === undefined ? `${text.split('.').reverse().join('.')}.in-addr.arpa` : reverseName(address);
}

const PARTS: Readonly<Record<string, keyof Show>> = {
  cmd: 'cmd',
  comments: 'comments',
  question: 'question',
  answer: 'answer',
  authority: 'authority',
  additional: 'additional',
  stats: 'stats',
  short: 'short',
  ttlunits: 'ttlUnits',
};

/** What dig 9.18 has besides. */
const OTHERS =
  'aaflag aaonly adflag adflag badcookie besteffort cdflag class crypto defname dns64prefix do domain ednsflags ednsnegotiation ednsopt expandaaaa expire fail header-only http https http-plain identify idn idnin idnout keepalive keepopen mapped multiline ndots nsid nssearch onesoa opcode padding proxy qid qr raflag rdflag recurse rrcomments sigchase split subnet tcflag tls tls-ca topdown trace trusted-key ttlid unexpected unknownformat yaml zflag'.split(
    ' ',
  );

function plusOption(lookup: Lookup, word: string): Partial<Lookup> {
  const [name = '', value] = word.slice(1).split('=');
  const off = name.startsWith('no') && name !== 'norec';
  const key = off ? name.slice(2) : name;
  const { query, show } = lookup;
  const part = PARTS[key];
  if (part !== undefined) return { show: { ...show, [part]: !off } };
  switch (key) {
    case 'all':
      return { show: { ...show, ...(off ? NOTHING : ALL), short: show.short } };
    case 'tcp':
    case 'vc':
      return { query: { ...query, tcp: !off } };
    case 'time':
    case 'timeout':
      return { query: { ...query, timeout: Math.max(1, Number(value) || 5) } };
    case 'tries':
      return { query: { ...query, tries: Math.max(1, Number(value) || 3) } };
    case 'retry':
      return { query: { ...query, tries: (Number(value) || 0) + 1 } };
    case 'rec':
    case 'recurse':
      return { query: { ...query, recurse: !off } };
    case 'search':
      return { search: !off };
    case 'edns':
      return {
        query: { ...query, edns: off ? undefined : (query.edns ?? { size: 1232, dnssec: false, cookie: false }) },
      };
    case 'dnssec':
    case 'do':
      return { query: { ...query, edns: { size: 1232, cookie: true, ...query.edns, dnssec: !off } } };
    case 'bufsize':
      return { query: { ...query, edns: { dnssec: false, cookie: true, ...query.edns, size: Number(value) || 1232 } } };
    case 'cookie':
      return { query: { ...query, edns: { size: 1232, dnssec: false, ...query.edns, cookie: !off } } };
    case 'ignore':
      return { query: { ...query, ignoreTruncation: !off } };
    case 'adflag':
      return { query: { ...query, authentic: !off } };
    default:
      if (OTHERS.includes(key)) throw new NotHere(word);
      throw new Invalid(word);
  }
}

const NOTHING: Partial<Show> = {
  cmd: false,
  comments: false,
  question: false,
  answer: false,
  authority: false,
  additional: false,
  stats: false,
};
