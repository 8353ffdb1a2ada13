import { type Ip, type Micros, SECOND } from '../../../base/index.ts';
import type { NetNs } from '../../netns.ts';
import { slot } from '../../slot.ts';
import { type Context, masked } from '../packet.ts';
import type { MatchKind } from './match.ts';

export type RecentData = {
  readonly name: 'recent';
  readonly op: 'set' | 'rcheck' | 'update' | 'remove';
  readonly invert: boolean;
  /** 0: whenever it was seen. */
  readonly seconds: number;
  readonly reap: boolean;
  /** 0: however often. */
  readonly hits: number;
  readonly ttl: boolean;
  readonly list: string;
  readonly mask: Ip;
  readonly side: 'source' | 'dest';
};

/** ip_list_tot and ip_pkt_list_tot, the module's parameters as they are at first. */
const MOST_ADDRESSES = 100;
const STAMPS = 32;
/** XT_RECENT_MAX_NSTAMPS */
const MOST_HITS = 256;

type Seen = { ttl: number; readonly stamps: Micros[] };

/** One list, under /proc/net/xt_recent: addresses with the times at which they were seen, the longest unseen first. */
class RecentList {
  readonly #seen = new Map<string, Seen>();
  references = 0;

  find(address: Ip, ttl: number | undefined): Seen | undefined {
    const found = this.#seen.get(String(address));
    return ttl === undefined || found?.ttl === ttl ? found : undefined;
  }

  /** Notes that the address was seen now. */
  see(address: Ip, ttl: number, now: Micros): void {
    const key = String(address);
    const entry = this.#seen.get(key) ?? { ttl, stamps: [] };
    entry.ttl = ttl;
    entry.stamps.push(now);
    if (entry.stamps.length > STAMPS) entry.stamps.shift();
    this.#seen.delete(key);
    this.#seen.set(key, entry);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MOST_ADDRESSES && oldest !== undefined) this.#seen.delete(oldest);
  }

  forget(address: Ip): void {
    this.#seen.delete(String(address));
  }

  /** Away with those that were last seen before `time`. */
  reap(time: Micros): void {
    for (const [key, { stamps }] of this.#seen) if ((stamps.at(-1) ?? 0) < time) this.#seen.delete(key);
  }
}

const listsOf = slot((_: NetNs) => new Map<string, RecentList>());

function listOf(ns: NetNs, name: string): RecentList {
  const lists = listsOf(ns);
  const list = lists.get(name) ?? new RecentList();
  lists.set(name, list);
  return list;
}

/** xt_recent.c */
export const recent: MatchKind<RecentData> = {
  check: ({ op, seconds, hits, reap, ttl }) => {
    const modified = seconds !== 0 || hits !== 0 || reap || ttl;
    if ((op === 'set' || op === 'remove') && modified) return 'EINVAL';
    return (reap && seconds === 0) || hits >= MOST_HITS * STAMPS ? 'EINVAL' : undefined;
  },
  compile: (data) => (context) => matches(data, context) !== data.invert,
  hold: ({ list: name }, change, ns) => {
    const list = listOf(ns, name);
    list.references += change;
    if (list.references === 0) listsOf(ns).delete(name);
  },
};

function matches(data: RecentData, { ns, packet, out, in: dev }: Context): boolean {
  const { op } = data;
  const list = listOf(ns, data.list);
  const address = masked(data.side === 'source' ? packet.src : packet.dst, data.mask);
  // What is forwarded had one more when it came.
  const ttl =
    (packet.kind === 'ipv4' ? packet.ttl : packet.hopLimit) + (out !== undefined && dev !== undefined ? 1 : 0);
  const { now } = ns.kernel.events;
  const found = list.find(address, data.ttl ? ttl : undefined);
  if (op === 'set') {
    list.see(address, ttl, now);
    return true;
  }
  if (found === undefined) return false;
  if (op === 'remove') {
    list.forget(address);
    return true;
  }
  const since = data.seconds === 0 ? 0 : now - data.seconds * SECOND;
  const hits = found.stamps.filter((stamp) => stamp >= since).length;
  if (data.reap) list.reap(since);
  if (hits === 0 || hits < data.hits) return false;
  if (op === 'update') list.see(address, ttl, now);
  return true;
}
