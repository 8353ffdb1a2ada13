import { Ip } from '../../../base/index.ts';
import { FilterError, SYNTAX_ERROR } from './errors.ts';

/** A token of the filter language (pcap-filter(7)). Keywords and punctuation carry their own text as `kind`. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name' | 'ipv4' | 'ipv6' | 'mac'; readonly text: string }
  | { readonly kind: 'keyword'; readonly text: Keyword }
  | { readonly kind: 'punctuation'; readonly text: string }
  | { readonly kind: 'end' };

/** Words that name a protocol, and may stand in front of host, port, proto … */
const PROTOCOL_WORDS = [
  ...['ether', 'ip', 'ip6', 'arp', 'rarp', 'tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'igmp', 'igrp', 'pim'],
  ...['vrrp', 'carp', 'ah', 'esp', 'stp', 'ipx', 'atalk', 'aarp', 'decnet', 'lat', 'sca', 'moprc', 'mopdl'],
  ...['iso', 'esis', 'isis', 'clnp', 'netbeui', 'radio'],
] as const;
export const PROTOCOLS: ReadonlySet<string> = new Set(PROTOCOL_WORDS);

const KEYWORDS = [
  ...['dst', 'src', 'host', 'net', 'mask', 'port', 'portrange', 'proto', 'protochain', 'gateway'],
  ...['less', 'greater', 'byte', 'broadcast', 'multicast', 'and', 'or', 'not', 'len'],
  ...['inbound', 'outbound', 'ifindex', 'vlan', 'mpls', 'pppoed', 'pppoes', 'geneve', 'ifname'],
  ...PROTOCOL_WORDS,
  ...['llc', 'type', 'subtype', 'direction'],
] as const;
export type Keyword = (typeof KEYWORDS)[number];

const SYNONYMS: Readonly<Record<string, Keyword>> = {
  link: 'ether',
  fddi: 'ether',
  tr: 'ether',
  wlan: 'ether',
  ppp: 'ether',
  slip: 'ether',
  length: 'len',
  on: 'ifname',
  dir: 'direction',
  'es-is': 'esis',
  'is-is': 'isis',
};

/** Names for offsets and values, as in `icmp[icmptype] == icmp-echo` and `tcp[tcpflags] & tcp-syn != 0`. */
const CONSTANTS: Readonly<Record<string, number>> = {
  icmptype: 0,
  icmpcode: 1,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-sourcequench': 4,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-routeradvert': 9,
  'icmp-routersolicit': 10,
  'icmp-timxceed': 11,
  'icmp-paramprob': 12,
  'icmp-tstamp': 13,
  'icmp-tstampreply': 14,
  'icmp-ireq': 15,
  'icmp-ireqreply': 16,
  'icmp-maskreq': 17,
  'icmp-maskreply': 18,
  icmp6type: 0,
  icmp6code: 1,
  'icmp6-destinationunreach': 1,
  'icmp6-packettoobig': 2,
  'icmp6-timeexceeded': 3,
  'icmp6-parameterproblem': 4,
  'icmp6-echo': 128,
  'icmp6-echoreply': 129,
  'icmp6-multicastlistenerquery': 130,
  'icmp6-multicastlistenerreportv1': 131,
  'icmp6-multicastlistenerdone': 132,
  'icmp6-routersolicit': 133,
  'icmp6-routeradvert': 134,
  'icmp6-neighborsolicit': 135,
  'icmp6-neighboradvert': 136,
  'icmp6-redirect': 137,
  'icmp6-multicastlistenerreportv2': 143,
  tcpflags: 13,
  'tcp-fin': 0x01,
  'tcp-syn': 0x02,
  'tcp-rst': 0x04,
  'tcp-push': 0x08,
  'tcp-ack': 0x10,
  'tcp-urg': 0x20,
  'tcp-ece': 0x40,
  'tcp-cwr': 0x80,
};

const WORD: ReadonlyMap<string, Keyword> = new Map([
  ...KEYWORDS.map((keyword): [string, Keyword] => [keyword, keyword]),
  ...Object.entries(SYNONYMS),
]);

type Match = { readonly length: number; readonly token: Token };
type Lexeme = { readonly pattern: RegExp; readonly token: (text: string) => Token | undefined };

/** As flex does: the longest match wins, of equals the first of this list. */
const LEXEMES: readonly Lexeme[] = [
  { pattern: /[+\-*/%:[\]!<>()&|^=]/y, token: (text) => punctuation(text) },
  { pattern: />=|<=|!=|==|<<|>>|&&|\|\|/y, token: (text) => punctuation(text) },
  { pattern: /[A-Za-z][-_.A-Za-z0-9]*/y, token: (text) => wordToken(text) },
  {
    pattern: /(?:[0-9a-f]{1,2}([:.-]))(?:[0-9a-f]{1,2}\1){4}[0-9a-f]{1,2}/iy,
    token: (text) => ({ kind: 'mac', text }),
  },
  { pattern: /[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|[0-9a-f]{12}/iy, token: (text) => ({ kind: 'mac', text }) },
  { pattern: /0x[0-9a-f]+|\d+/iy, token: (text) => ({ kind: 'number', value: parseNumber(text) }) },
  { pattern: /\d+(?:\.\d+){1,3}/y, token: (text) => ({ kind: 'ipv4', text }) },
  {
    pattern: /[0-9a-f]*:[0-9a-f:]*(?:\d+(?:\.\d+){3})?/iy,
    token: (text) => (Ip.parse(text)?.family === 6 ? { kind: 'ipv6', text } : undefined),
  },
  {
    pattern: /[0-9a-f]{1,2}:+(?:[0-9a-f]{1,2}:+)+/iy,
    token: (text) => {
      throw new FilterError(`bogus ethernet address ${text}`);
    },
  },
  { pattern: /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y, token: (text) => ({ kind: 'name', text }) },
  { pattern: /\\[^ !()\n\t]+/y, token: (text) => ({ kind: 'name', text: text.slice(1) }) },
];

const punctuation = (text: string): Token => {
  const same: Readonly<Record<string, Keyword | undefined>> = { '&&': 'and', '||': 'or', '!': 'not' };
  const keyword = same[text];
  if (keyword !== undefined) return { kind: 'keyword', text: keyword };
  return { kind: 'punctuation', text: text === '==' ? '=' : text };
};

function wordToken(text: string): Token | undefined {
  const keyword = WORD.get(text);
  if (keyword !== undefined) return { kind: 'keyword', text: keyword };
  const value = CONSTANTS[text];
  return value === undefined ? undefined : { kind: 'number', value };
}

/** Decimal, octal after a leading 0, hexadecimal after 0x (stou() of libpcap's scanner.l). */
function parseNumber(text: string): number {
  if (/^0x/i.test(text)) return Number.parseInt(text, 16) >>> 0;
  if (!text.startsWith('0')) return Number(text) >>> 0;
  if (/[89]/.test(text)) throw new FilterError(`number ${text} contains non-octal digit`);
  return Number.parseInt(text, 8) >>> 0;
}

/**
 * Tokens are read one at a time, as the parser asks for them, because an error of meaning in the first half of an
 * expression is reported before an error of spelling in its second half.
 */
export function readToken(text: string, from: number): { readonly token: Token; readonly next: number } {
  let start = from;
  while (/[ \r\n\t]/.test(text[start] ?? '')) start++;
  if (start >= text.length) return { token: { kind: 'end' }, next: start };
  let best: Match | undefined;
  for (const { pattern, token } of LEXEMES) {
    pattern.lastIndex = start;
    const length = pattern.exec(text)?.[0].length ?? 0;
    if (length <= (best?.length ?? 0)) continue;
    const made = token(text.slice(start, start + length));
    if (made !== undefined) best = { length, token: made };
  }
  if (best === undefined) throw new FilterError(SYNTAX_ERROR);
  return { token: best.token, next: start + best.length };
}
