import { done, fail, Ip, type Result, SECOND } from '../../base/index.ts';
import { kernelRoute } from '../fib/rtnl6.ts';
import { LOOPBACK6, maskAddress, scopeOf, solicitedNode } from '../ip6/address.ts';
import { leaveGroup6 } from '../ip6/mld.ts';
import type { Link } from '../link/link.ts';
import { type AddrMessage, type NewFlags, RT_TABLE, SCOPE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelAddr, NewAddr } from '../requests.ts';
import { startDad } from './dad.ts';
import type { Ifaddr6 } from './in6-device.ts';

/** IP6_RT_PRIO_ADDRCONF */
const PREFIX_METRIC = 256;
const ADDRESSES_PER_DEVICE = 1024;

/** inet6_rtm_newaddr() */
export function newAddr6(ns: NetNs, request: NewAddr, flags: NewFlags): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV', 'Unable to find the interface');
  if (request.prefix > 128) return fail('EINVAL', 'ipv6: Invalid prefix length');
  const { inet6 } = link;
  if (inet6 === undefined) return fail('ENOBUFS');
  if (inet6.conf.disable_ipv6 !== 0 && !link.isLoopback) return fail('EACCES', 'ipv6: IPv6 is disabled on this device');
  if (request.local === Ip.any6) return fail('EADDRNOTAVAIL', 'ipv6: Invalid address');
  if (request.local.isMulticast)
    return fail('EINVAL', 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag');
  if (request.local.isLoopback && !link.isLoopback)
    return fail('EADDRNOTAVAIL', 'ipv6: Cannot assign loopback address on this device');
  if (inet6.addrs.length >= ADDRESSES_PER_DEVICE) return fail('ENOBUFS');
  const { now } = ns.kernel.events;
  const until = (lifetime: number | undefined): number =>
    lifetime === undefined ? Number.POSITIVE_INFINITY : now + lifetime * SECOND;
  const known = inet6.addrs.find((a) => a.local === request.local);
  if (known !== undefined) {
    if (flags.excl === true || flags.replace !== true) return fail('EEXIST', 'ipv6: address already assigned');
    known.validUntil = until(request.validLft);
    known.preferredUntil = until(request.preferredLft);
    return done;
  }
  const ifa = makeIfaddr(link, request.local, request.prefix, {
    peer: request.peer === request.local ? undefined : request.peer,
    nodad: request.nodad ?? false,
    noprefixroute: request.noprefixroute ?? false,
    metric: request.metric ?? 0,
    validUntil: until(request.validLft),
    preferredUntil: until(request.preferredLft),
  });
  insertIfaddr6(ifa);
  if (ifa.validUntil !== Number.POSITIVE_INFINITY) {
    ns.kernel.events.after(ifa.validUntil - now, () => {
      if (inet6.addrs.includes(ifa) && ifa.validUntil <= ns.kernel.events.now) removeIfaddr6(ifa);
    });
  }
  return done;
}

type Details = Partial<Pick<Ifaddr6, 'peer' | 'nodad' | 'noprefixroute' | 'metric' | 'validUntil' | 'preferredUntil'>>;

export function makeIfaddr(link: Link, local: Ip, prefix: number, details: Details = {}): Ifaddr6 {
  const scope = scopeOf(local);
  return {
    link,
    local,
    peer: undefined,
    prefix,
    scope: scope === 2 ? SCOPE.link : scope === 1 ? SCOPE.host : scope === 5 ? SCOPE.site : SCOPE.universe,
    tentative: true,
    dadFailed: false,
    nodad: false,
    noprefixroute: false,
    metric: 0,
    validUntil: Number.POSITIVE_INFINITY,
    preferredUntil: Number.POSITIVE_INFINITY,
    nonce: undefined,
    probesLeft: 0,
    timer: undefined,
    ...details,
  };
}

/** ipv6_add_addr() and what follows: in its place by scope, with its prefix's route, and on probation. */
export function insertIfaddr6(ifa: Ifaddr6): void {
  const { link } = ifa;
  const addrs = link.inet6?.addrs ?? [];
  const at = addrs.findIndex((other) => listScope(ifa) >= listScope(other));
  addrs.splice(at === -1 ? addrs.length : at, 0, ifa);
  if (link.up) addPrefixRoute(ifa);
  startDad(ifa);
  notify(ifa, 'newaddr');
}

/** ipv6_addr_src_scope(), for which the loopback address comes last of all. */
const listScope = (ifa: Ifaddr6): number => scopeOf(ifa.local);

/** addrconf_prefix_route() */
export function addPrefixRoute(ifa: Ifaddr6): void {
  const { link } = ifa;
  // The loopback address is local, and that is all.
  if (ifa.noprefixroute || ifa.local === LOOPBACK6) return;
  const table = link.ns.fib6.tableForInsert(RT_TABLE.main);
  const metric = ifa.metric === 0 ? PREFIX_METRIC : ifa.metric;
  const add = (dst: Ip, prefix: number): void => {
    const there = table
      .at(maskAddress(dst, prefix), prefix)
      .some((r) => r.priority === metric && r.nexthops[0]?.link === link);
    if (!there) table.insert(kernelRoute(link, 'unicast', dst, prefix, RT_TABLE.main, metric));
  };
  add(ifa.local, ifa.prefix);
  if (ifa.peer !== undefined) add(ifa.peer, 128);
}

/** inet6_rtm_deladdr() */
export function delAddr6(ns: NetNs, request: DelAddr): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV', 'Unable to find the interface');
  const ifa = link.inet6?.addrs.find(
    (a) => a.local === request.local && (request.prefix === undefined || a.prefix === request.prefix),
  );
  if (ifa === undefined) return fail('EADDRNOTAVAIL', 'ipv6: address not found');
  removeIfaddr6(ifa);
  return done;
}

/** ipv6_del_addr(): the prefix's route stays while another address needs it. */
export function removeIfaddr6(ifa: Ifaddr6): void {
  const { link } = ifa;
  const { inet6, ns } = link;
  if (inet6 === undefined) return;
  ifa.timer?.cancel();
  inet6.addrs = inet6.addrs.filter((other) => other !== ifa);
  const subnet = maskAddress(ifa.local, ifa.prefix);
  const shared = inet6.addrs.some((a) => a.prefix === ifa.prefix && maskAddress(a.local, a.prefix) === subnet);
  if (!shared && !ifa.noprefixroute)
    ns.fib6.flush(
      (r) =>
        r.table === RT_TABLE.main &&
        r.protocol === 2 &&
        r.dst === subnet &&
        r.prefix === ifa.prefix &&
        r.nexthops[0]?.link === link,
    );
  ns.fib6.flush((r) => r.type === 'local' && r.dst === ifa.local && r.nexthops[0]?.link === link);
  ns.fib6.flush((r) => r.prefsrc === ifa.local);
  if (ifa.peer !== undefined)
    ns.fib6.flush((r) => r.dst === ifa.peer && r.prefix === 128 && r.protocol === 2 && r.nexthops[0]?.link === link);
  leaveGroup6(link, solicitedNode(ifa.local));
  notify(ifa, 'deladdr');
}

export const addLoopbackAddress6 = (link: Link): void => insertIfaddr6(makeIfaddr(link, LOOPBACK6, 128));

export const dumpAddrs6 = (ns: NetNs): AddrMessage[] =>
  ns.links().flatMap((link) => link.inet6?.addrs.map(addrMessage6) ?? []);

function addrMessage6(ifa: Ifaddr6): AddrMessage {
  const { now } = ifa.link.ns.kernel.events;
  const left = (until: number): number => Math.max(0, Math.ceil((until - now) / SECOND));
  return {
    family: 6,
    ifindex: ifa.link.ifindex,
    local: ifa.local,
    address: ifa.peer ?? ifa.local,
    prefix: ifa.prefix,
    broadcast: undefined,
    label: undefined,
    scope: ifa.scope,
    flags: {
      secondary: false,
      permanent: ifa.validUntil === Number.POSITIVE_INFINITY,
      tentative: ifa.tentative,
      dadFailed: ifa.dadFailed,
      deprecated: ifa.preferredUntil <= now,
      nodad: ifa.nodad,
      noprefixroute: ifa.noprefixroute,
    },
    validLft: left(ifa.validUntil),
    preferredLft: left(ifa.preferredUntil),
    metric: ifa.metric === 0 ? undefined : ifa.metric,
  };
}

function notify(ifa: Ifaddr6, type: 'newaddr' | 'deladdr'): void {
  const { ns } = ifa.link;
  if (ns.watched) ns.notify({ type, addr: addrMessage6(ifa) });
}
