import { type Errno, Ip } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import { selectAddress } from '../addr/in-device.ts';
import { type FibResult4, fibLookup4, selectNexthop } from '../fib/lookup4.ts';
import type { Route4 } from '../fib/route.ts';
import type { Link } from '../link/link.ts';
import { SCOPE } from '../messages.ts';
import type { NetNs } from '../netns.ts';

/** Where a packet goes (struct rtable): what the FIB says, with the source address and the exceptions learnt. */
export type Dst4 = {
  readonly type: 'unicast' | 'local' | 'broadcast' | 'multicast';
  readonly source: Ip;
  readonly link: Link;
  readonly gateway: Ip | undefined;
  /** Without one: the destination is taken to be on link. */
  readonly route: Route4 | undefined;
  /** Path MTU by metric or exception; undefined: the device's. */
  readonly pmtu: number | undefined;
  readonly pmtuLocked: boolean;
};

export type RouteResult4 = { readonly ok: true; readonly dst: Dst4 } | { readonly ok: false; readonly errno: Errno };

export type OutputKey = {
  readonly dst: Ip;
  readonly src?: Ip;
  readonly oif?: number;
  readonly tos?: number;
  readonly mark?: number;
};

const refuse = (errno: Errno): RouteResult4 => ({ ok: false, errno });

const LOOPBACK_ADDRESS = Ip.fromV4(0x7f000001);

/** ip_route_output_key_hash(): the way of a packet that this host sends. */
export function routeOutput(ns: NetNs, key: OutputKey): RouteResult4 {
  const src = key.src === Ip.any4 ? undefined : key.src;
  if (src !== undefined) {
    if (src.isMulticast || src === Ip.broadcast4 || src.v4 >>> 24 === 0) return refuse('EINVAL');
    if (!isLocalAddress(ns, src)) return refuse('ENETUNREACH');
  }
  const oif = key.oif ?? 0;
  const device = oif === 0 ? undefined : ns.linkByIndex(oif);
  if (oif !== 0 && device === undefined) return refuse('ENODEV');
  if (device !== undefined && !device.up) return refuse('ENETUNREACH');
  const limited = key.dst.isMulticast || key.dst === Ip.broadcast4;
  if (device !== undefined && limited) return onLink(device, key.dst, src);
  if (oif === 0 && limited && src !== undefined) {
    const owner = ns.links().find((link) => link.inet.addrs.some((a) => a.local === src));
    if (owner !== undefined) return onLink(owner, key.dst, src);
  }
  const dst = key.dst === Ip.any4 ? (src ?? LOOPBACK_ADDRESS) : key.dst;
  const flow = {
    dst: dst.v4,
    src: src?.v4 ?? 0,
    oif,
    iif: 1,
    tos: key.tos ?? 0,
    mark: key.mark ?? 0,
    scope: SCOPE.universe,
    ignoreLinkState: false,
  };
  const found = fibLookup4(ns, flow);
  traceRoute(ns, dst, src, undefined, flow.mark, found);
  if (!found.ok) {
    // With a device asked for, tables are not needed: the destination is taken to be on link.
    return device !== undefined && found.route === undefined ? onLink(device, dst, src) : refuse(found.errno);
  }
  const { route } = found;
  if (route.type === 'local') {
    const source = src ?? route.prefsrc ?? dst;
    return {
      ok: true,
      dst: { type: 'local', source, link: ns.loopback, gateway: undefined, route, pmtu: undefined, pmtuLocked: false },
    };
  }
  const nexthop = selectNexthop(ns, route, flow, found.nexthop);
  const source = src ?? route.prefsrc ?? selectAddress(nexthop.link, nexthop.gateway, route.scope) ?? Ip.any4;
  if (source.isLoopback && !nexthop.link.isLoopback && !nexthop.link.inet.either('route_localnet'))
    return refuse('EINVAL');
  const learnt = ns.fib4.exceptions.find(dst);
  const pmtu = learnt?.mtu ?? route.metrics.mtu;
  const type =
    dst === Ip.broadcast4 || route.type === 'broadcast' ? 'broadcast' : dst.isMulticast ? 'multicast' : 'unicast';
  return {
    ok: true,
    dst: {
      type,
      source,
      link: nexthop.link,
      // What is for many is for all on the link, whatever gateway the route names.
      gateway: type === 'unicast' ? (learnt?.gateway ?? nexthop.gateway) : undefined,
      route,
      pmtu,
      pmtuLocked: learnt?.mtuLocked ?? route.metrics.mtuLocked ?? false,
    },
  };
}

function onLink(link: Link, dst: Ip, src: Ip | undefined): RouteResult4 {
  const source = src ?? selectAddress(link, undefined, SCOPE.link) ?? Ip.any4;
  const type = dst === Ip.broadcast4 ? 'broadcast' : dst.isMulticast ? 'multicast' : 'unicast';
  return {
    ok: true,
    dst: { type, source, link, gateway: undefined, route: undefined, pmtu: undefined, pmtuLocked: false },
  };
}

/** __ip_dev_find(): some device here has the address, or the local table says so (127.0.0.2). */
export function isLocalAddress(ns: NetNs, address: Ip): boolean {
  const match = ns.fib4
    .table(255)
    ?.lookup({ dst: address.v4, src: 0, oif: 0, iif: 0, tos: 0, mark: 0, scope: 0, ignoreLinkState: true });
  return match?.route.type === 'local';
}

export function traceRoute(
  ns: NetNs,
  dst: Ip,
  src: Ip | undefined,
  iif: Link | undefined,
  mark: number,
  found: FibResult4,
): void {
  const { trace } = ns.kernel;
  trace.fold(
    EVENT_CODE.route,
    ns.number,
    dst.v4,
    found.ok ? found.nexthop.link.ifindex : -1,
    found.ok ? found.route.prefix : 64,
  );
  if (!trace.live) return;
  const { route } = found;
  const special =
    route?.type === 'blackhole' || route?.type === 'unreachable' || route?.type === 'prohibit' ? route.type : 'none';
  trace.publish({
    type: 'route',
    at: trace.now,
    node: ns.kernel.name,
    netns: ns.inode,
    decision: {
      family: 4,
      dst,
      src,
      iif: iif?.name,
      mark,
      outcome: found.ok
        ? found.route.type === 'local' || found.route.type === 'broadcast' || found.route.type === 'multicast'
          ? found.route.type
          : 'unicast'
        : special,
      rule: found.rule,
      table: route?.table,
      prefix: route === undefined ? undefined : `${Ip.fromV4(route.key)}/${route.prefix}`,
      gateway: found.ok ? found.nexthop.gateway : undefined,
      dev: found.ok ? found.nexthop.link.name : undefined,
      source: route?.prefsrc,
    },
  });
}

/** The MTU that packets of this host to there must keep (ipv4_mtu). */
export const pathMtu = (dst: Dst4): number => Math.min(dst.pmtu ?? dst.link.mtu, 65535);
