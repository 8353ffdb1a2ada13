import type { Link } from '../link/link.ts';
import { SCOPE } from '../messages.ts';
import type { Notifier } from '../notifier.ts';
import { addConnectedRoutes } from './connected.ts';
import { notifyRoute4 } from './message4.ts';
import type { Nexthop } from './route.ts';

/** What devices coming and going do to IPv4 routes (fib_netdev_event). */
export const fib4Notifier: Notifier = {
  up(link) {
    for (const ifa of link.inet.addrs) addConnectedRoutes(ifa);
    forNexthops(link, (nexthop) => {
      nexthop.dead = false;
    });
  },
  // Local routes stay while the device is only down: their nexthop's scope is "nowhere".
  down: (link) => killNexthops(link, (nexthop) => nexthop.scope !== SCOPE.nowhere),
  unregister: (link) => killNexthops(link, () => true),
};

/** fib_sync_down_dev() and fib_flush(): a route dies with its last nexthop. */
function killNexthops(link: Link, which: (nexthop: Nexthop) => boolean): void {
  forNexthops(link, (nexthop) => {
    if (which(nexthop)) nexthop.dead = true;
  });
  const { ns } = link;
  for (const route of ns.fib4.flush((r) => r.nexthops.length > 0 && r.nexthops.every((n) => n.dead)))
    notifyRoute4(ns, 'delroute', route);
  ns.flushRouteCache();
}

function forNexthops(link: Link, what: (nexthop: Nexthop) => void): void {
  for (const table of link.ns.fib4.tables()) {
    for (const route of table.list()) for (const nexthop of route.nexthops) if (nexthop.link === link) what(nexthop);
  }
}
