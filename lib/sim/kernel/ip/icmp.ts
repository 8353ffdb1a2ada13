import { type Errno, Ip } from '../../base/index.ts';
import {
  emitIpv4,
  ICMP,
  type IcmpEcho,
  type IcmpError,
  type IcmpMessage,
  IPPROTO,
  type Ipv4Packet,
  isIcmpEcho,
  isIcmpError,
  parseIpv4,
  put16,
  UNREACH,
} from '../../wire/index.ts';
import { selectAddress } from '../addr/in-device.ts';
import { SCOPE } from '../messages.ts';
import { findOrCreate } from '../neigh/manage.ts';
import type { NetNs } from '../netns.ts';
import { drop, type Skb } from '../skb.ts';
import { sendIpv4 } from './output.ts';
import { isLocalAddress, pathMtu, routeOutput } from './route.ts';

/** RFC 1812 section 4.3.2.3: an error with its quote is at most 576 bytes long. */
const ERROR_MAX = 576;
/** IPTOS_PREC_INTERNETCONTROL: errors go before other traffic. */
const INTERNET_CONTROL = 0xc0;

export type ErrorKind = Pick<IcmpError, 'type' | 'code'> & { readonly info?: number; readonly gateway?: Ip };

/** icmp_send(): tells the sender of a packet what became of it, unless that could lead to more errors (RFC 1122 section 3.2.2). */
export function sendIcmpError(skb: Skb, kind: ErrorKind): void {
  const { ns } = skb.dev;
  const cause = skb.packet as Ipv4Packet;
  if (skb.type !== 'host' && skb.type !== 'outgoing') return;
  if (cause.dst.isMulticast || cause.dst === Ip.broadcast4 || cause.offset !== 0 || cause.src === Ip.any4) return;
  if (cause.payload.kind === 'icmp' && !isQuery(cause.payload)) return;
  const source = isLocalAddress(ns, cause.dst) ? cause.dst : inboundSource(skb, cause);
  const tos = kind.type === ICMP.redirect ? cause.tos : (cause.tos & 0x1e) | INTERNET_CONTROL;
  const way = routeOutput(ns, { dst: cause.src, tos: tos & 0x1c, ...(source === undefined ? {} : { src: source }) });
  if (!way.ok) return;
  if (!ns.icmpLimiter.allow(kind.type, kind.code, cause.src, way.dst.link.isLoopback)) return;
  const room = Math.min(pathMtu(way.dst), ERROR_MAX) - 20 - 8;
  const message: IcmpError = {
    kind: 'icmp',
    type: kind.type,
    code: kind.code,
    info: kind.info ?? 0,
    gateway: kind.gateway,
    quote: emitIpv4(cause).slice(0, room),
  };
  count(ns, 'Out', message.type);
  sendIpv4(ns, way.dst, cause.src, IPPROTO.icmp, message, {
    ttl: ns.ipv4.ip_default_ttl,
    tos,
    df: false,
    cause: skb.ct,
  });
}

const isQuery = (m: IcmpMessage): boolean => !isIcmpError(m) && m.type <= 18;

const inboundSource = (skb: Skb, cause: Ipv4Packet): Ip | undefined =>
  skb.dev.ns.ipv4.icmp_errors_use_inbound_ifaddr === 0 ? undefined : selectAddress(skb.dev, cause.src, SCOPE.link);

/** icmp_rcv(). `broadcast`: the packet was for everybody. Errors go to `onError`, where sockets and path MTUs live. */
export function receiveIcmp(ns: NetNs, skb: Skb, broadcast: boolean): void {
  const packet = skb.packet as Ipv4Packet;
  const message = packet.payload;
  ns.mib.add('Icmp.InMsgs');
  if (message.kind !== 'icmp') {
    ns.mib.add('Icmp.InErrors');
    drop(ns, skb, 'PKT_TOO_SMALL');
    return;
  }
  if (message.badChecksum !== undefined) {
    ns.mib.add('Icmp.InCsumErrors');
    ns.mib.add('Icmp.InErrors');
    drop(ns, skb, 'ICMP_CSUM');
    return;
  }
  count(ns, 'In', message.type);
  if (isIcmpEcho(message)) {
    if (message.type === ICMP.echoRequest) answerEcho(ns, skb, packet, message, broadcast);
  } else if (isIcmpError(message)) {
    receiveError(ns, skb, packet, message);
  }
}

function answerEcho(ns: NetNs, skb: Skb, packet: Ipv4Packet, message: IcmpEcho, broadcast: boolean): void {
  if (ns.ipv4.icmp_echo_ignore_all !== 0 || (broadcast && ns.ipv4.icmp_echo_ignore_broadcasts !== 0)) {
    drop(ns, skb, 'ICMP_IGNORED');
    return;
  }
  const source = broadcast ? selectAddress(skb.dev, packet.src, SCOPE.link) : packet.dst;
  const way = routeOutput(ns, {
    dst: packet.src,
    tos: packet.tos & 0x1c,
    mark: ns.ipv4.fwmark_reflect !== 0 ? skb.mark : 0,
    ...(source === undefined ? {} : { src: source }),
  });
  if (!way.ok) {
    ns.mib.add('Icmp.OutErrors');
    return;
  }
  count(ns, 'Out', ICMP.echoReply);
  sendIpv4(
    ns,
    way.dst,
    packet.src,
    IPPROTO.icmp,
    { ...message, type: ICMP.echoReply },
    { ttl: ns.ipv4.ip_default_ttl, tos: packet.tos, df: false },
  );
}

/** icmp_unreach(): the path MTU and redirects are learnt, and the sockets that sent the quoted packet are told. */
function receiveError(ns: NetNs, skb: Skb, packet: Ipv4Packet, message: IcmpError): void {
  const quoted = parseQuote(message.quote);
  if (quoted === undefined) {
    ns.mib.add('Icmp.InErrors');
    return;
  }
  if (message.type === ICMP.unreachable && message.code === UNREACH.fragNeeded) learnMtu(ns, quoted.dst, message.info);
  if (message.type === ICMP.redirect) learnGateway(skb, packet.src, quoted.dst, message.gateway);
  const errno = errnoOf(message);
  for (const socket of [...ns.rawSockets]) socket.deliverError(skb, packet.src, quoted, message, errno);
  ns.kernel.ipProtocols.get(quoted.protocol)?.error?.(skb, quoted, message, errno);
}

/** The start of a packet: truncated, so its length fields promise more than is there. */
export function parseQuote(quote: Uint8Array): Ipv4Packet | undefined {
  const header = ((quote[0] ?? 0) & 15) * 4;
  if (quote.length < header + 8) return undefined;
  const copy = quote.slice();
  put16(copy, 2, copy.length);
  if (copy[9] === IPPROTO.udp) put16(copy, header + 4, copy.length - header);
  const packet = parseIpv4(copy);
  return packet === undefined ? undefined : { ...packet, badChecksum: 0 };
}

/** __ip_rt_update_pmtu() */
function learnMtu(ns: NetNs, dst: Ip, mtu: number): void {
  const way = routeOutput(ns, { dst });
  if (!way.ok || way.dst.pmtuLocked) return;
  const old = pathMtu(way.dst);
  if (old < mtu || mtu < 68) return;
  const least = ns.ipv4['route/min_pmtu'];
  ns.fib4.exceptions.learn(dst, mtu < least ? { mtu: Math.min(old, least), mtuLocked: true } : { mtu });
}

/** __ip_do_redirect(): only from the gateway in use, to a neighbour on the same link, and never by a router. */
function learnGateway(skb: Skb, from: Ip, dst: Ip, gateway: Ip | undefined): void {
  const { dev } = skb;
  const { ns } = dev;
  const forwarding = dev.inet.conf.forwarding !== 0;
  const accepts = forwarding
    ? dev.inet.conf.accept_redirects !== 0 && ns.conf4.all.accept_redirects !== 0
    : dev.inet.either('accept_redirects');
  const way = routeOutput(ns, { dst });
  if (
    !accepts ||
    gateway === undefined ||
    !way.ok ||
    way.dst.gateway !== from ||
    way.dst.link !== dev ||
    gateway === from
  )
    return;
  if (gateway.isMulticast || gateway === Ip.any4 || isLocalAddress(ns, gateway)) return;
  // The new way counts only when somebody is there; else he is asked for, and the next redirect may count.
  const neigh = findOrCreate(ns.neigh4, dev, gateway);
  if (neigh?.valid === true) ns.fib4.exceptions.learn(dst, { gateway }, ns.ipv4['route/gc_timeout']);
  else neigh?.resolve();
}

/** icmp_err_convert */
function errnoOf(m: IcmpError): Errno {
  if (m.type === ICMP.timeExceeded) return 'EHOSTUNREACH';
  if (m.type === ICMP.parameterProblem) return 'EPROTO';
  const table: Readonly<Record<number, Errno>> = {
    [UNREACH.net]: 'ENETUNREACH',
    [UNREACH.host]: 'EHOSTUNREACH',
    [UNREACH.protocol]: 'ENOPROTOOPT',
    [UNREACH.port]: 'ECONNREFUSED',
    [UNREACH.fragNeeded]: 'EMSGSIZE',
    [UNREACH.sourceRouteFailed]: 'EOPNOTSUPP',
    [UNREACH.netUnknown]: 'ENETUNREACH',
    [UNREACH.hostUnknown]: 'EHOSTDOWN',
    8: 'ENONET',
    [UNREACH.netProhibited]: 'ENETUNREACH',
    11: 'ENETUNREACH',
  };
  return table[m.code] ?? 'EHOSTUNREACH';
}

const NAMES: Readonly<Record<number, string>> = {
  [ICMP.echoReply]: 'EchoReps',
  [ICMP.unreachable]: 'DestUnreachs',
  [ICMP.redirect]: 'Redirects',
  [ICMP.echoRequest]: 'Echos',
  [ICMP.timeExceeded]: 'TimeExcds',
  [ICMP.parameterProblem]: 'ParmProbs',
};

/** The counters of one message in /proc/net/snmp. */
export function count(ns: NetNs, direction: 'In' | 'Out', type: number): void {
  if (direction === 'Out') ns.mib.add('Icmp.OutMsgs');
  const name = NAMES[type];
  if (name !== undefined) ns.mib.add(`Icmp.${direction}${name}`);
}
