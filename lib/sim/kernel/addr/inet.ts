import { done, fail, Ip, type Result, SECOND } from '../../base/index.ts';
import { addConnectedRoutes, removeConnectedRoutes, removePrefixRoute } from '../fib/connected.ts';
import type { Link } from '../link/link.ts';
import { type AddrMessage, type NewFlags, SCOPE } from '../messages.ts';
import { flushLink } from '../neigh/manage.ts';
import type { NetNs } from '../netns.ts';
import type { DelAddr, NewAddr } from '../requests.ts';
import { type Ifaddr, inSubnet } from './in-device.ts';

const ADDRESSES_PER_DEVICE = 1024;

/** inet_rtm_newaddr() */
export function newAddr4(ns: NetNs, request: NewAddr, flags: NewFlags): Result<void> {
  if (request.prefix > 32) return fail('EINVAL', 'ipv4: Invalid prefix length');
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV', 'ipv4: Device not found');
  if (link.inet.addrs.length >= ADDRESSES_PER_DEVICE) return fail('ENOBUFS');
  const { now } = ns.kernel.events;
  const until = (lifetime: number | undefined): number =>
    lifetime === undefined ? Number.POSITIVE_INFINITY : now + lifetime * SECOND;
  if ((request.preferredLft ?? 0) > (request.validLft ?? Number.POSITIVE_INFINITY))
    return fail('EINVAL', 'ipv4: Invalid address lifetime');
  const ifa: Ifaddr = {
    link,
    local: request.local,
    address: request.peer ?? request.local,
    prefix: request.prefix,
    broadcast: request.broadcast,
    label: request.label ?? link.name,
    scope: request.scope ?? SCOPE.universe,
    secondary: false,
    noprefixroute: request.noprefixroute ?? false,
    metric: request.metric ?? 0,
    validUntil: until(request.validLft),
    preferredUntil: until(request.preferredLft),
  };
  // No address at all: the kernel takes it and does nothing.
  if (ifa.local === Ip.any4) return done;
  const twin = link.inet.addrs.find(
    (other) => other.prefix === ifa.prefix && inSubnet(other, ifa.address) && other.local === ifa.local,
  );
  if (twin === undefined) {
    const inserted = insertIfaddr(ifa);
    if (inserted.ok) watchLifetime(ifa);
    return inserted;
  }
  if (flags.excl === true || flags.replace !== true) return fail('EEXIST', 'ipv4: Address already assigned');
  if (twin.metric !== ifa.metric) {
    removePrefixRoute(twin);
    twin.metric = ifa.metric;
    addConnectedRoutes(twin);
  }
  twin.validUntil = ifa.validUntil;
  twin.preferredUntil = ifa.preferredUntil;
  watchLifetime(twin);
  notify(twin, 'newaddr');
  return done;
}

/** inet_insert_ifa(): behind the primaries of its scope; an address in the subnet of another is secondary. */
export function insertIfaddr(ifa: Ifaddr): Result<void> {
  const { addrs } = ifa.link.inet;
  let at = 0;
  for (const [i, other] of addrs.entries()) {
    if (!other.secondary && ifa.scope <= other.scope) at = i + 1;
    if (other.prefix !== ifa.prefix || !inSubnet(other, ifa.address)) continue;
    if (other.local === ifa.local) return fail('EEXIST', 'ipv4: Address already assigned');
    if (other.scope !== ifa.scope) return fail('EINVAL', 'ipv4: Invalid scope value');
    ifa.secondary = true;
  }
  addrs.splice(ifa.secondary ? addrs.length : at, 0, ifa);
  notify(ifa, 'newaddr');
  addConnectedRoutes(ifa);
  return done;
}

/** inet_rtm_deladdr() */
export function delAddr4(ns: NetNs, request: DelAddr): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV', 'ipv4: Device not found');
  const ifa = link.inet.addrs.find(
    (a) =>
      a.local === request.local &&
      (request.label === undefined || a.label === request.label) &&
      (request.prefix === undefined || (a.prefix === request.prefix && inSubnet(a, request.peer ?? request.local))),
  );
  if (ifa === undefined) return fail('EADDRNOTAVAIL', 'ipv4: Address not found');
  removeIfaddr(ifa);
  return done;
}

/** __inet_del_ifa(): with a primary go its secondaries, unless promote_secondaries makes the first of them primary. */
export function removeIfaddr(ifa: Ifaddr): void {
  const { inet } = ifa.link;
  const remove = (one: Ifaddr): void => {
    inet.addrs = inet.addrs.filter((other) => other !== one);
    notify(one, 'deladdr');
    removeConnectedRoutes(one);
    for (const notifier of one.link.ns.kernel.notifiers) notifier.deleteAddress?.(one.link, one.local);
  };
  const secondaries = ifa.secondary
    ? []
    : inet.addrs.filter((o) => o.secondary && o.prefix === ifa.prefix && inSubnet(o, ifa.address));
  const promote = inet.either('promote_secondaries') ? secondaries[0] : undefined;
  if (promote === undefined) for (const secondary of secondaries) remove(secondary);
  remove(ifa);
  // Without an address IPv4 is off on the device, and nobody there is known any more (fib_disable_ip).
  if (inet.addrs.length === 0) flushLink(ifa.link.ns.neigh4, ifa.link, false);
  if (promote !== undefined) {
    promote.secondary = false;
    notify(promote, 'newaddr');
    for (const secondary of secondaries) addConnectedRoutes(secondary);
  }
}

/** 127.0.0.1/8 on a loopback device that comes up without addresses. */
export function addLoopbackAddress(link: Link): void {
  insertIfaddr({
    link,
    local: Ip.fromV4(0x7f000001),
    address: Ip.fromV4(0x7f000001),
    prefix: 8,
    broadcast: undefined,
    label: link.name,
    scope: SCOPE.host,
    secondary: false,
    noprefixroute: false,
    metric: 0,
    validUntil: Number.POSITIVE_INFINITY,
    preferredUntil: Number.POSITIVE_INFINITY,
  });
}

/** Ends the address when its lifetime is over (check_lifetime). */
function watchLifetime(ifa: Ifaddr): void {
  if (ifa.validUntil === Number.POSITIVE_INFINITY) return;
  const { events } = ifa.link.ns.kernel;
  const at = ifa.validUntil;
  events.after(at - events.now, () => {
    if (ifa.validUntil === at && ifa.link.inet.addrs.includes(ifa)) removeIfaddr(ifa);
  });
}

export const dumpAddrs4 = (ns: NetNs): AddrMessage[] => ns.links().flatMap((link) => link.inet.addrs.map(addrMessage4));

export function addrMessage4(ifa: Ifaddr): AddrMessage {
  const { now } = ifa.link.ns.kernel.events;
  const left = (until: number): number => Math.max(0, Math.ceil((until - now) / SECOND));
  return {
    family: 4,
    ifindex: ifa.link.ifindex,
    local: ifa.local,
    address: ifa.address,
    prefix: ifa.prefix,
    broadcast: ifa.broadcast,
    label: ifa.label,
    scope: ifa.scope,
    flags: {
      secondary: ifa.secondary,
      permanent: ifa.validUntil === Number.POSITIVE_INFINITY,
      tentative: false,
      dadFailed: false,
      deprecated: ifa.preferredUntil <= now,
      nodad: false,
      noprefixroute: ifa.noprefixroute,
    },
    validLft: left(ifa.validUntil),
    preferredLft: left(ifa.preferredUntil),
    metric: ifa.metric === 0 ? undefined : ifa.metric,
  };
}

function notify(ifa: Ifaddr, type: 'newaddr' | 'deladdr'): void {
  const { ns } = ifa.link;
  if (ns.watched) ns.notify({ type, addr: addrMessage4(ifa) });
}
