import { done, fail, isMulticastMac, type Mac, type Result } from '../../base/index.ts';
import { setMaster } from '../bridge/membership.ts';
import { applyBridgeOptions, applyPortOptions } from '../bridge/options.ts';
import { IFF } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { callNotifiers } from '../notifier.ts';
import type { LinkChange, LinkSettings } from '../requests.ts';
import { notifyLink } from './dump.ts';
import type { Link } from './link.ts';
import { moveLink } from './move.ts';
import { chooseName } from './names.ts';
import { closeLink, openLink } from './updown.ts';

/** RTM_NEWLINK on an existing device (do_setlink): what is asked happens in the kernel's order, up to the first error. */
export function setLink(ns: NetNs, ifindex: number, change: LinkChange): Result<void> {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return fail('ENODEV');
  const steps: (() => Result<void>)[] = [
    () => (change.vf === true ? fail('EOPNOTSUPP') : done),
    () => (change.data === undefined ? done : (link.kind.change?.(link, change.data, ns) ?? fail('EOPNOTSUPP'))),
    () => (change.bridge === undefined ? done : applyBridgeOptions(link, change.bridge)),
    () => (change.bridgePort === undefined ? done : applyPortOptions(link, change.bridgePort)),
    () => (change.netns === undefined ? done : moveLink(link, change.netns, change.name, change.newIfindex)),
    () => (change.mac === undefined ? done : setMac(link, change.mac)),
    () => (change.mtu === undefined ? done : setMtu(link, change.mtu)),
    () => (change.name === undefined || change.netns !== undefined ? done : rename(link, change.name)),
    () => applySettings(ns, link, change),
  ];
  for (const step of steps) {
    const result = step();
    if (!result.ok) return result;
  }
  notifyLink(link, 'newlink');
  return done;
}

/** What `ip link add` and `ip link set` have in common, behind address, MTU and name. Masters are looked up in `ns`. */
export function applySettings(ns: NetNs, link: Link, settings: LinkSettings): Result<void> {
  if (settings.group !== undefined) link.group = settings.group;
  if (settings.alias !== undefined) link.alias = settings.alias === '' ? undefined : settings.alias;
  if (settings.broadcast !== undefined) link.broadcast = settings.broadcast;
  if (settings.master !== undefined) {
    const master = settings.master === 0 ? undefined : ns.linkByIndex(settings.master);
    if (settings.master !== 0 && master === undefined) return fail('EINVAL');
    const set = setMaster(link, master);
    if (!set.ok) return set;
    notifyLink(link, 'newlink');
  }
  const flagged = setFlags(link, settings);
  if (!flagged.ok) return flagged;
  if (settings.txqlen !== undefined) link.txqlen = settings.txqlen;
  if (settings.addrGenMode !== undefined) link.addrGenMode = settings.addrGenMode;
  return done;
}

/** dev_change_flags() */
function setFlags(link: Link, settings: LinkSettings): Result<void> {
  if (settings.arp !== undefined && settings.arp === ((link.flags & IFF.NOARP) !== 0)) {
    setFlag(link, IFF.NOARP, !settings.arp);
    callNotifiers(link, 'changeNoArp');
  }
  if (settings.multicast !== undefined) setFlag(link, IFF.MULTICAST, settings.multicast);
  if (settings.promisc !== undefined && settings.promisc !== link.userPromisc) {
    link.userPromisc = settings.promisc;
    link.promiscuity += settings.promisc ? 1 : -1;
  }
  if (settings.allmulticast !== undefined && settings.allmulticast !== link.userAllmulti) {
    link.userAllmulti = settings.allmulticast;
    link.allmulti += settings.allmulticast ? 1 : -1;
  }
  if (settings.up === true) return openLink(link);
  if (settings.up === false) closeLink(link);
  return done;
}

function setFlag(link: Link, flag: number, on: boolean): void {
  link.flags = on ? link.flags | flag : link.flags & ~flag;
}

/** dev_set_mac_address() */
function setMac(link: Link, mac: Mac): Result<void> {
  if (mac !== link.mac && (mac === 0 || isMulticastMac(mac))) return fail('EADDRNOTAVAIL');
  const allowed = link.kind.checkMac?.(link, mac) ?? done;
  if (!allowed.ok) return allowed;
  const old = link.mac;
  link.addrAssignType = 3;
  link.mac = mac;
  if (link.kind.macChanged !== undefined) link.kind.macChanged(link, old);
  else callNotifiers(link, 'changeMac');
  return done;
}

/** dev_set_mtu() */
function setMtu(link: Link, mtu: number): Result<void> {
  if (mtu < link.minMtu) return fail('EINVAL', 'mtu less than device minimum');
  if (link.maxMtu !== 0 && mtu > link.maxMtu) return fail('EINVAL', 'mtu greater than device maximum');
  if (mtu === link.mtu) return done;
  const allowed = link.kind.checkMtu?.(link, mtu) ?? done;
  if (!allowed.ok) return allowed;
  link.mtu = mtu;
  link.kind.mtuChanged?.(link);
  callNotifiers(link, 'changeMtu');
  return done;
}

/** dev_change_name(); also of a device that is up. */
function rename(link: Link, wanted: string): Result<void> {
  if (wanted === link.name) return done;
  const name = chooseName(link.ns, wanted);
  if (!name.ok) return name;
  const old = link.name;
  link.ns.removeLink(link);
  link.name = name.value;
  link.ns.addLink(link);
  for (const notifier of link.ns.kernel.notifiers) notifier.changeName?.(link, old);
  return done;
}

/** RTM_NEWLINKPROP */
export function addAltname(ns: NetNs, ifindex: number, altname: string): Result<void> {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return fail('ENODEV');
  if (altname.length >= 128 || altname === '') return fail('EINVAL');
  if (ns.linkByName(altname) !== undefined) return fail('EEXIST');
  link.altnames.push(altname);
  return done;
}

/** RTM_DELLINKPROP */
export function delAltname(ns: NetNs, ifindex: number, altname: string): Result<void> {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return fail('ENODEV');
  const at = link.altnames.indexOf(altname);
  if (at === -1) return fail(ns.linkByName(altname) === undefined ? 'ENOENT' : 'EINVAL');
  link.altnames.splice(at, 1);
  return done;
}
