import { Ip } from '../../../base/index.ts';
import type { NetNs } from '../../netns.ts';
import type { Entry } from '../conntrack/entry.ts';
import { conntrackOf } from '../conntrack/table.ts';
import { invert, isIcmp, type Tuple } from '../conntrack/tuple.ts';
import type { Half } from './rewrite.ts';

/** What one half of a connection may become (struct nf_nat_range2). */
export type NatRange = {
  /** undefined: the address stays. */
  readonly addresses?: readonly [first: Ip, last: Ip];
  /** undefined: a port of the kernel's choice, the same one where it can be. */
  readonly ports?: readonly [first: number, last: number];
  readonly random?: boolean;
  readonly fullyRandom?: boolean;
  readonly persistent?: boolean;
};

/** NF_NAT_MAX_ATTEMPTS */
const ATTEMPTS = 128;

/**
 * nf_nat_setup_info(): settles one half of a connection that is not confirmed yet. What its answers look like changes so
 * that no two connections' answers look the same. False: no port is free, the packet goes.
 */
export function bind(ns: NetNs, entry: Entry, half: Half, range: NatRange): boolean {
  const current = invert(entry.reply) as Tuple;
  const chosen = choose(ns, entry, current, half, range);
  const reply = invert(chosen);
  if (reply === undefined || conntrackOf(ns).taken(reply, entry.zone, entry)) return false;
  if (!same(chosen, current)) {
    entry.reply = reply;
    entry.natted[half] = true;
  }
  entry.natDone[half] = true;
  return true;
}

const same = (a: Tuple, b: Tuple): boolean =>
  a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport;

/** get_unique_tuple() */
function choose(ns: NetNs, entry: Entry, current: Tuple, half: Half, range: NatRange): Tuple {
  const moved = { ...current, [half]: pickAddress(current, half, range) };
  const isFree = (tuple: Tuple): boolean => {
    const reply = invert(tuple);
    return reply !== undefined && !conntrackOf(ns).taken(reply, entry.zone, entry);
  };
  const shuffles = range.random === true || range.fullyRandom === true;
  const port = portOf(moved, half);
  const fits = range.ports === undefined || (port >= range.ports[0] && port <= range.ports[1]);
  if (!shuffles && fits && isFree(moved)) return moved;
  if (range.ports !== undefined && range.ports[0] === range.ports[1]) return withPort(moved, half, range.ports[0]);
  const limits = range.ports ?? defaultPorts(moved, half);
  if (limits === undefined) return moved;
  const [first, last] = limits;
  const size = last - first + 1;
  const start = shuffles || half === 'src' ? ns.kernel.netfilterRandom.uint32() : 0;
  for (let i = 0; i < Math.min(size, ATTEMPTS); i++) {
    const candidate = withPort(moved, half, first + ((start + i) % size));
    if (isFree(candidate)) return candidate;
  }
  return moved;
}

const portOf = (t: Tuple, half: Half): number => (half === 'src' || isIcmp(t.protocol) ? t.sport : t.dport);

const withPort = (t: Tuple, half: Half, port: number): Tuple =>
  half === 'src' || isIcmp(t.protocol) ? { ...t, sport: port } : { ...t, dport: port };

/** Ports of the same class as the old one (nf_nat_l4proto_unique_tuple); destinations keep theirs. */
function defaultPorts(t: Tuple, half: Half): readonly [number, number] | undefined {
  if (isIcmp(t.protocol)) return [0, 0xffff];
  if (t.protocol !== 6 && t.protocol !== 17) return undefined;
  if (half === 'dst') return undefined;
  if (t.sport < 512) return [1, 511];
  return t.sport < 1024 ? [600, 1023] : [1024, 0xffff];
}

/** find_best_ips_proto(): of several addresses, by a hash of source (and destination, unless persistent). */
function pickAddress(t: Tuple, half: Half, { addresses, persistent }: NatRange): Ip {
  if (addresses === undefined) return t[half];
  const [first, last] = addresses;
  if (first === last || first.family === 6) return first;
  const hash = Math.imul(t.src.v4 ^ (persistent === true ? 0 : Math.imul(t.dst.v4, 0x85ebca6b)), 0x9e3779b1) >>> 0;
  return Ip.fromV4(first.v4 + Math.floor((hash / 0x1_0000_0000) * (last.v4 - first.v4 + 1)));
}
