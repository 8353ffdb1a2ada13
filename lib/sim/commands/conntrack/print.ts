import type { Direction } from '../../kernel/index.ts';
import type { ConntrackEntry, Tuple } from '../../kernel/netfilter/index.ts';

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

export const protocolName = (protocol: number): string => PROTOCOLS[protocol] ?? 'unknown';

export function protocolNumber(text: string): number | undefined {
  const found = Object.entries(PROTOCOLS).find(([, name]) => name === text.toLowerCase());
  if (found !== undefined) return Number(found[0]);
  return /^\d+$/.test(text) && Number(text) < 256 ? Number(text) : undefined;
}

function tupleWords(t: Tuple): string {
  const words = [`src=${t.src}`, `dst=${t.dst}`];
  if (t.protocol === 1 || t.protocol === 58)
    words.push(`type=${t.dport >> 8}`, `code=${t.dport & 255}`, `id=${t.sport}`);
  else if ([6, 17, 33, 132, 136].includes(t.protocol)) words.push(`sport=${t.sport}`, `dport=${t.dport}`);
  return words.join(' ');
}

export type Shown = {
  readonly now: number;
  /** nf_conntrack_acct is on. */
  readonly counters: boolean;
  readonly id: boolean;
  /** -o extended: the family before the protocol. */
  readonly extended: boolean;
};

const counterWords = (entry: ConntrackEntry, direction: Direction, shown: Shown): string[] =>
  shown.counters ? [`packets=${entry.counters[direction].packets} bytes=${entry.counters[direction].bytes}`] : [];

const head = (entry: ConntrackEntry, shown: Shown): string => {
  const { protocol, src } = entry.original;
  const family = shown.extended ? (src.family === 4 ? 'ipv4     2 ' : 'ipv6     10 ') : '';
  return `${family}${protocolName(protocol).padEnd(8)} ${protocol}`;
};

function flowWords(entry: ConntrackEntry, shown: Shown): string[] {
  return [
    tupleWords(entry.original),
    ...counterWords(entry, 'original', shown),
    ...(entry.seenReply ? [] : ['[UNREPLIED]']),
    tupleWords(entry.reply),
    ...counterWords(entry, 'reply', shown),
    ...(entry.assured ? ['[ASSURED]'] : []),
  ];
}

const ZONE_WORDS = { both: 'zone', original: 'zone-orig', reply: 'zone-reply' } as const;

const zoneWords = ({ zone: { id, direction } }: ConntrackEntry): string[] =>
  id === 0 ? [] : [`${ZONE_WORDS[direction]}=${id}`];

/** nfct_snprintf(), as `conntrack -L` prints an entry. */
export function entryLine(entry: ConntrackEntry, shown: Shown): string {
  return [
    head(entry, shown),
    String(entry.secondsLeft(shown.now)),
    ...(entry.tcp === undefined ? [] : [entry.tcp]),
    ...flowWords(entry, shown),
    `mark=${entry.mark}`,
    ...zoneWords(entry),
    'use=1',
    ...(shown.id ? [`id=${entry.id}`] : []),
  ].join(' ');
}

/** As `conntrack -E` prints one: a destroyed entry has no time left and no state. */
export function eventLine(type: 'NEW' | 'UPDATE' | 'DESTROY', entry: ConntrackEntry, shown: Shown): string {
  const alive = type !== 'DESTROY';
  return [
    `[${type}]`.padStart(9),
    head(entry, shown),
    ...(alive ? [String(Math.round((entry.expires - shown.now) / 1_000_000))] : []),
    ...(alive && entry.tcp !== undefined ? [entry.tcp] : []),
    ...flowWords(entry, shown),
    ...(entry.mark === 0 ? [] : [`mark=${entry.mark}`]),
  ].join(' ');
}
