import type { Entry } from '../conntrack/entry.ts';
import { type Context, inMasked, type MaskedAddress } from '../packet.ts';
import type { Inverted } from '../rule.ts';
import { inRange, type MatchKind, type PortRange } from './match.ts';

/** In the order in which iptables prints them. */
export const CT_STATES = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'] as const;
export type CtState = (typeof CT_STATES)[number];
export const CT_STATUSES = ['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED'] as const;
export type CtStatus = (typeof CT_STATUSES)[number];

export type ConntrackData = {
  readonly name: 'conntrack' | 'state';
  readonly states?: Inverted<readonly CtState[]>;
  readonly protocol?: Inverted<number>;
  readonly origSrc?: Inverted<MaskedAddress>;
  readonly origDst?: Inverted<MaskedAddress>;
  readonly replSrc?: Inverted<MaskedAddress>;
  readonly replDst?: Inverted<MaskedAddress>;
  readonly origSrcPort?: Inverted<PortRange>;
  readonly origDstPort?: Inverted<PortRange>;
  readonly replSrcPort?: Inverted<PortRange>;
  readonly replDstPort?: Inverted<PortRange>;
  readonly statuses?: Inverted<readonly CtStatus[]>;
  /** Seconds left. */
  readonly expire?: Inverted<PortRange>;
  readonly direction?: 'ORIGINAL' | 'REPLY';
};

/** xt_conntrack.c */
export const conntrack: MatchKind<ConntrackData> = {
  needsConntrack: true,
  compile: (data) => {
    const { states, direction } = data;
    const restOfData = { ...data, states: undefined, direction: undefined };
    const more = Object.entries(restOfData).some(([key, value]) => key !== 'name' && value !== undefined);
    return (context) => {
      const { ct } = context.skb;
      if (states !== undefined && hasState(context, states.value) === states.invert) return false;
      if (direction === undefined && !more) return true;
      const entry = ct?.entry;
      if (ct === undefined || entry === undefined) return false;
      if (direction !== undefined && (direction === 'REPLY') !== (ct.direction === 'reply')) return false;
      return !more || detailsHold(data, entry, context);
    };
  },
};

function hasState({ skb: { ct } }: Context, wanted: readonly CtState[]): boolean {
  if (ct === undefined) return wanted.includes('INVALID');
  if (ct.entry === undefined) return wanted.includes('UNTRACKED');
  return (
    wanted.includes(ct.state) ||
    (ct.entry.natted.src && wanted.includes('SNAT')) ||
    (ct.entry.natted.dst && wanted.includes('DNAT'))
  );
}

function detailsHold(data: ConntrackData, entry: Entry, context: Context): boolean {
  const { original, reply } = entry;
  const left = entry.secondsLeft(context.ns.kernel.events.now);
  return (
    holds(data.protocol, (protocol) => protocol === original.protocol) &&
    holds(data.origSrc, (address) => inMasked(address, original.src)) &&
    holds(data.origDst, (address) => inMasked(address, original.dst)) &&
    holds(data.replSrc, (address) => inMasked(address, reply.src)) &&
    holds(data.replDst, (address) => inMasked(address, reply.dst)) &&
    holds(data.origSrcPort, (range) => inRange(original.sport, range)) &&
    holds(data.origDstPort, (range) => inRange(original.dport, range)) &&
    holds(data.replSrcPort, (range) => inRange(reply.sport, range)) &&
    holds(data.replDstPort, (range) => inRange(reply.dport, range)) &&
    holds(data.statuses, (statuses) => statuses.some((status) => hasStatus(entry, status))) &&
    holds(data.expire, (range) => inRange(left, range))
  );
}

const holds = <T>(wanted: Inverted<T> | undefined, test: (value: T) => boolean): boolean =>
  wanted === undefined || test(wanted.value) !== wanted.invert;

function hasStatus(entry: Entry, status: CtStatus): boolean {
  switch (status) {
    case 'SEEN_REPLY':
      return entry.seenReply;
    case 'ASSURED':
      return entry.assured;
    case 'CONFIRMED':
      return entry.confirmed;
    case 'NONE':
      return !entry.seenReply && !entry.assured && !entry.confirmed;
    case 'EXPECTED':
      return false;
  }
}
