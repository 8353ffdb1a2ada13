import type { Notifier } from '../notifier.ts';
import { arpOps } from './arp.ts';
import { flushLink } from './manage.ts';

/** What devices do to ARP's neighbours (arp_netdev_event, arp_ifdown). */
export const arpNotifier: Notifier = {
  netnsInit(ns) {
    ns.neigh4.ops = arpOps;
  },
  changeMac: (link) => flushLink(link.ns.neigh4, link, false),
  changeNoArp: (link) => flushLink(link.ns.neigh4, link, false),
  down: (link) => flushLink(link.ns.neigh4, link, false),
  unregister(link) {
    flushLink(link.ns.neigh4, link, false);
    const { proxies } = link.ns.neigh4;
    for (const proxy of proxies.filter((p) => p.link === link)) proxies.splice(proxies.indexOf(proxy), 1);
  },
  change(link) {
    if (!link.carrier && link.inet.conf.arp_evict_nocarrier !== 0) flushLink(link.ns.neigh4, link, true);
  },
};
