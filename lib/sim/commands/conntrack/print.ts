import type { Direction } from '../../kernel/index.ts';
import type { ConntrackEntry, Tuple } from '../../kernel/netfilter/index.ts';
import { protocolName } from './protocol.ts';

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
  /** Who holds the entry: the table, and the request that is about it. */
  readonly use?: number;
};

const zoneWords = (
  { zone: { id, direction } }: ConntrackEntry,
  of: ConntrackEntry['zone']['direction'],
  word: string,
): string[] => (id !== 0 && direction === of ? [`${word}=${id}`] : []);

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
    ...zoneWords(entry, 'original', 'zone-orig'),
    ...(entry.seenReply ? [] : ['[UNREPLIED]']),
    tupleWords(entry.reply),
    ...counterWords(entry, 'reply', shown),
    ...zoneWords(entry, 'reply', 'zone-reply'),
    ...(entry.assured ? ['[ASSURED]'] : []),
  ];
}

/** nfct_snprintf(), as `conntrack -L` prints an entry. */
export function entryLine(entry: ConntrackEntry, shown: Shown): string {
  return [
    head(entry, shown),
    String(entry.secondsLeft(shown.now)),
    ...(entry.tcp === undefined ? [] : [entry.tcp]),
    ...flowWords(entry, shown),
    `mark=${entry.mark}`,
    ...zoneWords(entry, 'both', 'zone'),
    `use=${shown.use ?? 1}`,
    ...(shown.id ? [`id=${entry.id}`] : []),
  ].join(' ');
}

/** As `conntrack -E` prints one: one that ended by itself has no time left and no state; `by`: whose request ended it. */
export function eventLine(
  type: 'NEW' | 'UPDATE' | 'DESTROY',
  entry: ConntrackEntry,
  shown: Shown,
  by: number | undefined,
): string {
  const alive = type !== 'DESTROY' || by !== undefined;
  return [
    `[${type}]`.padStart(9),
    head(entry, shown),
    ...(alive ? [String(Math.round((entry.expires - shown.now) / 1_000_000))] : []),
    ...(alive && entry.tcp !== undefined ? [entry.tcp] : []),
    ...flowWords(entry, shown),
    ...(entry.mark === 0 ? [] : [`mark=${entry.mark}`]),
    ...zoneWords(entry, 'both', 'zone'),
    ...(shown.id ? [`id=${entry.id}`] : []),
    ...(by === undefined ? [] : [`[USERSPACE] portid=${by} progname=conntrack`]),
  ].join(' ');
}
