import { type Micros, SECOND } from '../../../base/index.ts';
import type { NetNs } from '../../netns.ts';
import { slot } from '../../slot.ts';
import { type Context, prefixOf } from '../packet.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { MatchKind } from './match.ts';

export type HashlimitMode = 'srcip' | 'srcport' | 'dstip' | 'dstport';

export type HashlimitData = {
  readonly name: 'hashlimit';
  readonly table: string;
  /** Those above the rate are meant, not those up to it. */
  readonly above: boolean;
  /** Packets per `per` seconds, or bytes per second. */
  readonly rate: number;
  readonly per: number;
  readonly bytes: boolean;
  /** Packets, or bytes. */
  readonly burst: number;
  readonly mode: readonly HashlimitMode[];
  readonly srcmask: number;
  readonly dstmask: number;
  /** 0: the kernel's choice. */
  readonly size: number;
  readonly max: number;
  /** Milliseconds */
  readonly gcinterval: number;
  readonly expire: number;
};

/** Bytes are counted in chunks (xt_hashlimit_len_to_chunks). */
const CHUNK = 16;
/** What bounds a table that has no maximum of its own. */
const MOST_BUCKETS = 65_536;

type Bucket = { readonly tokens: TokenBucket; usedAt: Micros };

/** The buckets under one name, shared by all rules that say it (/proc/net/ipt_hashlimit). */
type Table = { readonly buckets: Map<string, Bucket>; references: number };

const tablesOf = slot((_: NetNs) => new Map<string, Table>());

function tableOf(ns: NetNs, name: string): Table {
  const tables = tablesOf(ns);
  const table = tables.get(name) ?? { buckets: new Map(), references: 0 };
  tables.set(name, table);
  return table;
}

/** xt_hashlimit.c */
export const hashlimit: MatchKind<HashlimitData> = {
  check: ({ srcmask, dstmask, rate, gcinterval, expire }, { family }) => {
    const most = family === 4 ? 32 : 128;
    return srcmask > most || dstmask > most || rate === 0 || gcinterval === 0 || expire === 0 ? 'EINVAL' : undefined;
  },
  compile: (data) => (context) => within(data, context) !== data.above,
  hold: ({ table: name }, change, ns) => {
    const table = tableOf(ns, name);
    table.references += change;
    if (table.references === 0) tablesOf(ns).delete(name);
  },
};

/** Whether the packet keeps to the rate of those that it is counted with. */
function within(data: HashlimitData, context: Context): boolean {
  const { ns, skb } = context;
  const { now } = ns.kernel.events;
  const bucket = bucketOf(data, tableOf(ns, data.table), keyOf(data, context), now);
  bucket.usedAt = now;
  return bucket.tokens.take(now, data.bytes ? (Math.floor(skb.length / CHUNK) + 1) * CHUNK : 1);
}

function bucketOf(data: HashlimitData, { buckets }: Table, key: string, now: Micros): Bucket {
  const found = buckets.get(key);
  if (found !== undefined && now - found.usedAt < data.expire * 1000) return found;
  if (buckets.size >= (data.max || MOST_BUCKETS)) {
    for (const [other, { usedAt }] of buckets) if (now - usedAt >= data.expire * 1000) buckets.delete(other);
  }
  const made = { tokens: new TokenBucket((data.per * SECOND) / data.rate, data.burst), usedAt: now };
  buckets.set(key, made);
  return made;
}

function keyOf({ mode, srcmask, dstmask }: HashlimitData, { packet, transport }: Context): string {
  const parts = {
    srcip: () => String(prefixOf(packet.src, srcmask)),
    srcport: () => String(transport.srcPort),
    dstip: () => String(prefixOf(packet.dst, dstmask)),
    dstport: () => String(transport.dstPort),
  };
  return mode.map((part) => parts[part]()).join(' ');
}
