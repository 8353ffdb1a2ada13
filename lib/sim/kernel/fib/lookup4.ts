import { type Errno, type Ip, netmask4 } from '../../base/index.ts';
import { RT_TABLE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { isSpecial, type Nexthop, ROUTE_ERROR, type Route4 } from './route.ts';
import type { Rule } from './rule.ts';
import { type Flow4, fits, type Match4 } from './table4.ts';

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
  return ns.rules4.custom ? byRules(ns, flow) : byMergedTables(ns, flow);
}

/**
 * While nobody has made rules, Linux keeps the local table inside the main one (fib_trie_unmerge undoes that): the
 * longest prefix of both wins, and of equal ones the local table's.
 */
function byMergedTables(ns: NetNs, flow: Flow4): FibResult4 {
  const local = ns.fib4.local.lookup(flow);
  if (local?.route.prefix === 32) return accept(local, LOCAL_RULE);
  const main = ns.fib4.main.lookup(flow);
  if (local !== undefined && (main === undefined || local.route.prefix >= main.route.prefix))
    return accept(local, LOCAL_RULE);
  if (main !== undefined && main.route.type !== 'throw') return accept(main, MAIN_RULE);
  const last = ns.fib4.table(RT_TABLE.default)?.lookup(flow);
  return last === undefined || last.route.type === 'throw' ? NOTHING : accept(last, DEFAULT_RULE);
}

const LOCAL_RULE = 0;
const MAIN_RULE = 32766;
const DEFAULT_RULE = 32767;

/** Precondition: no throw route. */
function accept({ route, nexthop }: Match4, rule: number): FibResult4 {
  if (isSpecial(route.type)) return { ok: false, errno: ROUTE_ERROR[route.type], route, rule };
  return { ok: true, route, nexthop: nexthop as Nexthop, rule };
}

function byRules(ns: NetNs, flow: Flow4): FibResult4 {
  const { rules } = ns.rules4;
  let visited = 0;
  for (let i = 0; i < rules.length && visited < RULES_VISITED; i++, visited++) {
    const rule = rules[i] as Rule;
    if (!matches(ns, rule, flow) || rule.action === 'nop') continue;
    if (rule.action === 'goto') {
      const target = rules.findIndex((other) => other.priority >= (rule.goto as number));
      if (target > i) i = target - 1;
      continue;
    }
    if (rule.action !== 'lookup')
      return { ok: false, errno: RULE_ERROR[rule.action], route: undefined, rule: rule.priority };
    const match = ns.fib4.table(rule.table)?.lookup(flow);
    if (match === undefined || match.route.type === 'throw') continue;
    const short = rule.suppressPrefixLength !== undefined && match.route.prefix <= rule.suppressPrefixLength;
    if (isSpecial(match.route.type) || !short) return accept(match, rule.priority);
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
