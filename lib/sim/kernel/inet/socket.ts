import { done, type Errno, fail, type Ip, type Result, WaitQueue } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import { isLocalAddress } from '../ip/route.ts';
import { isLocalAddress6 } from '../ip6/route.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { packetRef, type Skb } from '../skb.ts';
import { isWildcard, mapped, type SocketAddress, unmapped, wildcard } from './address.ts';
import type { PathKey } from './path.ts';
import type { PortTable } from './ports.ts';
import { inetOf } from './state.ts';

/** What setsockopt(2) sets; names in the manual pages behind each. */
export type SocketOptions = {
  /** SO_REUSEADDR */
  reuseAddress: boolean;
  /** SO_REUSEPORT */
  reusePort: boolean;
  /** SO_BINDTODEVICE, by ifindex; 0: none. */
  device: number;
  /** SO_MARK */
  mark: number;
  /** IP_TTL, IPV6_UNICAST_HOPS; undefined: the namespace's default. */
  ttl: number | undefined;
  /** IP_TOS, IPV6_TCLASS */
  tos: number;
  /** IPV6_V6ONLY; undefined: net.ipv6.bindv6only decides. */
  v6Only: boolean | undefined;
  /** SO_BROADCAST */
  broadcast: boolean;
  /** IP_MTU_DISCOVER */
  pmtu: 'do' | 'want' | 'dont' | 'probe';
  /** TCP_NODELAY */
  noDelay: boolean;
  /** SO_KEEPALIVE, TCP_KEEPIDLE and TCP_KEEPINTVL in seconds, TCP_KEEPCNT; undefined: the namespace's. */
  keepAlive: boolean;
  keepIdle: number | undefined;
  keepInterval: number | undefined;
  keepCount: number | undefined;
  /** TCP_USER_TIMEOUT in milliseconds; 0: none. */
  userTimeout: number;
  /** SO_LINGER in seconds; 0 resets the connection at close. */
  linger: number | undefined;
  /** SO_SNDBUF, SO_RCVBUF as asked for; undefined: the kernel's defaults, which grow. */
  sendBuffer: number | undefined;
  receiveBuffer: number | undefined;
};

const defaultOptions = (): SocketOptions => ({
  reuseAddress: false,
  reusePort: false,
  device: 0,
  mark: 0,
  ttl: undefined,
  tos: 0,
  v6Only: undefined,
  broadcast: false,
  pmtu: 'want',
  noDelay: false,
  keepAlive: false,
  keepIdle: undefined,
  keepInterval: undefined,
  keepCount: undefined,
  userTimeout: 0,
  linger: undefined,
  sendBuffer: undefined,
  receiveBuffer: undefined,
});

/** A local address and port; the wildcard and 0 until they are chosen. */
export type LocalEnd = { readonly address: Ip; readonly port: number };

/**
 * What sockets of both protocols are (struct inet_sock). A socket holds its namespace until it is closed, and never
 * blocks: what cannot be done yet fails with EAGAIN, and the queues wake when it is worth another look.
 */
export abstract class InetSocket {
  readonly ns: NetNs;
  readonly family: Family;
  /** The inode that `ss -e` and /proc/net show. */
  readonly ino: number;
  readonly options: SocketOptions;
  local: LocalEnd;
  remote: SocketAddress | undefined;
  /** The address, and the port, was chosen by bind(2): closing a connection does not take it back. */
  boundAddress = false;
  boundPort = false;
  /** Woken when something came in, when a connection is there to accept, when it ended or failed. */
  readonly readable = new WaitQueue();
  /** Woken when there is room to send, and when a connection came to be or failed. */
  readonly writable = new WaitQueue();
  #error: Errno | undefined;

  constructor(ns: NetNs, family: Family, options: SocketOptions = defaultOptions()) {
    this.ns = ns.hold();
    this.family = family;
    this.options = options;
    this.ino = inetOf(ns.kernel.init).nextInode();
    this.local = { address: wildcard(family), port: 0 };
  }

  abstract readonly protocol: 6 | 17;
  protected abstract readonly ports: PortTable;
  abstract get canRead(): boolean;
  abstract get canWrite(): boolean;

  get v6Only(): boolean {
    return this.family === 6 && (this.options.v6Only ?? this.ns.ipv6.bindv6only !== 0);
  }

  /** getsockname(2) */
  get localAddress(): SocketAddress {
    return { address: this.shown(this.local.address), port: this.local.port };
  }

  /** getpeername(2); undefined: ENOTCONN. */
  get remoteAddress(): SocketAddress | undefined {
    return this.remote === undefined ? undefined : { ...this.remote, address: this.shown(this.remote.address) };
  }

  /** As this socket's family writes an address. */
  shown(address: Ip): Ip {
    return this.family === 6 ? mapped(address) : address;
  }

  /** SO_ERROR: what went wrong since the last look. */
  takeError(): Errno | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  get error(): Errno | undefined {
    return this.#error;
  }

  /** sk_error_report() */
  raise(error: Errno): void {
    this.#error = error;
    this.wake();
  }

  wake(): void {
    this.readable.wake();
    this.writable.wake();
  }

  /** bind(2). Port 0 takes a free one. EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EINVAL (bound already). */
  bind(to: SocketAddress): Result<void> {
    const address = unmapped(to.address);
    if (this.family === 4 && address.family === 6) return fail('EAFNOSUPPORT');
    if (this.family === 6 && (to.address.family === 4 || (address.family === 4 && this.v6Only))) return fail('EINVAL');
    if (this.boundPort || this.local.port !== 0) return fail('EINVAL');
    if (address.isLinkLocal && address.family === 6) {
      if (to.scope === undefined && this.options.device === 0) return fail('EINVAL');
      this.options.device = to.scope ?? this.options.device;
    }
    if (!this.#isOurs(address)) return fail('EADDRNOTAVAIL');
    this.local = { address: to.address.family === 6 && isWildcard(address) ? to.address : address, port: 0 };
    this.boundAddress = !isWildcard(address);
    const port = this.ports.bind(this, to.port);
    if (port === undefined) {
      this.local = { address: wildcard(this.family), port: 0 };
      this.boundAddress = false;
      return fail('EADDRINUSE');
    }
    this.local = { ...this.local, port };
    this.boundPort = true;
    return done;
  }

  #isOurs(address: Ip): boolean {
    const { ns } = this;
    if (isWildcard(address) || address.isMulticast) return true;
    if (address.family === 6) return ns.ipv6.ip_nonlocal_bind !== 0 || isLocalAddress6(ns, address);
    if (ns.ipv4.ip_nonlocal_bind !== 0 || isLocalAddress(ns, address)) return true;
    return ns.links().some(({ inet }) => inet.addrs.some(({ broadcast }) => broadcast === address));
  }

  /** What decides where its packets go. */
  pathKey(to: SocketAddress): PathKey {
    const { device, tos, mark } = this.options;
    const source = isWildcard(this.local.address) ? undefined : this.local.address;
    return { to: to.address, source, oif: device !== 0 ? device : (to.scope ?? 0), tos, mark };
  }

  /** Is a packet to `dst` that came in by device `iif` this socket's matter? */
  accepts(dst: Ip, iif: number): boolean {
    const { address } = this.local;
    if (this.options.device !== 0 && this.options.device !== iif) return false;
    if (address === dst) return true;
    if (address.family === 6) return isWildcard(address) && (dst.family === 6 || !this.v6Only);
    return isWildcard(address) && dst.family === 4;
  }

  /** The packet reached this socket. */
  traceDelivery(skb: Skb): void {
    const { trace, name } = this.ns.kernel;
    trace.fold(EVENT_CODE.socket, this.ns.number, this.protocol, skb.id, skb.length);
    if (!trace.live) return;
    const socket = `${this.protocol === 6 ? 'TCP' : 'UDP'} socket ${this.describe()}`;
    trace.publish({ type: 'socket', at: trace.now, node: name, netns: this.ns.inode, socket, packet: packetRef(skb) });
  }

  describe(): string {
    const end = ({ address, port }: LocalEnd): string =>
      address.family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
    return this.remote === undefined ? end(this.local) : `${end(this.local)} of ${end(this.remote)}`;
  }
}
