import { Cidr, done, fail, type Ip, ok, type Result } from '../../base/index.ts';
import { maskAddress } from '../ip6/address.ts';
import { fibLookup6 } from '../ip6/lookup.ts';
import { type NewFlags, type RouteMessage, RT_TABLE, RTPROT } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelRoute, NewRoute, NexthopSpec } from '../requests.ts';
import type { Route6 } from './fib6.ts';
import { isLinkDown, isSpecial, type Nexthop } from './route.ts';

/** IP6_RT_PRIO_USER */
const USER_METRIC = 1024;
const ROUTES_PER_TABLE = 65_536;

/** RTM_NEWROUTE of IPv6 (ip6_route_add). */
export function newRoute6(ns: NetNs, request: NewRoute, flags: NewFlags): Result<void> {
  const made = makeRoute(ns, request);
  if (!made.ok) return made;
  const route = made.value;
  const table = ns.fib6.tableForInsert(route.table);
  const rivals = table.at(route.dst, route.prefix).filter((other) => other.priority === route.priority);
  if (rivals.length > 0) {
    if (flags.excl === true) return fail('EEXIST');
    if (rivals.some((other) => sameWay(other, route))) return flags.replace === true ? done : fail('EEXIST');
    if (flags.replace === true) for (const old of rivals) table.remove(old);
    else if (joins(rivals[0], route)) {
      rivals[0].nexthops.push(...route.nexthops);
      return done;
    }
  } else if (flags.create !== true) {
    return fail('ENOENT', flags.replace === true ? 'Can not replace route - no match found' : undefined);
  }
  if (table.size >= ROUTES_PER_TABLE) return fail('ENOBUFS');
  table.insert(route);
  if (ns.watched) ns.notify({ type: 'newroute', route: routeMessage6(route) });
  return done;
}

/** rt6_qualify_for_ecmp(): routes through gateways become one with several nexthops. */
const joins = (old: Route6 | undefined, route: Route6): old is Route6 =>
  old?.nexthops[0]?.gateway !== undefined && route.nexthops[0]?.gateway !== undefined;

const sameWay = (a: Route6, b: Route6): boolean =>
  a.type === b.type &&
  a.nexthops.length === b.nexthops.length &&
  a.nexthops.every((n, i) => n.link === b.nexthops[i]?.link && n.gateway === b.nexthops[i]?.gateway);

function makeRoute(ns: NetNs, request: NewRoute): Result<Route6> {
  const type = request.type ?? 'unicast';
  const { prefix } = request.dst;
  if (prefix > 128) return fail('EINVAL', 'Invalid prefix length');
  const nexthops: Nexthop[] = [];
  if (!isSpecial(type)) {
    const specs = request.nexthops ?? [];
    for (const spec of specs.length === 0 ? [{}] : specs) {
      const checked = checkNexthop6(ns, spec, request.table ?? RT_TABLE.main);
      if (!checked.ok) return checked;
      nexthops.push(checked.value);
    }
  }
  if (request.prefsrc !== undefined && !ns.links().some((l) => l.inet6?.addrs.some((a) => a.local === request.prefsrc)))
    return fail('EINVAL', 'Invalid source address');
  return ok({
    dst: maskAddress(request.dst.address, prefix),
    prefix,
    type,
    table: request.table ?? RT_TABLE.main,
    protocol: request.protocol ?? RTPROT.boot,
    priority: request.priority === undefined || request.priority === 0 ? USER_METRIC : request.priority,
    prefsrc: request.prefsrc,
    metrics: request.metrics ?? {},
    nexthops,
  });
}

/** fib6_nh_init() and ip6_validate_gw() */
function checkNexthop6(ns: NetNs, spec: NexthopSpec, table: number): Result<Nexthop> {
  let link = spec.ifindex === undefined || spec.ifindex === 0 ? undefined : ns.linkByIndex(spec.ifindex);
  if (spec.ifindex !== undefined && spec.ifindex !== 0 && link === undefined) return fail('ENODEV');
  const { gateway } = spec;
  if (gateway !== undefined) {
    if (
      ns
        .links()
        .some(
          (l) =>
            (link === undefined || l === link || !gateway.isLinkLocal) &&
            l.inet6?.addrs.some((a) => a.local === gateway),
        )
    )
      return fail('EINVAL', 'Gateway can not be a local address');
    if (gateway.isMulticast || gateway.isLoopback || gateway.isUnspecified)
      return fail('EINVAL', 'Invalid gateway address');
    if (spec.onlink !== true && !gateway.isLinkLocal) {
      const found =
        ns.fib6.table(table)?.lookup(gateway, link?.ifindex ?? 0) ??
        fibLookup6(ns, { dst: gateway, src: undefined, oif: link?.ifindex ?? 0, iif: 0, mark: 0, tos: 0 });
      const nexthop = found !== undefined && 'nexthop' in found ? found.nexthop : undefined;
      if (nexthop === undefined || nexthop.gateway !== undefined) return fail('EHOSTUNREACH');
      link ??= nexthop.link;
    }
    if (link === undefined) return fail('EINVAL', 'Egress device not specified');
    if (link.isLoopback) return fail('EINVAL', 'Egress device can not be loopback device for this route');
  }
  if (link === undefined) return fail('ENODEV');
  if (link.inet6 === undefined) return fail('ENODEV');
  if (link.inet6.conf.disable_ipv6 !== 0) return fail('EACCES', 'IPv6 is disabled on nexthop device');
  if (!link.up) return fail('ENETDOWN', 'Nexthop device is not up');
  return ok({ link, gateway, weight: spec.weight ?? 1, onlink: spec.onlink ?? false, scope: 0, dead: false });
}

/** RTM_DELROUTE of IPv6. */
export function delRoute6(ns: NetNs, request: DelRoute): Result<void> {
  const table = ns.fib6.table(request.table ?? RT_TABLE.main);
  const spec = request.nexthops?.[0];
  const route = table
    ?.at(maskAddress(request.dst.address, request.dst.prefix), request.dst.prefix)
    .find(
      (r) =>
        (request.type === undefined || request.type === r.type) &&
        (request.priority === undefined || request.priority === 0 || request.priority === r.priority) &&
        (request.protocol === undefined || request.protocol === 0 || request.protocol === r.protocol) &&
        (spec === undefined ||
          r.nexthops.some(
            (n) =>
              (spec.ifindex === undefined || n.link.ifindex === spec.ifindex) &&
              (spec.gateway === undefined || n.gateway === spec.gateway),
          )),
    );
  if (table === undefined || route === undefined) return fail('ESRCH');
  table.remove(route);
  if (ns.watched) ns.notify({ type: 'delroute', route: routeMessage6(route) });
  return done;
}

export function dumpRoutes6(ns: NetNs, table: number | undefined): RouteMessage[] {
  return ns.fib6
    .tables()
    .filter(({ id }) => table === undefined || id === table)
    .flatMap((one) => one.list().map(routeMessage6));
}

/** Routes that lead nowhere stand at lo. */
const ON_LOOPBACK = { ifindex: 1, gateway: undefined, weight: 1, onlink: false, linkdown: false, dead: false };

export const routeMessage6 = (route: Route6): RouteMessage => ({
  family: 6,
  dst: new Cidr(route.dst, route.prefix),
  type: route.type,
  table: route.table,
  protocol: route.protocol,
  scope: 0,
  tos: 0,
  priority: route.priority,
  prefsrc: route.prefsrc,
  metrics: route.metrics,
  nexthops: isSpecial(route.type)
    ? [ON_LOOPBACK]
    : route.nexthops.map((n) => ({
        ifindex: n.link.ifindex,
        gateway: n.gateway,
        weight: n.weight,
        onlink: n.onlink,
        linkdown: isLinkDown(n),
        dead: n.dead,
      })),
  expires: undefined,
});

/** A route that the kernel makes by itself. */
export function kernelRoute(
  link: Nexthop['link'],
  type: Route6['type'],
  dst: Ip,
  prefix: number,
  table: number,
  priority: number,
): Route6 {
  return {
    dst: maskAddress(dst, prefix),
    prefix,
    type,
    table,
    protocol: RTPROT.kernel,
    priority,
    prefsrc: undefined,
    metrics: {},
    nexthops: [{ link, gateway: undefined, weight: 1, onlink: false, scope: 0, dead: false }],
  };
}
