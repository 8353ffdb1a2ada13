import type { Ip } from '../../base/index.ts';
import { routeOutput } from '../ip/route.ts';
import { routeOutput6 } from '../ip6/route.ts';
import { jhash2 } from '../jhash.ts';
import type { Link } from '../link/link.ts';
import { type AddressType, addressType, type ConntrackEntry, type Context } from '../netfilter/index.ts';
import type { BitOperator, CtKey, Expression, FibFlag, FibResult, MetaKey, Scalar, Value } from './expression.ts';
import { addressValue, fieldReader } from './headers.ts';
import { isTraced } from './traced.ts';

/** Asks a packet; undefined: it has no answer, and the rule does not match (NFT_BREAK). */
export type Reader<T extends Value = Value> = (context: Context) => T | undefined;

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** The expression as a function of a packet. What counts (numgen) is the rule's own. */
export function reader(expression: Expression): Reader {
  switch (expression.kind) {
    case 'payload':
      return fieldReader(expression.protocol, expression.field);
    case 'meta':
      return META[expression.key];
    case 'ct':
      return ctReader(expression);
    case 'fib':
      return fibReader(expression);
    case 'numgen':
      return numgen(expression);
    case 'jhash':
      return jhash(expression);
    case 'symhash':
      return symhash(expression);
    case 'bitwise':
      return bitwise(expression);
    case 'concat':
      return concat(expression.parts.map((part) => scalarReader(part)));
    case 'map':
      return mapped(expression);
    case 'constant':
      return () => expression.value;
  }
}

/** Precondition: the expression gives one value. */
export function scalarReader(expression: Expression): Reader<Scalar> {
  const read = reader(expression);
  return (context) => {
    const value = read(context);
    return typeof value === 'object' ? value[0] : value;
  };
}

function concat(parts: readonly Reader<Scalar>[]): Reader {
  return (context) => {
    const values: Scalar[] = [];
    for (const part of parts) {
      const value = part(context);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}

function mapped({ key, map }: Of<'map'>): Reader {
  const read = reader(key);
  return (context) => {
    const value = read(context);
    const data = value === undefined ? undefined : map.lookup(value, context.ns.kernel.events.now)?.data;
    return data?.kind === 'value' ? data.value : undefined;
  };
}

function bitwise({ op, left, right }: Of<'bitwise'>): Reader {
  const read = scalarReader(left);
  return (context) => {
    const value = read(context);
    return value === undefined || typeof value === 'string' ? undefined : combine(op, value, right);
  };
}

/** Words are 32 bits wide, unless one of the two is wider. */
export function combine(op: BitOperator, a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'bigint' || a > 0xffff_ffff || b > 0xffff_ffff) {
    const wide = combineWide(op, BigInt(a), BigInt(b));
    return typeof a === 'bigint' ? wide : Number(wide);
  }
  const right = Number(b);
  switch (op) {
    case 'and':
      return (a & right) >>> 0;
    case 'or':
      return (a | right) >>> 0;
    case 'xor':
      return (a ^ right) >>> 0;
    case 'lshift':
      return (a << right) >>> 0;
    case 'rshift':
      return a >>> right;
  }
}

function combineWide(op: BitOperator, a: bigint, b: bigint): bigint {
  switch (op) {
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'lshift':
      return a << b;
    case 'rshift':
      return a >> b;
  }
}

const NFPROTO_IPV4 = 2;
const NFPROTO_IPV6 = 10;
const ARPHRD = { ether: 1, loopback: 772 } as const;
const PACKET_TYPE = { host: 0, broadcast: 1, multicast: 2, otherhost: 3, outgoing: 4, loopback: 5 } as const;

const indexOf = (link: Link | undefined): number => link?.ifindex ?? 0;
const nameOf = (link: Link | undefined): string => link?.name ?? '';
const kindOf = (link: Link | undefined): number | undefined =>
  link === undefined ? undefined : ARPHRD[link.kind.type as keyof typeof ARPHRD];

/** nft_meta_get_eval() */
const META: Readonly<Record<MetaKey, Reader<Scalar>>> = {
  length: ({ skb }) => skb.length,
  protocol: ({ packet }) => (packet.kind === 'ipv4' ? 0x0800 : 0x86dd),
  nfproto: ({ packet }) => (packet.kind === 'ipv4' ? NFPROTO_IPV4 : NFPROTO_IPV6),
  l4proto: ({ packet }) => packet.protocol,
  priority: () => 0,
  mark: ({ skb }) => skb.mark,
  iif: ({ in: link }) => indexOf(link),
  oif: ({ out: link }) => indexOf(link),
  iifname: ({ in: link }) => nameOf(link),
  oifname: ({ out: link }) => nameOf(link),
  iiftype: ({ in: link }) => kindOf(link),
  oiftype: ({ out: link }) => kindOf(link),
  iifkind: ({ in: link }) => (link === undefined || link.isLoopback ? undefined : link.kind.name),
  oifkind: ({ out: link }) => (link === undefined || link.isLoopback ? undefined : link.kind.name),
  iifgroup: ({ in: link }) => link?.group,
  oifgroup: ({ out: link }) => link?.group,
  ibrname: () => undefined,
  obrname: () => undefined,
  pkttype: ({ skb, in: link }) => (link?.isLoopback === true && skb.type === 'loopback' ? 0 : PACKET_TYPE[skb.type]),
  cpu: () => 0,
  random: ({ ns }) => ns.kernel.netfilterRandom.uint32(),
  nftrace: ({ skb }) => (isTraced(skb) ? 1 : 0),
};

export const CT_STATE = { INVALID: 1, ESTABLISHED: 2, RELATED: 4, NEW: 8, UNTRACKED: 64 } as const;
export const CT_STATUS = {
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
} as const;

function ctReader({ key, direction, family }: Of<'ct'>): Reader<Scalar> {
  if (key === 'state')
    return ({ skb: { ct } }) =>
      ct === undefined ? CT_STATE.INVALID : ct.entry === undefined ? CT_STATE.UNTRACKED : CT_STATE[ct.state];
  if (key === 'direction')
    return ({ skb: { ct } }) => (ct?.entry === undefined ? undefined : ct.direction === 'original' ? 0 : 1);
  const read = CT[key];
  return ({ skb: { ct }, ns }) => {
    if (ct?.entry === undefined) return undefined;
    if (family !== undefined && ct.entry.family !== family) return undefined;
    return read(ct.entry, direction, ns.kernel.events.now);
  };
}

type CtRead = (entry: ConntrackEntry, direction: 'original' | 'reply' | undefined, now: number) => Scalar | undefined;

/** nft_ct_get_eval() */
const CT: Readonly<Record<Exclude<CtKey, 'state' | 'direction'>, CtRead>> = {
  status: statusOf,
  mark: ({ mark }) => mark,
  expiration: ({ expires }, _, now) => Math.max(0, Math.round((expires - now) / 1000)),
  l3proto: ({ family }) => (family === 4 ? NFPROTO_IPV4 : NFPROTO_IPV6),
  saddr: (entry, direction) => addressValue(entry.tuple(direction ?? 'original').src),
  daddr: (entry, direction) => addressValue(entry.tuple(direction ?? 'original').dst),
  protocol: ({ original }) => original.protocol,
  'proto-src': (entry, direction) => entry.tuple(direction ?? 'original').sport,
  'proto-dst': (entry, direction) => entry.tuple(direction ?? 'original').dport,
  zone: ({ zone }) => zone.id,
  bytes: (entry, direction) => counted(entry, 'bytes', direction),
  packets: (entry, direction) => counted(entry, 'packets', direction),
  avgpkt: (entry, direction) => {
    const packets = counted(entry, 'packets', direction);
    return packets === 0 ? 0 : Math.floor(counted(entry, 'bytes', direction) / packets);
  },
  id: ({ id }) => id,
};

function counted(
  { counters }: ConntrackEntry,
  what: 'packets' | 'bytes',
  direction: 'original' | 'reply' | undefined,
): number {
  if (direction !== undefined) return counters[direction][what];
  return counters.original[what] + counters.reply[what];
}

function statusOf({ seenReply, assured, confirmed, natted, dying }: ConntrackEntry): number {
  return (
    (seenReply ? CT_STATUS['seen-reply'] : 0) |
    (assured ? CT_STATUS.assured : 0) |
    (confirmed ? CT_STATUS.confirmed : 0) |
    (natted.src ? CT_STATUS.snat : 0) |
    (natted.dst ? CT_STATUS.dnat : 0) |
    (dying ? CT_STATUS.dying : 0)
  );
}

/** RTN_*, which fib's `type` gives. */
export const ROUTE_TYPES: Readonly<Record<AddressType, number>> = {
  UNSPEC: 0,
  UNICAST: 1,
  LOCAL: 2,
  BROADCAST: 3,
  ANYCAST: 4,
  MULTICAST: 5,
  BLACKHOLE: 6,
  UNREACHABLE: 7,
  PROHIBIT: 8,
  THROW: 9,
  NAT: 10,
  XRESOLVE: 11,
};

function fibReader({ flags, result }: Of<'fib'>): Reader<Scalar> {
  return (context) => {
    const { ns, packet } = context;
    const address = flags.includes('saddr') ? packet.src : packet.dst;
    const device = flags.includes('iif') ? context.in : flags.includes('oif') ? context.out : undefined;
    if (result === 'type') return ROUTE_TYPES[addressType(ns, address, device)];
    return outcome(result, wayTo(context, address, flags, device));
  };
}

function outcome(result: Exclude<FibResult, 'type'>, way: Link | undefined): Scalar {
  if (result === 'oif') return indexOf(way);
  return result === 'oifname' ? nameOf(way) : way === undefined ? 0 : 1;
}

/** By which device an address is reached; only `device` counts where one is given. */
function wayTo({ ns, skb }: Context, dst: Ip, flags: readonly FibFlag[], device: Link | undefined): Link | undefined {
  const mark = flags.includes('mark') ? { mark: skb.mark } : {};
  const way = dst.family === 4 ? routeOutput(ns, { dst, ...mark }) : routeOutput6(ns, { dst });
  if (!way.ok || way.dst.link.isLoopback) return undefined;
  return device === undefined || way.dst.link === device ? way.dst.link : undefined;
}

function numgen({ mode, modulus, offset }: Of<'numgen'>): Reader<Scalar> {
  if (mode === 'random')
    return ({ ns }) => offset + Math.floor((ns.kernel.netfilterRandom.uint32() / 0x1_0000_0000) * modulus);
  let next = modulus - 1;
  return () => {
    next = next + 1 >= modulus ? 0 : next + 1;
    return next + offset;
  };
}

/** reciprocal_scale() */
const scale = (hash: number, modulus: number): number => Math.floor((hash / 0x1_0000_0000) * modulus);

function jhash({ of, modulus, seed, offset }: Of<'jhash'>): Reader<Scalar> {
  const read = reader(of);
  return (context) => {
    const value = read(context);
    if (value === undefined) return undefined;
    const words = (typeof value === 'object' ? value : [value]).flatMap((one) => wordsOf(one));
    return offset + scale(jhash2(words, seed ?? context.ns.kernel.hashSeed), modulus);
  };
}

const swap = (word: number): number =>
  ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

/** A value as its register's words: what came from the wire is in network order. */
function wordsOf(value: Scalar): number[] {
  if (typeof value === 'number') return value > 0xffff ? [swap(value >>> 0)] : [((value & 255) << 8) | (value >>> 8)];
  if (typeof value === 'string') return [...value].map((c) => c.charCodeAt(0));
  return [96n, 64n, 32n, 0n].map((shift) => swap(Number((value >> shift) & 0xffff_ffffn)));
}

/** The same for both directions of a flow. */
function symhash({ modulus, offset }: Of<'symhash'>): Reader<Scalar> {
  return ({ packet, transport, ns }) => {
    const ends = [
      [addressValue(packet.src), transport.srcPort],
      [addressValue(packet.dst), transport.dstPort],
    ] as const;
    const [a, b] = ends;
    const ordered = a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? [...a, ...b] : [...b, ...a];
    const words = ordered.flatMap((one) => wordsOf(one));
    return offset + scale(jhash2([...words, packet.protocol], ns.kernel.hashSeed), modulus);
  };
}
