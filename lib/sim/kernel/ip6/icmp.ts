import { type Errno, Ip } from '../../base/index.ts';
import {
  emitIpv6,
  ICMP6,
  type Icmpv6Echo,
  type Icmpv6Error,
  type Ipv6Packet,
  isIcmpv6Echo,
  isIcmpv6Error,
  parseIpv6,
  UNREACH6,
} from '../../wire/index.ts';
import type { NetNs } from '../netns.ts';
import { drop, type Skb } from '../skb.ts';
import { sendIpv6 } from './output.ts';
import { isLocalAddress6, pathMtu6, routeOutput6 } from './route.ts';

/** Errors are no longer than the least MTU of IPv6 (RFC 4443 section 2.4). */
const ERROR_MAX = 1280;

export type Error6 = { readonly type: 1 | 2 | 3 | 4; readonly code: number; readonly info?: number };

/** icmpv6_send() */
export function sendIcmpv6Error(skb: Skb, kind: Error6): void {
  const { ns } = skb.dev;
  const cause = skb.packet as Ipv6Packet;
  if (cause.src === Ip.any6 || cause.src.isMulticast) return;
  if (
    (cause.dst.isMulticast || skb.type === 'multicast' || skb.type === 'broadcast') &&
    kind.type !== ICMP6.packetTooBig
  )
    return;
  if (cause.payload.kind === 'icmp6' && cause.payload.type < 128) return;
  const own = isLocalAddress6(ns, cause.dst) ? cause.dst : undefined;
  const way = routeOutput6(ns, { dst: cause.src, src: own, oif: cause.src.isLinkLocal ? skb.dev.ifindex : 0 });
  if (!way.ok) return;
  // net.ipv6.icmp.ratelimit, in milliseconds; packet too big is not limited (ratemask).
  if (
    kind.type !== ICMP6.packetTooBig &&
    !way.dst.link.isLoopback &&
    !ns.icmpLimiter.peer(cause.src, ns.ipv6['icmp/ratelimit'] * 1000)
  )
    return;
  const payload: Icmpv6Error = {
    kind: 'icmp6',
    type: kind.type,
    code: kind.code,
    info: kind.info ?? 0,
    quote: emitIpv6(cause).slice(0, ERROR_MAX - 48),
  };
  ns.mib.add('Icmp6.OutMsgs');
  sendIpv6(ns, way.dst, {
    to: cause.src,
    protocol: 58,
    payload,
    hopLimit: way.dst.link.inet6?.conf.hop_limit,
    cause: skb.ct,
  });
}

/** Echo and errors; neighbour discovery is in ndisc.ts. */
export function receiveIcmpv6(ns: NetNs, skb: Skb): void {
  const packet = skb.packet as Ipv6Packet;
  const message = packet.payload;
  ns.mib.add('Icmp6.InMsgs');
  if (message.kind !== 'icmp6') {
    drop(ns, skb, 'PKT_TOO_SMALL');
  } else if (message.badChecksum !== undefined) {
    ns.mib.add('Icmp6.InCsumErrors');
    drop(ns, skb, 'ICMP_CSUM');
  } else if (isIcmpv6Echo(message)) {
    if (message.type === ICMP6.echoRequest) answer(ns, skb, packet, message);
  } else if (isIcmpv6Error(message)) {
    receiveError(ns, skb, packet, message);
  }
}

function answer(ns: NetNs, skb: Skb, packet: Ipv6Packet, message: Icmpv6Echo): void {
  const everybody = packet.dst.isMulticast;
  if (ns.ipv6['icmp/echo_ignore_all'] !== 0 || (everybody && ns.ipv6['icmp/echo_ignore_multicast'] !== 0)) {
    drop(ns, skb, 'ICMP_IGNORED');
    return;
  }
  const way = routeOutput6(ns, {
    dst: packet.src,
    src: everybody ? undefined : packet.dst,
    oif: packet.src.isLinkLocal ? skb.dev.ifindex : 0,
  });
  if (!way.ok) return;
  ns.mib.add('Icmp6.OutMsgs');
  sendIpv6(ns, way.dst, {
    to: packet.src,
    protocol: 58,
    payload: { ...message, type: ICMP6.echoReply },
    hopLimit: undefined,
    trafficClass: packet.trafficClass,
  });
}

function receiveError(ns: NetNs, skb: Skb, packet: Ipv6Packet, message: Icmpv6Error): void {
  const quoted = parseQuote6(message.quote);
  if (quoted === undefined) return;
  if (message.type === ICMP6.packetTooBig) {
    const way = routeOutput6(ns, { dst: quoted.dst });
    if (way.ok && message.info < pathMtu6(way.dst))
      ns.fib6.exceptions.learn(quoted.dst, { mtu: Math.max(message.info, ERROR_MAX) });
  }
  const errno = errnoOf(message);
  for (const socket of [...ns.rawSockets]) socket.deliverError(skb, packet.src, quoted, message, errno);
  ns.kernel.ipProtocols.get(quoted.protocol)?.error?.(skb, quoted, message, errno);
}

/** The start of a packet: truncated, so its length field promises more than is there. */
function parseQuote6(quote: Uint8Array): Ipv6Packet | undefined {
  if (quote.length < 48) return undefined;
  const copy = quote.slice();
  copy[4] = (copy.length - 40) >> 8;
  copy[5] = (copy.length - 40) & 255;
  return parseIpv6(copy);
}

/** icmpv6_err_convert() */
function errnoOf(m: Icmpv6Error): Errno {
  if (m.type === ICMP6.packetTooBig) return 'EMSGSIZE';
  if (m.type === ICMP6.parameterProblem) return 'EPROTO';
  if (m.type === ICMP6.timeExceeded) return 'EHOSTUNREACH';
  const table: Readonly<Record<number, Errno>> = {
    [UNREACH6.noRoute]: 'ENETUNREACH',
    [UNREACH6.prohibited]: 'EACCES',
    [UNREACH6.port]: 'ECONNREFUSED',
    [UNREACH6.policy]: 'EACCES',
    [UNREACH6.reject]: 'EACCES',
  };
  return table[m.code] ?? 'EHOSTUNREACH';
}
