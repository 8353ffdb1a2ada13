import { type Errno, type Ip, netmask4 } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';
import { isSpecial, type Nexthop, ROUTE_ERROR, type Route4 } from './route.ts';
import type { Rule } from './rule.ts';
import { type Flow4, fits } from './table4.ts';

/** Where the rules and tables lead a flow. */
export type FibResult4 =
  | { readonly ok: true; readonly route: Route4; readonly nexthop: Nexthop; readonly rule: number }
  | {
      readonly ok: false;
      readonly errno: Errno;
      readonly route: Route4 | undefined;
      readonly rule: number | undefined;
    };

const NOTHING: FibResult4 = { ok: false, errno: 'ENETUNREACH', route: undefined, rule: undefined };

/** More `goto`s than this lead in a circle or nowhere. */
const RULES_VISITED = 8192;

/** fib_lookup(): asks the rules in turn, each for its table, until one leads to a route. */
export function fibLookup4(ns: NetNs, flow: Flow4): FibResult4 {
  const { rules } = ns.rules4;
  let visited = 0;
  for (let i = 0; i < rules.length && visited < RULES_VISITED; i++, visited++) {
    const rule = rules[i] as Rule;
    if (!matches(ns, rule, flow)) continue;
    if (rule.action === 'goto') {
      const target = rules.findIndex((other) => other.priority >= (rule.goto as number));
      if (target > i) i = target - 1;
      continue;
    }
    if (rule.action === 'nop') continue;
    if (rule.action !== 'lookup')
      return { ok: false, errno: RULE_ERROR[rule.action], route: undefined, rule: rule.priority };
    const match = ns.fib4.table(rule.table)?.lookup(flow);
    if (match === undefined) continue;
    const { route, nexthop } = match;
    if (isSpecial(route.type)) {
      if (route.type === 'throw') continue;
      return { ok: false, errno: ROUTE_ERROR[route.type], route, rule: rule.priority };
    }
    if (rule.suppressPrefixLength !== undefined && route.prefix <= rule.suppressPrefixLength) continue;
    return { ok: true, route, nexthop: nexthop as Nexthop, rule: rule.priority };
  }
  return NOTHING;
}

/** fib4_rule_action(): unlike the route types, "unreachable" of a rule means the network. */
const RULE_ERROR = { blackhole: 'EINVAL', unreachable: 'ENETUNREACH', prohibit: 'EACCES' } as const;

/** fib_rule_match() */
function matches(ns: NetNs, rule: Rule, flow: Flow4): boolean {
  if (
    rule.priority === 0 &&
    !rule.invert &&
    rule.src === undefined &&
    rule.iif === undefined &&
    rule.dst === undefined &&
    rule.mask === 0
  )
    return true;
  const hit =
    (rule.iif === undefined || ns.linkByName(rule.iif)?.ifindex === flow.iif) &&
    (rule.oif === undefined || ns.linkByName(rule.oif)?.ifindex === flow.oif) &&
    ((rule.mark ^ flow.mark) & rule.mask) === 0 &&
    inPrefix(rule.src, flow.src) &&
    inPrefix(rule.dst, flow.dst) &&
    (rule.tos === 0 || rule.tos === flow.tos);
  return hit !== rule.invert;
}

const inPrefix = (cidr: Rule['src'], address: number): boolean =>
  cidr === undefined || ((cidr.address.v4 ^ address) & netmask4(cidr.prefix)) === 0;

/** fib_select_path(): one of several nexthops, by a hash over addresses, so that a flow keeps its path. */
export function selectNexthop(ns: NetNs, route: Route4, flow: Flow4, chosen: Nexthop): Nexthop {
  if (route.nexthops.length < 2) return chosen;
  const alive = route.nexthops.filter((nexthop) => fits(nexthop, flow));
  const total = alive.reduce((sum, nexthop) => sum + nexthop.weight, 0);
  let point = (flowHash(flow.src, flow.dst, ns.kernel.hashSeed) >>> 1) % total;
  for (const nexthop of alive) {
    point -= nexthop.weight;
    if (point < 0) return nexthop;
  }
  return chosen;
}

function flowHash(src: number, dst: number, seed: number): number {
  let h = Math.imul(src ^ seed, 0x85ebca6b) ^ dst;
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

/** The type of an address for this host (inet_addr_type): by the local table alone. */
export function addressType(ns: NetNs, address: Ip): 'unicast' | 'local' | 'broadcast' | 'multicast' {
  const { v4 } = address;
  if (v4 === 0 || v4 === 0xffff_ffff) return 'broadcast';
  if (v4 >>> 28 === 14) return 'multicast';
  const match = ns.fib4
    .table(255)
    ?.lookup({ dst: v4, src: 0, oif: 0, iif: 0, tos: 0, mark: 0, scope: 0, ignoreLinkState: true });
  const type = match?.route.type;
  return type === 'local' || type === 'broadcast' || type === 'multicast' ? type : 'unicast';
}
