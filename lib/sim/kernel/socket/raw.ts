import { done, type Errno, fail, type Ip, type Micros, type Result, WaitQueue } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import {
  type IcmpError,
  type Icmpv6Error,
  type Ipv4Packet,
  type Ipv4Payload,
  type Ipv6Packet,
  type Ipv6Payload,
  ipv4PayloadLength,
} from '../../wire/index.ts';
import { sendIpv4 } from '../ip/output.ts';
import { pathMtu, routeOutput } from '../ip/route.ts';
import { sendIpv6From } from '../ip6/output.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { drop, packetRef, type Skb } from '../skb.ts';

/** net.core.rmem_default bounds what waits in a socket; sk_buff overhead counts too. */
const OVERHEAD = 704;
const ERRORS_LIMIT = 64;

/** Socket options that matter to a raw socket. They may change while it is open. */
export type RawOptions = {
  /** IP_TTL, IPV6_UNICAST_HOPS; undefined: the namespace's default. */
  ttl?: number;
  /** IP_TOS, IPV6_TCLASS */
  tos?: number;
  mark?: number;
  /** bind(2) */
  source?: Ip;
  /** SO_BINDTODEVICE, or the scope of link-local addresses. */
  oif?: number;
  /** IP_MTU_DISCOVER */
  pmtu?: 'do' | 'want' | 'dont' | 'probe';
  /** SO_BROADCAST */
  broadcast?: boolean;
  /** Which packets are let in (ICMP_FILTER); all without one. */
  filter?: (packet: Ipv4Packet | Ipv6Packet) => boolean;
};

export type Received = { readonly at: Micros; readonly packet: Ipv4Packet | Ipv6Packet; readonly ifindex: number };

/** One entry of the error queue (IP_RECVERR, struct sock_extended_err). */
export type SocketError = {
  readonly at: Micros;
  readonly origin: 'local' | 'icmp' | 'icmp6';
  readonly errno: Errno;
  readonly type: number;
  readonly code: number;
  /** Path MTU. */
  readonly info: number;
  readonly offender: Ip | undefined;
  /** The new next hop of a redirect. */
  readonly gateway: Ip | undefined;
  /** The packet of ours that it is about, as far as it was quoted; undefined for local errors. */
  readonly quoted: Ipv4Packet | Ipv6Packet | undefined;
};

/** socket(AF_INET or AF_INET6, SOCK_RAW, protocol), with IP_RECVERR on. Holds its namespace until closed. */
export class RawSocket {
  readonly ns: NetNs;
  readonly family: Family;
  readonly protocol: number;
  readonly options: RawOptions;
  /** Woken when something comes in, also errors. */
  readonly readable = new WaitQueue();
  readonly #received: Received[] = [];
  readonly #errors: SocketError[] = [];
  #waiting = 0;
  #open = true;

  constructor(ns: NetNs, family: Family, protocol: number, options: RawOptions = {}) {
    this.ns = ns.hold();
    this.family = family;
    this.protocol = protocol;
    this.options = options;
    ns.rawSockets.push(this);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.ns.rawSockets.splice(this.ns.rawSockets.indexOf(this), 1);
    this.ns.put();
  }

  receive(): Received | undefined {
    const next = this.#received.shift();
    if (next !== undefined) this.#waiting -= cost(next.packet);
    return next;
  }

  error(): SocketError | undefined {
    return this.#errors.shift();
  }

  /** sendto(2) of a payload behind a header that the kernel makes. `confirm` is MSG_CONFIRM. */
  send(to: Ip, payload: Ipv4Payload | Ipv6Payload, confirm = false): Result<void> {
    if (to.family !== this.family) return fail('EAFNOSUPPORT');
    return this.family === 4
      ? this.#send4(to, payload as Ipv4Payload, confirm)
      : this.#send6(to, payload as Ipv6Payload, confirm);
  }

  #send4(to: Ip, payload: Ipv4Payload, confirm: boolean): Result<void> {
    const { ns, options } = this;
    const { ttl, tos = 0, mark = 0, source, oif, pmtu = 'want' } = options;
    // raw_sendmsg() refuses what no length field can hold, and leaves no word in the error queue.
    if (ipv4PayloadLength(payload) > 0xffff) return fail('EMSGSIZE');
    const way = routeOutput(ns, {
      dst: to,
      tos: tos & 0x1c,
      mark,
      ...(source === undefined ? {} : { src: source }),
      ...(oif === undefined ? {} : { oif }),
    });
    if (!way.ok) return fail(way.errno);
    const { dst } = way;
    if (dst.type === 'broadcast' && options.broadcast !== true) return fail('EACCES');
    const mtu = pmtu === 'probe' ? dst.link.mtu : pathMtu(dst);
    const length = 20 + ipv4PayloadLength(payload);
    const mayFragment = pmtu === 'want' || pmtu === 'dont';
    if (length > (mayFragment ? 65535 : mtu)) {
      this.#localError('EMSGSIZE', mtu);
      return fail('EMSGSIZE');
    }
    if (confirm) ns.neigh4.lookup(dst.link, dst.gateway ?? to)?.confirm();
    const df = !mayFragment || (pmtu === 'want' && length <= mtu && !dst.pmtuLocked);
    const hops = ttl ?? (to.isMulticast ? 1 : ns.ipv4.ip_default_ttl);
    sendIpv4(ns, dst, to, this.protocol, payload, { ttl: hops, tos, df, mark });
    return done;
  }

  #send6(to: Ip, payload: Ipv6Payload, confirm: boolean): Result<void> {
    const { ttl, tos = 0, mark = 0, source, oif, pmtu = 'want' } = this.options;
    const sent = sendIpv6From(this.ns, {
      to,
      protocol: this.protocol,
      payload,
      hopLimit: ttl,
      trafficClass: tos,
      mark,
      source,
      oif: oif ?? 0,
      mayFragment: pmtu === 'want' || pmtu === 'dont',
      confirm,
    });
    if (!sent.ok && sent.error.errno === 'EMSGSIZE') this.#localError('EMSGSIZE', sent.mtu);
    return sent.ok ? done : fail(sent.error.errno);
  }

  /** raw_rcv(): a copy of an IPv4 packet for this host; whether the socket is one of its protocol. */
  deliver4(skb: Skb, packet: Ipv4Packet): boolean {
    if (this.family !== 4 || packet.protocol !== this.protocol || !this.#bound(skb, packet.dst)) return false;
    this.#take(skb, packet);
    return true;
  }

  deliver6(skb: Skb, packet: Ipv6Packet): boolean {
    if (this.family !== 6 || packet.protocol !== this.protocol || !this.#bound(skb, packet.dst)) return false;
    this.#take(skb, packet);
    return true;
  }

  #bound(skb: Skb, dst: Ip): boolean {
    const { oif, source } = this.options;
    return (
      (oif === undefined || oif === 0 || arrivedOn(skb, dst) === oif) &&
      (source === undefined || source === dst || dst.isMulticast)
    );
  }

  #take(skb: Skb, packet: Ipv4Packet | Ipv6Packet): void {
    if (this.options.filter !== undefined && !this.options.filter(packet)) return;
    if (this.#waiting + cost(packet) > this.ns.core.rmem_default) {
      drop(this.ns, skb, 'SOCKET_RCVBUFF');
      return;
    }
    const { trace } = this.ns.kernel;
    trace.fold(EVENT_CODE.socket, this.ns.number, this.protocol, skb.id, skb.length);
    if (trace.live)
      trace.publish({
        type: 'socket',
        at: trace.now,
        node: this.ns.kernel.name,
        netns: this.ns.inode,
        socket: `raw protocol ${this.protocol}`,
        packet: packetRef(skb),
      });
    this.#received.push({ at: this.ns.kernel.events.now, packet, ifindex: arrivedOn(skb, packet.dst) });
    this.#waiting += cost(packet);
    this.readable.wake();
  }

  /** raw_err(): an ICMP error came for a packet that this socket may have sent. */
  deliverError(
    skb: Skb,
    offender: Ip,
    quoted: Ipv4Packet | Ipv6Packet,
    message: IcmpError | Icmpv6Error,
    errno: Errno,
  ): void {
    if (
      quoted.protocol !== this.protocol ||
      (quoted.kind === 'ipv4') !== (this.family === 4) ||
      !this.#bound(skb, quoted.src)
    )
      return;
    this.#queueError({
      at: this.ns.kernel.events.now,
      origin: this.family === 4 ? 'icmp' : 'icmp6',
      errno,
      type: message.type,
      code: message.code,
      info: message.info,
      offender,
      gateway: 'gateway' in message ? message.gateway : undefined,
      quoted,
    });
  }

  #localError(errno: Errno, info: number): void {
    this.#queueError({
      at: this.ns.kernel.events.now,
      origin: 'local',
      errno,
      type: 0,
      code: 0,
      info,
      offender: undefined,
      gateway: undefined,
      quoted: undefined,
    });
  }

  #queueError(error: SocketError): void {
    if (this.#errors.length >= ERRORS_LIMIT) return;
    this.#errors.push(error);
    this.readable.wake();
  }
}

const cost = (packet: Ipv4Packet | Ipv6Packet): number =>
  OVERHEAD + ('data' in packet.payload ? packet.payload.data.length : 0);

/**
 * The device that a packet counts as having come in on. One to a link-local address of this host travels by lo, but
 * belongs to the device that has the address (RFC 4007).
 */
export function arrivedOn(skb: Skb, dst: Ip): number {
  const { dev } = skb;
  if (dst.family === 4 || !dev.isLoopback || !dst.isLinkLocal) return dev.ifindex;
  return dev.ns.links().find((link) => link.inet6?.addrs.some((a) => a.local === dst))?.ifindex ?? dev.ifindex;
}
