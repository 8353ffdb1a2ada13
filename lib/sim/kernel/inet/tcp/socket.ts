import { done, type Errno, fail, type Micros, ok, type Result } from '../../../base/index.ts';
import { IPPROTO } from '../../../wire/index.ts';
import type { Family } from '../../messages.ts';
import type { NetNs } from '../../netns.ts';
import { type SocketAddress, unmapped } from '../address.ts';
import type { PortTable } from '../ports.ts';
import { InetSocket, type SocketOptions } from '../socket.ts';
import { inetOf } from '../state.ts';
import { afterRead } from './ack.ts';
import { AckState } from './ack-state.ts';
import { closeTcp, shutdownTcp } from './close.ts';
import { Congestion } from './congestion.ts';
import { connectTcp } from './connect.ts';
import { writeTcp } from './output.ts';
import type { Piece } from './piece.ts';
import { ReceiveQueue } from './receive-queue.ts';
import type { Request } from './request.ts';
import { RttEstimator } from './rtt.ts';
import { Timers } from './timers.ts';

/** RFC 9293 section 3.3.2, in the kernel's words. */
export type TcpState =
  | 'CLOSE'
  | 'LISTEN'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT';

/** Of the smallest packet every host takes (RFC 9293 section 3.7.1). */
const DEFAULT_MSS = 536;

/** Before anything is known of the path: ten packets and what they cost (tcp_sndbuf_expand). */
const SEND_BUFFER = 46_080;

/** What the peer said it can do when the connection began. */
export type PeerOptions = {
  mss: number;
  /** Whether windows are scaled, and by how much the peer's are. */
  scaled: boolean;
  windowScale: number;
  sack: boolean;
  timestamps: boolean;
};

/**
 * socket(AF_INET or AF_INET6, SOCK_STREAM): one end of a connection, or a listener (struct tcp_sock). What it does is in
 * the files beside this one; here is what it knows, and its system calls.
 *
 *   write ─▶ writeQueue │ sentQueue │ acknowledged        (pieces of the stream; una … next … written)
 *   read  ◀─ receiveQueue.chunks │ gap │ ranges            (copied … receiveQueue.next)
 */
export class TcpSocket extends InetSocket {
  readonly protocol = IPPROTO.tcp;
  state: TcpState = 'CLOSE';

  // Sending
  iss = 0;
  /** The oldest sequence number that is not acknowledged, the next to send, and the end of what was written. */
  una = 0;
  next = 0;
  written = 0;
  /** Where the last segment smaller than the MSS ended (Nagle), and the last that was pushed. */
  smallEnd = 0;
  pushed = 0;
  writeQueue: Piece[] = [];
  sentQueue: Piece[] = [];
  /** The peer's window, the segment that told of it, and the largest seen. */
  window = 0;
  windowSeq = 0;
  maxWindow = 0;
  /** MTU of the path, and the data that fits a segment. */
  pathMtu = 1500;
  mss = DEFAULT_MSS;
  readonly peer: PeerOptions = { mss: DEFAULT_MSS, scaled: false, windowScale: 0, sack: false, timestamps: false };
  readonly congestion = new Congestion();
  readonly rtt: RttEstimator;
  readonly timers: Timers;
  /** Identification of the next IPv4 packet. */
  nextId: number;
  hasShutDownSend = false;

  // Receiving
  receiveQueue = new ReceiveQueue(0);
  readonly acks = new AckState();
  /** The window that was last told, at which number, its scale, and the most that it may grow to. */
  told = 0;
  toldAt = 0;
  windowScale = 0;
  receiveThreshold = 0;
  receiveBuffer = 0;
  windowClamp = 0;
  hasShutDownReceive = false;
  /** RFC 7323: the time stamp to echo, when it came, and what is added to ours. */
  recentStamp = 0;
  recentStampAt: Micros = 0;
  stampOffset = 0;

  // Listening
  backlog = 0;
  readonly acceptQueue: TcpSocket[] = [];
  readonly requests = new Set<Request>();
  /** The listener that has not handed it over yet. */
  listener: TcpSocket | undefined;

  /** An error that ends nothing yet, reported when the connection gives up (sk_err_soft). */
  softError: Errno | undefined;
  /** No descriptor leads to it any more. */
  orphan = false;
  readonly stats = {
    bytesSent: 0,
    bytesRetransmitted: 0,
    bytesAcked: 0,
    bytesReceived: 0,
    segmentsOut: 0,
    segmentsIn: 0,
    dataSegmentsOut: 0,
    dataSegmentsIn: 0,
    retransmitted: 0,
    delivered: 0,
    lastSent: 0,
    lastReceived: 0,
    lastAck: 0,
  };
  /** What the application read lately, for the growth of the receive buffer (tcp_rcv_space_adjust). */
  readonly drain = { copied: 0, since: 0, space: 0 };

  constructor(ns: NetNs, family: Family, options?: SocketOptions) {
    super(ns, family, options);
    this.rtt = new RttEstimator(ns);
    this.timers = new Timers(this);
    this.nextId = inetOf(ns).random.int(0, 0xffff);
  }

  protected get ports(): PortTable {
    return inetOf(this.ns).tcpPorts;
  }

  get listening(): boolean {
    return this.state === 'LISTEN';
  }

  get isConnected(): boolean {
    return this.state === 'ESTABLISHED' || this.state === 'CLOSE_WAIT';
  }

  /** Data may still come. */
  get receives(): boolean {
    return this.state === 'ESTABLISHED' || this.state === 'FIN_WAIT1' || this.state === 'FIN_WAIT2';
  }

  get canRead(): boolean {
    if (this.state === 'LISTEN') return this.acceptQueue.length > 0;
    if (this.receiveQueue.length > 0 || this.error !== undefined || this.hasShutDownReceive) return true;
    return this.receiveQueue.finished || this.state === 'CLOSE';
  }

  get canWrite(): boolean {
    if (this.error !== undefined || this.hasShutDownSend || this.state === 'CLOSE') return true;
    if (this.state === 'SYN_SENT' || this.state === 'SYN_RECV' || this.state === 'LISTEN') return false;
    return this.sendRoom * 3 >= this.sendBuffer;
  }

  /** Bytes that were written and are not acknowledged. */
  get unacknowledged(): number {
    return Math.max(0, (this.written - this.una) | 0);
  }

  /** SO_SNDBUF; without it the buffer grows with the congestion window. */
  get sendBuffer(): number {
    const asked = this.options.sendBuffer;
    if (asked !== undefined) return Math.max(2 * Math.min(asked, this.ns.core.wmem_max), 4608);
    const [, , most = 4_194_304] = this.ns.ipv4.tcp_wmem;
    return Math.min(most, Math.max(SEND_BUFFER, 2 * this.congestion.window * (this.mss + 856)));
  }

  get sendRoom(): number {
    return Math.max(0, this.sendBuffer - this.unacknowledged);
  }

  /** listen(2). EADDRINUSE: another socket listens there. */
  listen(backlog: number): Result<void> {
    if (this.state !== 'CLOSE' && this.state !== 'LISTEN') return fail('EINVAL');
    this.backlog = Math.min(Math.max(0, backlog), this.ns.core.somaxconn);
    if (this.state === 'LISTEN') return done;
    if (this.local.port === 0) {
      const bound = this.bind({ address: this.local.address, port: 0 });
      if (!bound.ok) return bound;
    }
    this.state = 'LISTEN';
    if (this.ports.conflicts(this, this.local.port)) {
      this.state = 'CLOSE';
      return fail('EADDRINUSE');
    }
    inetOf(this.ns).tcp.listen(this);
    return done;
  }

  /** accept(2). EAGAIN: nobody is there; EINVAL: it does not listen. */
  accept(): Result<TcpSocket> {
    if (this.state !== 'LISTEN') return fail('EINVAL');
    const next = this.acceptQueue.shift();
    if (next === undefined) return fail('EAGAIN');
    next.listener = undefined;
    return ok(next);
  }

  /**
   * connect(2): EINPROGRESS when the SYN is on its way; what comes of it tells `takeError`, once the socket can be written.
   * ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL (no port left), EISCONN, EALREADY, EAFNOSUPPORT at once.
   */
  connect(to: SocketAddress): Result<void> {
    return connectTcp(this, { ...to, address: unmapped(to.address) });
  }

  /** send(2): how much of it was taken. EAGAIN: no room; EPIPE: no longer connected, or shut down. */
  send(data: Uint8Array): Result<number> {
    const error = this.takeError();
    if (error !== undefined) return fail(error);
    if (this.state === 'SYN_SENT' || this.state === 'SYN_RECV') return fail('EAGAIN');
    if (!this.isConnected || this.hasShutDownSend) return fail('EPIPE');
    const taken = writeTcp(this, data);
    return taken === 0 && data.length > 0 ? fail('EAGAIN') : ok(taken);
  }

  /** recv(2): up to `size` bytes; none at the end of the stream. EAGAIN, ENOTCONN, ECONNRESET … */
  receive(size: number): Result<Uint8Array> {
    if (this.state === 'LISTEN') return fail('ENOTCONN');
    const { receiveQueue } = this;
    if (receiveQueue.length > 0) {
      const data = receiveQueue.take(size);
      afterRead(this, data.length);
      return ok(data);
    }
    const error = this.takeError();
    if (error !== undefined) return fail(error);
    if (receiveQueue.finished || this.hasShutDownReceive) return ok(new Uint8Array());
    if (this.state === 'CLOSE') return this.remote === undefined ? fail('ENOTCONN') : ok(new Uint8Array());
    return fail('EAGAIN');
  }

  /** shutdown(2). ENOTCONN */
  shutdown(how: 'read' | 'write' | 'both'): Result<void> {
    return shutdownTcp(this, how);
  }

  /** close(2): a connection goes on until the peer has everything. */
  close(): void {
    if (!this.orphan) closeTcp(this);
  }
}
