import type { NetNs } from '../../netns.ts';
import type { Entry } from '../conntrack/entry.ts';
import { conntrackOf } from '../conntrack/table.ts';
import { prefixOf } from '../packet.ts';
import type { MatchKind } from './match.ts';

export type ConnlimitData = {
  readonly name: 'connlimit';
  readonly limit: number;
  /** More than the limit is meant, not up to it. */
  readonly above: boolean;
  /** Prefix length by which hosts are taken together. */
  readonly mask: number;
  readonly side: 'saddr' | 'daddr';
};

/** xt_connlimit.c with nf_conncount.c: how many connections of one host or network met the rule and still live. */
export const connlimit: MatchKind<ConnlimitData> = {
  needsConntrack: true,
  compile: ({ limit, above, mask, side }) => {
    const known = new Map<string, Set<Entry>>();
    return (context) => {
      const { packet, skb, ns } = context;
      const key = String(prefixOf(side === 'saddr' ? packet.src : packet.dst, mask));
      const own = skb.ct?.entry;
      const connections = living(ns, known.get(key) ?? new Set());
      if (own !== undefined) connections.add(own);
      known.set(key, connections);
      return connections.size > limit === above;
    };
  },
};

const CLOSED = ['TIME_WAIT', 'CLOSE'];

/** Without those that ended, or never came to be because their first packet was dropped. */
function living(ns: NetNs, entries: ReadonlySet<Entry>): Set<Entry> {
  const conntrack = conntrackOf(ns);
  return new Set(
    [...entries].filter(
      (entry) =>
        entry.confirmed &&
        conntrack.find(entry.original, entry.zone) !== undefined &&
        !CLOSED.includes(entry.tcp ?? ''),
    ),
  );
}
