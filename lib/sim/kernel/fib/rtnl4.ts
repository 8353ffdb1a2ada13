import { done, fail, netmask4, ok, type Result } from '../../base/index.ts';
import { type NewFlags, type RouteMessage, type RouteType, RT_TABLE, RTPROT, SCOPE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelRoute, NewRoute } from '../requests.ts';
import { addressType } from './lookup4.ts';
import { notifyRoute4, routeMessage4 } from './message4.ts';
import { checkNexthop } from './nexthop4.ts';
import { isSpecial, type Nexthop, type Route4 } from './route.ts';

const ROUTES_PER_TABLE = 65_536;

/** The narrowest scope that a type of route may have (fib_props). */
const SCOPE_OF: Readonly<Record<RouteType, number>> = {
  unicast: SCOPE.universe,
  local: SCOPE.host,
  broadcast: SCOPE.link,
  anycast: SCOPE.link,
  multicast: SCOPE.universe,
  blackhole: SCOPE.universe,
  unreachable: SCOPE.universe,
  prohibit: SCOPE.universe,
  throw: SCOPE.universe,
};

/** RTM_NEWROUTE of IPv4 (fib_table_insert). */
export function newRoute4(ns: NetNs, request: NewRoute, flags: NewFlags): Result<void> {
  const { prefix } = request.dst;
  const key = request.dst.address.v4;
  if ((key << prefix) >>> 0 !== 0 && prefix < 32) return fail('EINVAL', 'Invalid prefix for given prefix length');
  const made = makeRoute(ns, request, key);
  if (!made.ok) return made;
  const route = made.value;
  const table = ns.fib4.tableForInsert(route.table);
  const rivals = table.at(key, prefix).filter((other) => other.tos === route.tos && other.priority === route.priority);
  const first = rivals[0];
  if (first !== undefined) {
    if (flags.excl === true) return fail('EEXIST');
    if (flags.replace === true) {
      if (rivals.some((other) => identical(other, route))) return identical(first, route) ? done : fail('EEXIST');
      table.replace(first, route);
      notifyRoute4(ns, 'newroute', route);
      return done;
    }
    if (rivals.some((other) => identical(other, route))) return fail('EEXIST');
  }
  if (flags.create !== true) return fail('ENOENT');
  if (table.size >= ROUTES_PER_TABLE) return fail('ENOBUFS');
  table.insert(route, flags.append === true);
  notifyRoute4(ns, 'newroute', route);
  return done;
}

/** fib_create_info(): what must hold for a route, in the order in which the kernel finds fault. */
function makeRoute(ns: NetNs, request: NewRoute, key: number): Result<Route4> {
  const type = request.type ?? 'unicast';
  const scope = request.scope ?? SCOPE_OF[type];
  const table = request.table ?? RT_TABLE.main;
  if (SCOPE_OF[type] > scope) return fail('EINVAL', 'Invalid scope');
  const nexthops = nexthopsOf(ns, request, type, table, scope);
  if (!nexthops.ok) return nexthops;
  if (
    request.prefsrc !== undefined &&
    addressType(ns, request.prefsrc) !== 'local' &&
    !(type === 'local' && request.prefsrc === request.dst.address)
  ) {
    return fail('EINVAL', 'Invalid prefsrc address');
  }
  return ok({
    key,
    prefix: request.dst.prefix,
    type,
    table,
    protocol: request.protocol ?? RTPROT.boot,
    scope,
    tos: request.tos ?? 0,
    priority: request.priority ?? 0,
    prefsrc: request.prefsrc,
    metrics: request.metrics ?? {},
    nexthops: nexthops.value,
  });
}

function nexthopsOf(ns: NetNs, request: NewRoute, type: RouteType, table: number, scope: number): Result<Nexthop[]> {
  const specs = request.nexthops ?? [];
  if (isSpecial(type)) {
    return specs.length === 0
      ? ok([])
      : fail('EINVAL', 'Gateway, device and multipath can not be specified for this route type');
  }
  if (scope > SCOPE.host) return fail('EINVAL', 'Invalid scope');
  if (scope === SCOPE.host) {
    if (specs.length > 1) return fail('EINVAL', 'Route with host scope can not have multiple nexthops');
    if (specs[0]?.gateway !== undefined) return fail('EINVAL', 'Route with host scope can not have a gateway');
    const link = ns.linkByIndex(specs[0]?.ifindex ?? 0);
    return link === undefined
      ? fail('ENODEV')
      : ok([{ link, gateway: undefined, weight: 1, onlink: false, scope: SCOPE.nowhere, dead: false }]);
  }
  const nexthops: Nexthop[] = [];
  for (const spec of specs.length === 0 ? [{}] : specs) {
    const checked = checkNexthop(ns, spec, table, scope);
    if (!checked.ok) return checked;
    nexthops.push(checked.value);
  }
  return ok(nexthops);
}

const identical = (a: Route4, b: Route4): boolean =>
  a.type === b.type &&
  a.scope === b.scope &&
  a.protocol === b.protocol &&
  a.prefsrc === b.prefsrc &&
  JSON.stringify(a.metrics) === JSON.stringify(b.metrics) &&
  sameNexthops(a.nexthops, b.nexthops);

const sameNexthops = (a: readonly Nexthop[], b: readonly Nexthop[]): boolean =>
  a.length === b.length &&
  a.every(
    (n, i) =>
      n.link === b[i]?.link && n.gateway === b[i]?.gateway && n.weight === b[i]?.weight && n.onlink === b[i]?.onlink,
  );

/** RTM_DELROUTE of IPv4 (fib_table_delete): the first route that has all that is said. */
export function delRoute4(ns: NetNs, request: DelRoute): Result<void> {
  const { prefix } = request.dst;
  const key = (request.dst.address.v4 & netmask4(prefix)) >>> 0;
  if ((request.dst.address.v4 << prefix) >>> 0 !== 0 && prefix < 32)
    return fail('EINVAL', 'Invalid prefix for given prefix length');
  const table = ns.fib4.table(request.table ?? RT_TABLE.main);
  const route = table?.at(key, prefix).find((candidate) => hasAll(candidate, request));
  if (table === undefined || route === undefined) return fail('ESRCH');
  table.remove(route);
  notifyRoute4(ns, 'delroute', route);
  return done;
}

function hasAll(route: Route4, request: DelRoute): boolean {
  const { type, scope, prefsrc, protocol, priority, metrics, nexthops } = request;
  if (route.tos !== (request.tos ?? 0)) return false;
  if (type !== undefined && route.type !== type) return false;
  if (scope !== undefined && scope !== SCOPE.nowhere && route.scope !== scope) return false;
  if (prefsrc !== undefined && route.prefsrc !== prefsrc) return false;
  if (protocol !== undefined && protocol !== 0 && route.protocol !== protocol) return false;
  if (priority !== undefined && priority !== 0 && route.priority !== priority) return false;
  if (metrics?.mtu !== undefined && route.metrics.mtu !== metrics.mtu) return false;
  if (nexthops === undefined || nexthops.length === 0) return true;
  if (nexthops.length > 1 && nexthops.length !== route.nexthops.length) return false;
  return nexthops.every((spec, i) => {
    const nexthop = route.nexthops[i];
    return (
      nexthop !== undefined &&
      (spec.ifindex === undefined || nexthop.link.ifindex === spec.ifindex) &&
      (spec.gateway === undefined || nexthop.gateway === spec.gateway)
    );
  });
}

/** In the kernel's order: by table, then as a walk of each table's trie. */
export function dumpRoutes4(ns: NetNs, table: number | undefined): RouteMessage[] {
  return ns.fib4
    .tables()
    .filter(({ id }) => table === undefined || id === table)
    .flatMap((one) => one.list().map(routeMessage4));
}
