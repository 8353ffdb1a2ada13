import { type Ip, netmask4 } from '../../base/index.ts';
import type { Ifaddr } from '../addr/in-device.ts';
import { inSubnet } from '../addr/in-device.ts';
import { RT_TABLE, RTPROT, SCOPE } from '../messages.ts';
import { notifyRoute4 } from './message4.ts';
import type { Route4 } from './route.ts';

/** Routes that the kernel makes for an address (fib_add_ifaddr), in that order: local, broadcast, the subnet, its broadcast. */
function routesOf(ifa: Ifaddr): Route4[] {
  const { link } = ifa;
  const prim = ifa.secondary
    ? link.inet.addrs.find((a) => !a.secondary && a.prefix === ifa.prefix && inSubnet(a, ifa.address))
    : ifa;
  const prefsrc = (prim ?? ifa).local;
  const make = (type: 'local' | 'broadcast' | 'unicast', key: number, prefix: number, priority: number): Route4 => ({
    key: key >>> 0,
    prefix,
    type,
    table: type === 'unicast' ? RT_TABLE.main : RT_TABLE.local,
    protocol: RTPROT.kernel,
    scope: type === 'local' ? SCOPE.host : SCOPE.link,
    tos: 0,
    priority,
    prefsrc,
    metrics: {},
    nexthops: [
      {
        link,
        gateway: undefined,
        weight: 1,
        onlink: false,
        scope: type === 'local' ? SCOPE.nowhere : SCOPE.host,
        dead: false,
      },
    ],
  });
  const routes = [make('local', ifa.local.v4, 32, 0)];
  if (!link.up) return routes;
  const network = (ifa.address.v4 & netmask4(ifa.prefix)) >>> 0;
  if (ifa.broadcast !== undefined && ifa.broadcast.v4 !== 0xffff_ffff)
    routes.push(make('broadcast', ifa.broadcast.v4, 32, 0));
  if (network >>> 24 !== 0 && !ifa.secondary && (network !== ifa.local.v4 || ifa.prefix < 32)) {
    if (!ifa.noprefixroute) routes.push(make(link.isLoopback ? 'local' : 'unicast', network, ifa.prefix, ifa.metric));
    if (ifa.prefix < 31) routes.push(make('broadcast', network | ~netmask4(ifa.prefix), 32, 0));
  }
  return routes;
}

/** The same place and meaning: such a route is not added twice. */
const sameRoute = (a: Route4, b: Route4): boolean =>
  a.key === b.key &&
  a.prefix === b.prefix &&
  a.table === b.table &&
  a.type === b.type &&
  a.priority === b.priority &&
  a.prefsrc === b.prefsrc &&
  a.protocol === b.protocol &&
  a.nexthops[0]?.link === b.nexthops[0]?.link &&
  a.nexthops.length === b.nexthops.length;

/** fib_add_ifaddr() */
export function addConnectedRoutes(ifa: Ifaddr): void {
  const { ns } = ifa.link;
  for (const route of routesOf(ifa)) {
    const table = ns.fib4.tableForInsert(route.table);
    if (table.at(route.key, route.prefix).some((other) => sameRoute(other, route))) continue;
    table.insert(route, true);
    notifyRoute4(ns, 'newroute', route);
  }
}

/** The first half of fib_modify_prefix_metric(): the subnet's route goes, to come back with another metric. */
export function removePrefixRoute(ifa: Ifaddr): void {
  const { ns } = ifa.link;
  for (const route of routesOf(ifa)) {
    if (route.table !== RT_TABLE.main) continue;
    const old = ns.fib4
      .table(route.table)
      ?.at(route.key, route.prefix)
      .find((other) => sameRoute(other, route));
    if (old !== undefined) ns.fib4.table(route.table)?.remove(old);
  }
}

/** fib_del_ifaddr(): what no other address needs. Precondition: the address is off the device's list. */
export function removeConnectedRoutes(ifa: Ifaddr): void {
  const { link } = ifa;
  const { ns } = link;
  const needed = link.inet.addrs.flatMap(routesOf);
  for (const route of routesOf(ifa)) {
    if (needed.some((other) => sameRoute(other, route))) continue;
    const table = ns.fib4.table(route.table);
    const old = table?.at(route.key, route.prefix).find((other) => sameRoute(other, route));
    if (table === undefined || old === undefined) continue;
    table.remove(old);
    notifyRoute4(ns, 'delroute', old);
  }
  forgetSource(ifa.link.ns, ifa.local);
  // The last address takes IPv4 with it: every route by this device goes (fib_disable_ip).
  if (link.inet.addrs.length === 0)
    for (const gone of ns.fib4.flush((r) => r.nexthops.length > 0 && r.nexthops.every((n) => n.link === link)))
      notifyRoute4(ns, 'delroute', gone);
}

/** fib_sync_down_addr(): routes that name a source address which this host no longer has. */
function forgetSource(ns: Ifaddr['link']['ns'], address: Ip): void {
  if (ns.links().some((link) => link.inet.addrs.some((a) => a.local === address))) return;
  for (const gone of ns.fib4.flush((route) => route.prefsrc === address)) notifyRoute4(ns, 'delroute', gone);
}
