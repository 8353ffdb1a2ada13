import { fail, Ip, ok, type Result, SECOND } from '../../base/index.ts';
import { routeOutput } from '../ip/route.ts';
import { routeInput } from '../ip/route-input.ts';
import { routeOutput6 } from '../ip6/route.ts';
import { type Family, type NewFlags, type RouteAnswer, type RouteMessage, RT_TABLE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelRoute, GetRoute, NewRoute } from '../requests.ts';
import { delRoute4, dumpRoutes4, newRoute4 } from './rtnl4.ts';
import { delRoute6, dumpRoutes6, newRoute6 } from './rtnl6.ts';

/** RTM_NEWROUTE */
export const newRoute = (ns: NetNs, request: NewRoute, flags: NewFlags): Result<void> =>
  request.family === 4 ? newRoute4(ns, request, flags) : newRoute6(ns, request, flags);

/** RTM_DELROUTE */
export const delRoute = (ns: NetNs, request: DelRoute): Result<void> =>
  request.family === 4 ? delRoute4(ns, request) : delRoute6(ns, request);

/** RTM_GETROUTE with NLM_F_DUMP: all tables, unless `table` says which. */
export const dumpRoutes = (ns: NetNs, filter: { readonly family: Family; readonly table?: number }): RouteMessage[] =>
  filter.family === 4 ? dumpRoutes4(ns, filter.table) : dumpRoutes6(ns, filter.table);

/** RTM_GETROUTE: what would become of a packet (inet_rtm_getroute, inet6_rtm_getroute). With `iif`, of one that came in there. */
export function getRoute(ns: NetNs, request: GetRoute): Result<RouteAnswer> {
  if (request.dst.family === 6) return getRoute6(ns, request);
  return request.iif === undefined ? getOutput(ns, request) : getInput(ns, request);
}

const answer = (request: GetRoute): Pick<RouteAnswer, 'family' | 'dst' | 'from' | 'iif' | 'mark' | 'uid' | 'tos'> => ({
  family: request.dst.family,
  dst: request.dst,
  from: request.src,
  iif: request.iif,
  mark: request.mark ?? 0,
  uid: request.uid ?? 0,
  tos: 0,
});

/** As long as nobody made rules, the kernel keeps the local table inside the main one and answers so. */
const shownTable = (ns: NetNs, route: { readonly table: number } | undefined): number =>
  route === undefined ? 0 : route.table === RT_TABLE.local && !ns.rules4.custom ? RT_TABLE.main : route.table;

function getOutput(ns: NetNs, request: GetRoute): Result<RouteAnswer> {
  const way = routeOutput(ns, request);
  if (!way.ok) return fail(way.errno);
  const { dst } = way;
  const learnt = dst.type === 'unicast' ? ns.fib4.exceptions.find(request.dst) : undefined;
  return ok({
    ...answer(request),
    type: dst.type,
    table: shownTable(ns, dst.route),
    gateway: dst.gateway,
    ifindex: dst.link.ifindex,
    prefsrc: dst.source === Ip.any4 || dst.source === request.src ? undefined : dst.source,
    protocol: 0,
    priority: 0,
    local: dst.type === 'local' || dst.type === 'broadcast',
    broadcast: dst.type === 'broadcast',
    multicast: dst.type === 'multicast',
    redirect: false,
    cacheExpires: learnt === undefined ? undefined : Math.floor((learnt.expires - ns.kernel.events.now) / SECOND),
    mtu: dst.pmtu,
  });
}

function getInput(ns: NetNs, request: GetRoute): Result<RouteAnswer> {
  const dev = ns.linkByIndex(request.iif as number);
  if (dev === undefined) return fail('ENODEV');
  const way = routeInput(dev, {
    src: request.src ?? Ip.any4,
    dst: request.dst,
    tos: request.tos ?? 0,
    mark: request.mark ?? 0,
  });
  if (way.kind === 'martian') return fail('EINVAL');
  if (way.kind === 'error') return fail(way.errno);
  const local = way.kind === 'local';
  return ok({
    ...answer(request),
    type: local ? way.type : 'unicast',
    table: shownTable(ns, way.route),
    gateway: local ? undefined : way.gateway,
    ifindex: local ? ns.loopback.ifindex : way.link.ifindex,
    prefsrc: undefined,
    protocol: 0,
    priority: 0,
    local,
    broadcast: local && way.type === 'broadcast',
    multicast: local && way.type === 'multicast',
    redirect: way.kind === 'forward' && way.redirect,
    cacheExpires: undefined,
    mtu: local ? undefined : way.mtu,
  });
}

function getRoute6(ns: NetNs, request: GetRoute): Result<RouteAnswer> {
  const way = routeOutput6(ns, { ...request, question: true });
  if (!way.ok) return fail(way.errno);
  const { dst } = way;
  const learnt = ns.fib6.exceptions.find(request.dst);
  return ok({
    ...answer(request),
    type: dst.type,
    table: dst.route?.table ?? 0,
    gateway: dst.gateway,
    ifindex: dst.link.ifindex,
    prefsrc: dst.source === Ip.any6 ? undefined : dst.source,
    protocol: dst.route?.protocol ?? 0,
    priority: dst.route?.priority ?? 0,
    local: dst.type === 'local',
    broadcast: false,
    multicast: dst.type === 'multicast',
    redirect: false,
    cacheExpires: learnt === undefined ? undefined : Math.floor((learnt.expires - ns.kernel.events.now) / SECOND),
    mtu: dst.pmtu,
  });
}

/** Whether a table was ever used: dumping one that was not is an error ("FIB table does not exist"). */
export const hasRouteTable = (ns: NetNs, family: Family, table: number): boolean =>
  table === RT_TABLE.unspec || (family === 4 ? ns.fib4.table(table) : ns.fib6.table(table)) !== undefined;

/** RTM_GETROUTE of the cache (`ip route show cache`): what was learnt about single destinations. */
export function dumpRouteCache(ns: NetNs, family: Family): RouteAnswer[] {
  const { exceptions } = family === 4 ? ns.fib4 : ns.fib6;
  return exceptions.destinations().flatMap((dst) => {
    const found = getRoute(ns, { dst });
    return found.ok ? [{ ...found.value, prefsrc: undefined }] : [];
  });
}
