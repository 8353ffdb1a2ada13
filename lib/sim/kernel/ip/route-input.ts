import { type Errno, Ip } from '../../base/index.ts';
import type { DropReason } from '../../trace/index.ts';
import { inSubnet } from '../addr/in-device.ts';
import { fibLookup4, selectNexthop } from '../fib/lookup4.ts';
import type { Route4 } from '../fib/route.ts';
import type { Link } from '../link/link.ts';
import { SCOPE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { isLocalAddress, traceRoute } from './route.ts';

/** What becomes of a packet that came in (ip_route_input_slow). */
export type InputRoute =
  | { readonly kind: 'local'; readonly type: 'local' | 'broadcast' | 'multicast'; readonly route: Route4 | undefined }
  | {
      readonly kind: 'forward';
      readonly link: Link;
      readonly gateway: Ip | undefined;
      readonly route: Route4;
      readonly redirect: boolean;
      readonly mtu: number | undefined;
    }
  /** No way on; a router tells the sender. */
  | { readonly kind: 'error'; readonly errno: Errno; readonly route: Route4 | undefined }
  | { readonly kind: 'martian'; readonly reason: DropReason };

export type InputKey = { readonly src: Ip; readonly dst: Ip; readonly tos: number; readonly mark: number };

const martian = (reason: DropReason): InputRoute => ({ kind: 'martian', reason });

export function routeInput(dev: Link, key: InputKey): InputRoute {
  const { ns } = dev;
  const { src, dst } = key;
  if (src.isMulticast || src === Ip.broadcast4) return martian('IP_INVALID_SOURCE');
  if (dst.isMulticast) return { kind: 'local', type: 'multicast', route: undefined };
  if (dst === Ip.broadcast4 || (src === Ip.any4 && dst === Ip.any4)) return broadcast(dev, src);
  if (src.v4 >>> 24 === 0) return martian('IP_INVALID_SOURCE');
  if (dst.v4 >>> 24 === 0) return martian('IP_INVALID_DEST');
  if (!dev.isLoopback && !dev.inet.either('route_localnet') && (dst.isLoopback || src.isLoopback))
    return martian('IP_LOCALNET');
  const flow = {
    dst: dst.v4,
    src: src.v4,
    oif: 0,
    iif: dev.ifindex,
    tos: key.tos,
    mark: key.mark,
    scope: SCOPE.universe,
    ignoreLinkState: false,
  };
  const found = fibLookup4(ns, flow);
  traceRoute(ns, dst, src, dev, key.mark, found);
  const forwarding = dev.inet.conf.forwarding !== 0;
  if (!found.ok) return { kind: 'error', errno: forwarding ? found.errno : 'EHOSTUNREACH', route: found.route };
  const { route } = found;
  if (route.type === 'broadcast') return broadcast(dev, src);
  const valid = validateSource(ns, dev, key);
  if (route.type === 'local') return valid.ok ? { kind: 'local', type: 'local', route } : martian(valid.reason);
  if (!forwarding) return { kind: 'error', errno: 'EHOSTUNREACH', route: undefined };
  if (route.type !== 'unicast') return martian('IP_INVALID_DEST');
  if (!valid.ok) return martian(valid.reason);
  const nexthop = selectNexthop(ns, route, flow, found.nexthop);
  const gateway = nexthop.gateway;
  return {
    kind: 'forward',
    link: nexthop.link,
    gateway,
    route,
    redirect: nexthop.link === dev && shouldRedirect(dev, key, gateway ?? dst),
    mtu: route.metrics.mtu,
  };
}

function broadcast(dev: Link, src: Ip): InputRoute {
  if (src !== Ip.any4) {
    const valid = validateSource(dev.ns, dev, { src, dst: Ip.any4, tos: 0, mark: 0 });
    if (!valid.ok) return martian(valid.reason);
  }
  return { kind: 'local', type: 'broadcast', route: undefined };
}

/** The sender and its next hop are on one link: it could send there itself. */
function shouldRedirect(dev: Link, key: InputKey, next: Ip): boolean {
  const { src } = key;
  const flow = {
    dst: src.v4,
    src: key.dst.v4,
    oif: 0,
    iif: dev.ifindex,
    tos: key.tos,
    mark: key.mark,
    scope: SCOPE.universe,
    ignoreLinkState: true,
  };
  const back = fibLookup4(dev.ns, flow);
  if (!back.ok || !back.route.nexthops.some((nexthop) => nexthop.link === dev && nexthop.scope >= SCOPE.host))
    return false;
  return dev.inet.either('shared_media') || dev.inet.addrs.some((a) => inSubnet(a, src) && inSubnet(a, next));
}

type Validity = { readonly ok: true } | { readonly ok: false; readonly reason: DropReason };
const VALID: Validity = { ok: true };

/**
 * fib_validate_source(): may a packet with this source come in by this device? rp_filter 1 wants the way back to lead
 * there, 2 wants any way back (RFC 3704); an address of this very host never comes from outside.
 */
export function validateSource(ns: NetNs, dev: Link, key: InputKey): Validity {
  const filter = dev.isLoopback ? 0 : dev.inet.max('rp_filter');
  const acceptLocal = dev.inet.conf.accept_local !== 0 || ns.conf4.all.accept_local !== 0;
  if (dev.isLoopback && isLocalAddress(ns, key.src)) return VALID;
  if (filter === 0 && !ns.rules4.custom) {
    return !acceptLocal && isLocalAddress(ns, key.src) ? { ok: false, reason: 'IP_LOCAL_SOURCE' } : VALID;
  }
  const flow = {
    dst: key.src.v4,
    src: key.dst.v4,
    oif: 0,
    iif: dev.ifindex,
    tos: key.tos,
    mark: dev.inet.either('src_valid_mark') ? key.mark : 0,
    scope: SCOPE.universe,
    ignoreLinkState: true,
  };
  const back = fibLookup4(ns, flow);
  if (!back.ok) return filter === 0 ? VALID : { ok: false, reason: 'IP_RPFILTER' };
  if (back.route.type !== 'unicast' && !(back.route.type === 'local' && acceptLocal))
    return { ok: false, reason: 'IP_LOCAL_SOURCE' };
  if (filter !== 1 || back.route.nexthops.some((nexthop) => nexthop.link === dev)) return VALID;
  return { ok: false, reason: 'IP_RPFILTER' };
}
