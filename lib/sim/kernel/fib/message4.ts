import { Cidr, Ip } from '../../base/index.ts';
import { type RouteMessage, SCOPE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { isLinkDown, type Route4 } from './route.ts';

export function routeMessage4(route: Route4): RouteMessage {
  return {
    family: 4,
    dst: new Cidr(Ip.fromV4(route.key), route.prefix),
    type: route.type,
    table: route.table,
    protocol: route.protocol,
    scope: route.scope,
    tos: route.tos,
    priority: route.priority,
    prefsrc: route.prefsrc,
    metrics: route.metrics,
    nexthops: route.nexthops.map((nexthop) => ({
      ifindex: nexthop.link.ifindex,
      gateway: nexthop.gateway,
      weight: nexthop.weight,
      onlink: nexthop.onlink,
      linkdown: nexthop.dead || (isLinkDown(nexthop) && nexthop.scope !== SCOPE.nowhere),
      dead: nexthop.dead || (isLinkDown(nexthop) && nexthop.link.inet.either('ignore_routes_with_linkdown')),
    })),
    expires: undefined,
  };
}

export function notifyRoute4(ns: NetNs, type: 'newroute' | 'delroute', route: Route4): void {
  if (ns.watched) ns.notify({ type, route: routeMessage4(route) });
}
