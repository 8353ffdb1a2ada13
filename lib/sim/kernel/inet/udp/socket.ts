import { done, fail, type Ip, type Micros, ok, type Result } from '../../../base/index.ts';
import { IPPROTO, IPV4_HEADER, IPV6_HEADER, UDP_HEADER, type UdpDatagram } from '../../../wire/index.ts';
import type { Family } from '../../messages.ts';
import type { NetNs } from '../../netns.ts';
import { drop, type Skb } from '../../skb.ts';
import { isWildcard, type SocketAddress, unmapped, wildcard } from '../address.ts';
import { findPath, type Path, reachable, transmitOn } from '../path.ts';
import type { PortTable } from '../ports.ts';
import { InetSocket } from '../socket.ts';
import { inetOf } from '../state.ts';

/** What a datagram in a receive queue costs beside its data (SKB_TRUESIZE). */
const OVERHEAD = 768;
const LENGTH_MAX = 0xffff;

export type Datagram = {
  readonly data: Uint8Array;
  readonly from: SocketAddress;
  /** The address that it was sent to, and the device that it came in by (IP_PKTINFO). */
  readonly to: Ip;
  readonly ifindex: number;
  readonly at: Micros;
};

/** socket(AF_INET or AF_INET6, SOCK_DGRAM) (net/ipv4/udp.c) */
export class UdpSocket extends InetSocket {
  readonly protocol = IPPROTO.udp;
  readonly #received: Datagram[] = [];
  /** Bytes of the receive buffer in use; ss shows it as Recv-Q's cost. */
  receiveQueue = 0;
  drops = 0;
  #open = true;
  #nextId: number;

  constructor(ns: NetNs, family: Family) {
    super(ns, family);
    this.#nextId = inetOf(ns).random.int(0, 0xffff);
  }

  protected get ports(): PortTable {
    return inetOf(this.ns).udpPorts;
  }

  get canRead(): boolean {
    return this.#received.length > 0 || this.error !== undefined || !this.#open;
  }

  get canWrite(): boolean {
    return true;
  }

  override bind(to: SocketAddress): Result<void> {
    // Ports of tunnel devices are the kernel's.
    if (this.ns.udpTunnels.has(to.port)) return fail('EADDRINUSE');
    const bound = super.bind(to);
    if (bound.ok) inetOf(this.ns).udp.add(this);
    return bound;
  }

  /** inet_autobind() */
  #autobind(): Result<void> {
    if (this.local.port !== 0) return done;
    const port = this.ports.bind(this, 0);
    if (port === undefined) return fail('EAGAIN');
    this.local = { ...this.local, port };
    inetOf(this.ns).udp.add(this);
    return done;
  }

  /**
   * connect(2): whom to send to and whom to hear, and the source address for it; nothing is sent. ENETUNREACH, EHOSTUNREACH,
   * EACCES (broadcast without SO_BROADCAST), EAFNOSUPPORT, ENETUNREACH for IPv6 peers of an IPv4 host.
   */
  connect(to: SocketAddress): Result<void> {
    const remote = { ...to, address: unmapped(to.address) };
    if (this.family === 4 && remote.address.family === 6) return fail('EAFNOSUPPORT');
    const target = { ...remote, address: reachable(remote.address) };
    const way = findPath(this.ns, this.pathKey(target));
    if (!way.ok) return fail(way.errno);
    if (way.path.type === 'broadcast' && !this.options.broadcast) return fail('EACCES');
    const bound = this.#autobind();
    if (!bound.ok) return bound;
    if (isWildcard(this.local.address)) this.local = { ...this.local, address: way.path.source };
    this.remote = target;
    return done;
  }

  /** connect(2) to AF_UNSPEC: hears everybody again. */
  disconnect(): void {
    this.remote = undefined;
    if (!this.boundAddress) this.local = { ...this.local, address: wildcard(this.family) };
  }

  /**
   * send(2), sendto(2). EDESTADDRREQ (not connected), EMSGSIZE, ENETUNREACH …, and the error that an earlier datagram met
   * (ECONNREFUSED), which is reported once.
   */
  send(data: Uint8Array, to?: SocketAddress): Result<number> {
    const earlier = this.takeError();
    if (earlier !== undefined) return fail(earlier);
    const target = to === undefined ? this.remote : { ...to, address: reachable(unmapped(to.address)) };
    if (target === undefined) return fail('EDESTADDRREQ');
    if (this.family === 4 && target.address.family === 6) return fail('EAFNOSUPPORT');
    if (target.port === 0) return fail('EINVAL');
    const bound = this.#autobind();
    if (!bound.ok) return bound;
    const header = (target.address.family === 4 ? IPV4_HEADER : 0) + UDP_HEADER;
    if (data.length + header > LENGTH_MAX) return fail('EMSGSIZE');
    const way = findPath(this.ns, this.pathKey(target));
    if (!way.ok) return fail(way.errno);
    if (way.path.type === 'broadcast' && !this.options.broadcast) return fail('EACCES');
    return this.#transmit(way.path, data, target);
  }

  #transmit(path: Path, data: Uint8Array, to: SocketAddress): Result<number> {
    const { ns, options } = this;
    const four = path.dst4 !== undefined;
    const length = (four ? IPV4_HEADER : IPV6_HEADER) + UDP_HEADER + data.length;
    const mayFragment = options.pmtu === 'want' || options.pmtu === 'dont';
    if (!mayFragment && length > path.mtu) return fail('EMSGSIZE');
    const df = !mayFragment || (options.pmtu === 'want' && length <= path.mtu && !path.mtuLocked);
    const payload: UdpDatagram = { kind: 'udp', srcPort: this.local.port, dstPort: to.port, data };
    const { ttl, tos, mark } = options;
    ns.mib.add(four ? 'Udp.OutDatagrams' : 'Udp6.OutDatagrams');
    transmitOn(ns, path, { protocol: this.protocol, payload, ttl, tos, mark, df, id: this.#id(path, df) });
    return ok(data.length);
  }

  /** ip_select_ident(): a connected socket counts for itself; what cannot be fragmented needs no number otherwise. */
  #id(path: Path, df: boolean): number {
    if (!df) return this.ns.ids.next(path.source, path.to);
    if (this.remote === undefined) return 0;
    this.#nextId = (this.#nextId + 1) & 0xffff;
    return this.#nextId;
  }

  /** recvfrom(2). EAGAIN, or the error that a datagram met. */
  receive(): Result<Datagram> {
    const error = this.takeError();
    if (error !== undefined) return fail(error);
    const next = this.#received.shift();
    if (next === undefined) return fail('EAGAIN');
    this.receiveQueue -= next.data.length + OVERHEAD;
    this.ns.mib.add(next.to.family === 4 ? 'Udp.InDatagrams' : 'Udp6.InDatagrams');
    return ok(this.#presented(next));
  }

  #presented(datagram: Datagram): Datagram {
    return { ...datagram, from: { ...datagram.from, address: this.shown(datagram.from.address) } };
  }

  /** MSG_PEEK: the next, which stays. */
  peek(): Result<Datagram> {
    const error = this.takeError();
    if (error !== undefined) return fail(error);
    const [next] = this.#received;
    return next === undefined ? fail('EAGAIN') : ok(this.#presented(next));
  }

  /** udp_queue_rcv_skb() */
  deliver(skb: Skb, datagram: Datagram): void {
    const cost = datagram.data.length + OVERHEAD;
    if (this.receiveQueue + cost > this.receiveLimit) {
      this.drops++;
      this.ns.mib.add('Udp.RcvbufErrors');
      this.ns.mib.add('Udp.InErrors');
      drop(this.ns, skb, 'SOCKET_RCVBUFF');
      return;
    }
    this.traceDelivery(skb);
    this.#received.push(datagram);
    this.receiveQueue += cost;
    this.readable.wake();
  }

  /** The kernel doubles what SO_RCVBUF asks for, up to net.core.rmem_max. */
  get receiveLimit(): number {
    const { receiveBuffer } = this.options;
    const { rmem_default, rmem_max } = this.ns.core;
    return receiveBuffer === undefined ? rmem_default : 2 * Math.min(receiveBuffer, rmem_max);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.local.port !== 0) {
      inetOf(this.ns).udp.remove(this);
      this.ports.remove(this);
    }
    this.wake();
    this.ns.put();
  }
}
