import { type Errno, Ip } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import type { Ifaddr6 } from '../addr/in6-device.ts';
import type { Route6 } from '../fib/fib6.ts';
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';
import { commonBits, LOOPBACK6, scopeOf } from './address.ts';
import { type FibResult6, fibLookup6 } from './lookup.ts';

/** Where an IPv6 packet goes, and with which source (struct rt6_info). */
export type Dst6 = {
  readonly type: 'unicast' | 'local' | 'multicast';
  readonly source: Ip;
  readonly link: Link;
  readonly gateway: Ip | undefined;
  readonly route: Route6 | undefined;
  readonly pmtu: number | undefined;
};

export type RouteResult6 = { readonly ok: true; readonly dst: Dst6 } | { readonly ok: false; readonly errno: Errno };

export type OutputKey6 = {
  readonly dst: Ip;
  readonly src?: Ip | undefined;
  readonly oif?: number | undefined;
  readonly mark?: number | undefined;
  /** Nothing will be sent: the source need not be ours, and there need be none. */
  readonly question?: boolean;
};

/** ip6_route_output() and ip6_route_get_saddr(). */
export function routeOutput6(ns: NetNs, key: OutputKey6): RouteResult6 {
  // To nobody is to oneself (a BSD tradition).
  const dst = key.dst === Ip.any6 ? LOOPBACK6 : key.dst;
  const { oif = 0, question = false } = key;
  const src = key.src === Ip.any6 ? undefined : key.src;
  if (src !== undefined && !question && !isLocalAddress6(ns, src)) return { ok: false, errno: 'EADDRNOTAVAIL' };
  if (oif !== 0 && ns.linkByIndex(oif) === undefined) return { ok: false, errno: 'ENODEV' };
  const found = fibLookup6(ns, { dst, src, oif, iif: 0, mark: key.mark ?? 0, tos: 0 });
  traceRoute6(ns, dst, src, undefined, key.mark ?? 0, found);
  if (!found.ok) return { ok: false, errno: found.errno };
  const { route, nexthop } = found;
  const chosen = route.prefsrc ?? (route.type === 'local' ? dst : selectSource(ns, nexthop.link, dst));
  const source = question ? (chosen ?? Ip.any6) : (src ?? chosen);
  if (source === undefined) return { ok: false, errno: 'EADDRNOTAVAIL' };
  const learnt = ns.fib6.exceptions.find(dst);
  return {
    ok: true,
    dst: {
      type: route.type === 'local' ? 'local' : dst.isMulticast ? 'multicast' : 'unicast',
      source,
      link: route.type === 'local' ? ns.loopback : nexthop.link,
      gateway: nexthop.gateway,
      route,
      pmtu: learnt?.mtu ?? route.metrics.mtu,
    },
  };
}

/** ipv6_chk_addr(): ours, and no longer tentative. */
export function isLocalAddress6(ns: NetNs, address: Ip): boolean {
  return ns.links().some((link) => link.inet6?.addrs.some((a) => a.local === address && !a.tentative));
}

/**
 * ipv6_dev_get_saddr(): the source address for a destination, by RFC 6724 as far as it matters here: right scope, not
 * deprecated, on the outgoing device, longest common prefix.
 */
export function selectSource(ns: NetNs, out: Link, dst: Ip): Ip | undefined {
  const wanted = scopeOf(dst);
  const links = wanted <= 2 ? [out] : ns.links();
  let best: Ifaddr6 | undefined;
  for (const link of links) {
    for (const candidate of link.inet6?.addrs ?? []) {
      if (candidate.tentative || candidate.dadFailed || (link.isLoopback && link !== out && candidate.scope !== 0))
        continue;
      if (best === undefined || better(candidate, best, dst, wanted, out)) best = candidate;
    }
  }
  return best?.local;
}

function better(a: Ifaddr6, b: Ifaddr6, dst: Ip, wanted: number, out: Link): boolean {
  const rank = (x: Ifaddr6): number[] => {
    const scope = scopeOf(x.local);
    return [
      x.local === dst ? 1 : 0,
      // The smallest scope that is enough; failing that, the largest.
      scope >= wanted ? 100 - scope : scope,
      x.preferredUntil > x.link.ns.kernel.events.now ? 1 : 0,
      x.link === out ? 1 : 0,
      Math.min(commonBits(x.local, dst), x.prefix),
    ];
  };
  const [left, right] = [rank(a), rank(b)];
  const at = left.findIndex((value, i) => value !== right[i]);
  return at !== -1 && (left[at] as number) > (right[at] as number);
}

export const pathMtu6 = (dst: Dst6): number => dst.pmtu ?? dst.link.inet6?.conf.mtu ?? dst.link.mtu;

export function traceRoute6(
  ns: NetNs,
  dst: Ip,
  src: Ip | undefined,
  iif: Link | undefined,
  mark: number,
  found: FibResult6,
): void {
  const { trace } = ns.kernel;
  trace.fold(
    EVENT_CODE.route,
    ns.number,
    ((dst.bytes[14] as number) << 8) | (dst.bytes[15] as number),
    found.ok ? found.nexthop.link.ifindex : -1,
    found.ok ? found.route.prefix : 256,
  );
  if (!trace.live) return;
  const { route } = found;
  const outcome = found.ok
    ? found.route.type === 'local' || found.route.type === 'multicast'
      ? found.route.type
      : 'unicast'
    : 'none';
  trace.publish({
    type: 'route',
    at: trace.now,
    node: ns.kernel.name,
    netns: ns.inode,
    decision: {
      family: 6,
      dst,
      src,
      iif: iif?.name,
      mark,
      outcome: found.ok || route === undefined ? outcome : (route.type as 'blackhole' | 'unreachable' | 'prohibit'),
      rule: found.rule,
      table: route?.table,
      prefix: route === undefined ? undefined : `${route.dst}/${route.prefix}`,
      gateway: found.ok ? found.nexthop.gateway : undefined,
      dev: found.ok ? found.nexthop.link.name : undefined,
      source: route?.prefsrc,
    },
  });
}
