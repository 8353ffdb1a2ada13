import { kernelRoute } from '../fib/rtnl6.ts';
import { ALL_NODES, linkLocalOf, MULTICAST_PREFIX } from '../ip6/address.ts';
import { joinGroup6, resumeGroups, suspendGroups } from '../ip6/mld.ts';
import { ndiscOps } from '../ip6/ndisc.ts';
import type { Link } from '../link/link.ts';
import { RT_TABLE } from '../messages.ts';
import { flushLink } from '../neigh/manage.ts';
import type { Notifier } from '../notifier.ts';
import { startDad } from './dad.ts';
import { Inet6Device, IPV6_MIN_MTU } from './in6-device.ts';
import { addLoopbackAddress6, addPrefixRoute, insertIfaddr6, makeIfaddr } from './inet6.ts';

/** What devices coming, carrying and going do to IPv6 (addrconf_notify, net/ipv6/addrconf.c). */
export const addrconfNotifier: Notifier = {
  netnsInit(ns) {
    ns.neigh6.ops = ndiscOps;
  },
  register: addDevice,
  unregister(link) {
    ifdown(link);
    link.inet6?.groups.clear();
    link.inet6 = undefined;
  },
  up(link) {
    if (link.mtu < IPV6_MIN_MTU) return;
    if (link.inet6 === undefined) addDevice(link);
    resumeGroups(link);
    // addrconf_permanent_addr(): addresses that were there before get their routes whether or not the device carries.
    for (const ifa of link.inet6?.addrs ?? []) addPrefixRoute(ifa);
    makeReady(link);
  },
  change(link) {
    const { inet6 } = link;
    if (inet6 === undefined || !link.up) return;
    if (!operational(link)) inet6.ready = false;
    else if (!inet6.ready) makeReady(link);
  },
  down: ifdown,
  changeMac(link) {
    if (link.inet6 !== undefined) flushLink(link.ns.neigh6, link, false);
  },
  changeNoArp: (link) => flushLink(link.ns.neigh6, link, false),
  changeMtu(link) {
    if (link.mtu < IPV6_MIN_MTU) {
      ifdown(link);
      suspendGroups(link);
      link.inet6 = undefined;
      link.ns.generation++;
    } else if (link.inet6 === undefined) {
      addDevice(link);
      if (link.up) makeReady(link);
    } else {
      link.inet6.conf.mtu = link.mtu;
    }
  },
  changeDisableIpv6(link) {
    if (link.inet6?.conf.disable_ipv6 !== 0) ifdown(link);
    else if (link.up) makeReady(link);
  },
};

/** ipv6_add_dev() */
function addDevice(link: Link): void {
  if (link.mtu < IPV6_MIN_MTU) return;
  link.inet6 = new Inet6Device(link);
  link.ns.generation++;
  joinGroup6(link, ALL_NODES);
}

const operational = (link: Link): boolean => link.running && (link.operstate === 'UP' || link.operstate === 'UNKNOWN');

/** addrconf_dev_config(): a device that carries gets its own addresses, and those given before start their probation. */
function makeReady(link: Link): void {
  const { inet6 } = link;
  if (inet6 === undefined || !operational(link) || inet6.conf.disable_ipv6 !== 0) return;
  inet6.ready = true;
  if (link.isLoopback) {
    if (inet6.addrs.every((a) => a.prefix !== 128 || !a.local.isLoopback)) addLoopbackAddress6(link);
  } else {
    const table = link.ns.fib6.tableForInsert(RT_TABLE.local);
    if (!table.at(MULTICAST_PREFIX, 8).some((r) => r.nexthops[0]?.link === link))
      table.insert(kernelRoute(link, 'multicast', MULTICAST_PREFIX, 8, RT_TABLE.local, 256));
    const own = (link.kind.linkLocal ?? linkLocalOf)(link.mac);
    if (link.addrGenMode === 'eui64' && link.mac !== 0 && !inet6.addrs.some((a) => a.local === own))
      insertIfaddr6(makeIfaddr(link, own, 64));
  }
  for (const ifa of inet6.addrs) {
    addPrefixRoute(ifa);
    if (ifa.tentative && !ifa.dadFailed && ifa.timer === undefined) startDad(ifa);
  }
}

/** addrconf_ifdown(): addresses and routes of the device go with it, also those that a user gave, unless keep_addr_on_down. */
function ifdown(link: Link): void {
  const { inet6, ns } = link;
  if (inet6 === undefined) return;
  inet6.ready = false;
  inet6.solicitTimer?.cancel();
  ns.fib6.flush((route) => route.nexthops.length > 0 && route.nexthops.every((n) => n.link === link));
  const keep = inet6.conf.keep_addr_on_down > 0 && link.registered;
  for (const ifa of [...inet6.addrs]) {
    ifa.timer?.cancel();
    ifa.timer = undefined;
    if (keep && !ifa.local.isLinkLocal) ifa.tentative = true;
    else inet6.addrs = inet6.addrs.filter((other) => other !== ifa);
  }
  for (const [group] of [...inet6.groups]) if (group !== ALL_NODES) inet6.groups.delete(group);
  suspendGroups(link);
  flushLink(ns.neigh6, link, false);
}
