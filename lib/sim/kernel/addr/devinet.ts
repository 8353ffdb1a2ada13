import type { Mac } from '../../base/index.ts';
import { joinGroup, leaveGroup } from '../link/groups.ts';
import { announce } from '../neigh/arp.ts';
import type { Notifier } from '../notifier.ts';
import { InetDevice } from './in-device.ts';
import { addLoopbackAddress, removeIfaddr } from './inet.ts';

/** 224.0.0.1 on Ethernet: every host listens to it while its device is up. */
const ALL_SYSTEMS = 0x0100_5e00_0001 as Mac;

/** What devices coming and going do to IPv4 (inetdev_event, net/ipv4/devinet.c). */
export const devinetNotifier: Notifier = {
  register(link) {
    link.inet = new InetDevice(link);
  },
  unregister(link) {
    for (const ifa of [...link.inet.addrs]) if (link.inet.addrs.includes(ifa)) removeIfaddr(ifa);
  },
  up(link) {
    if (link.isLoopback && link.inet.addrs.length === 0) addLoopbackAddress(link);
    if (!link.isLoopback) joinGroup(link, ALL_SYSTEMS);
    if (link.inet.either('arp_notify')) for (const ifa of link.inet.addrs) announce(link, ifa.local);
  },
  down(link) {
    if (!link.isLoopback) leaveGroup(link, ALL_SYSTEMS);
  },
  changeMac(link) {
    if (link.up && link.inet.either('arp_notify')) for (const ifa of link.inet.addrs) announce(link, ifa.local);
  },
  changeName(link, oldName) {
    for (const ifa of link.inet.addrs)
      if (ifa.label === oldName || ifa.label.startsWith(`${oldName}:`))
        ifa.label = link.name + ifa.label.slice(oldName.length);
  },
};
