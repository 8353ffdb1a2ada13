import type { Cidr, Errno, Ip } from '../../base/index.ts';
import type { Route6 } from '../fib/fib6.ts';
import { isSpecial, type Nexthop, ROUTE_ERROR } from '../fib/route.ts';
import type { Rule } from '../fib/rule.ts';
import type { NetNs } from '../netns.ts';

export type Flow6 = {
  readonly dst: Ip;
  readonly src: Ip | undefined;
  readonly oif: number;
  readonly iif: number;
  readonly mark: number;
  readonly tos: number;
};

export type FibResult6 =
  | { readonly ok: true; readonly route: Route6; readonly nexthop: Nexthop; readonly rule: number }
  | {
      readonly ok: false;
      readonly errno: Errno;
      readonly route: Route6 | undefined;
      readonly rule: number | undefined;
    };

/** fib6_rule_lookup() */
export function fibLookup6(ns: NetNs, flow: Flow6): FibResult6 {
  for (const rule of ns.rules6.rules) {
    if (!matches(ns, rule, flow) || rule.action === 'nop' || rule.action === 'goto') continue;
    if (rule.action !== 'lookup')
      return {
        ok: false,
        errno: rule.action === 'prohibit' ? 'EACCES' : rule.action === 'blackhole' ? 'EINVAL' : 'ENETUNREACH',
        route: undefined,
        rule: rule.priority,
      };
    const match = ns.fib6.table(rule.table)?.lookup(flow.dst, flow.oif);
    if (match === undefined) continue;
    const { route, nexthop } = match;
    if (isSpecial(route.type)) {
      if (route.type === 'throw') continue;
      return { ok: false, errno: ROUTE_ERROR[route.type], route, rule: rule.priority };
    }
    if (rule.suppressPrefixLength !== undefined && route.prefix <= rule.suppressPrefixLength) continue;
    return { ok: true, route, nexthop: nexthop as Nexthop, rule: rule.priority };
  }
  return { ok: false, errno: 'ENETUNREACH', route: undefined, rule: undefined };
}

function matches(ns: NetNs, rule: Rule, flow: Flow6): boolean {
  const inside = (cidr: Cidr | undefined, ip: Ip | undefined): boolean =>
    cidr === undefined || (ip !== undefined && cidr.contains(ip));
  const hit =
    (rule.iif === undefined || ns.linkByName(rule.iif)?.ifindex === flow.iif) &&
    (rule.oif === undefined || ns.linkByName(rule.oif)?.ifindex === flow.oif) &&
    ((rule.mark ^ flow.mark) & rule.mask) === 0 &&
    inside(rule.src, flow.src) &&
    inside(rule.dst, flow.dst);
  return hit !== rule.invert;
}
