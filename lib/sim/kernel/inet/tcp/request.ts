import { type Micros, SECOND, type Timer } from '../../../base/index.ts';
import { emitTcp, IPPROTO, TCP_FLAG, type TcpOptions, type TcpSegment } from '../../../wire/index.ts';
import type { SocketAddress } from '../address.ts';
import { bytesPayload, findPath, type Path, transmitOn } from '../path.ts';
import type { LocalEnd } from '../socket.ts';
import { inetOf } from '../state.ts';
import { hashOf, initialSequence } from './connect.ts';
import { advertisedMss } from './segment.ts';
import { add } from './sequence.ts';
import type { TcpSocket } from './socket.ts';
import { type InitialWindow, initialWindow } from './window.ts';

const TIMESTAMPS = 12;

/**
 * A connection whose SYN came and whose SYN-ACK is on its way (struct request_sock): ss shows it as SYN-RECV. The listener
 * keeps it until the peer acknowledges, or net.ipv4.tcp_synack_retries are over.
 */
export class Request {
  readonly kind = 'request';
  readonly state = 'SYN_RECV';
  readonly listener: TcpSocket;
  readonly local: LocalEnd;
  readonly remote: SocketAddress;
  readonly iss: number;
  readonly peerSeq: number;
  readonly peer: TcpOptions;
  readonly stampOffset: number;
  readonly window: InitialWindow;
  recentStamp: number;
  /** The packet that brought the SYN had it (net.ipv4.tcp_fwmark_accept). */
  readonly mark: number;
  /** The first SYN-ACK went out then. */
  readonly since: Micros;
  retransmissions = 0;
  /** The peer acknowledged, but the accept queue was full. */
  acknowledged = false;
  #timer: Timer;

  constructor(
    listener: TcpSocket,
    ends: { local: LocalEnd; remote: SocketAddress },
    segment: TcpSegment,
    path: Path,
    mark: number,
  ) {
    const { ipv4, kernel } = listener.ns;
    this.listener = listener;
    this.local = ends.local;
    this.remote = ends.remote;
    this.mark = mark;
    this.peerSeq = segment.seq;
    this.peer = negotiated(listener, segment.options);
    this.recentStamp = segment.options.timestamps?.value ?? 0;
    this.stampOffset = hashOf(listener, { local: { ...ends.local, port: 0 }, remote: { ...ends.remote, port: 0 } }, 2);
    this.iss = initialSequence(listener, ends);
    const mss = advertisedMss(path) - (this.peer.timestamps === undefined ? 0 : TIMESTAMPS);
    this.window = initialWindow(listener, mss, this.peer.windowScale !== undefined && ipv4.tcp_window_scaling !== 0);
    this.since = kernel.events.now;
    this.#timer = this.#start();
  }

  get timerAt(): Micros {
    return this.#timer.at;
  }

  #start(): Timer {
    const { events } = this.listener.ns.kernel;
    return events.after(SECOND * 2 ** this.retransmissions, () => this.#expire());
  }

  /** reqsk_timer_handler() */
  #expire(): void {
    const { ns } = this.listener;
    if (this.retransmissions >= ns.ipv4.tcp_synack_retries) {
      ns.mib.add('Tcp.AttemptFails');
      this.drop();
      return;
    }
    this.retransmissions++;
    ns.mib.add('Tcp.RetransSegs');
    this.sendSynAck();
    this.#timer = this.#start();
  }

  /** Takes it off the listener and out of the table. */
  drop(): void {
    this.#timer.cancel();
    this.listener.requests.delete(this);
    inetOf(this.listener.ns).tcp.remove(this, this);
  }

  /** tcp_v4_send_synack() */
  sendSynAck(): void {
    const { ns, options } = this.listener;
    const { address } = this.remote;
    const mark = ns.ipv4.tcp_fwmark_accept !== 0 ? this.mark : options.mark;
    const oif = options.device !== 0 ? options.device : (this.remote.scope ?? 0);
    const way = findPath(ns, { to: address, source: this.local.address, oif, tos: options.tos, mark });
    if (!way.ok) return;
    const bytes = emitTcp(
      {
        srcPort: this.local.port,
        dstPort: this.remote.port,
        seq: this.iss,
        ack: add(this.peerSeq, 1),
        flags: TCP_FLAG.syn | TCP_FLAG.ack,
        window: this.window.window,
        options: this.#options(way.path),
        data: new Uint8Array(),
      },
      this.local.address,
      address,
    );
    ns.mib.add('Tcp.OutSegs');
    const { ttl, tos } = options;
    transmitOn(ns, way.path, { protocol: IPPROTO.tcp, payload: bytesPayload(bytes), ttl, tos, mark, df: true, id: 0 });
  }

  #options(path: Path): TcpOptions {
    const { timestamps, sackPermitted, windowScale } = this.peer;
    const clock = Math.floor(this.listener.ns.kernel.events.now / 1000);
    return {
      mss: advertisedMss(path),
      ...(sackPermitted === true ? { sackPermitted } : {}),
      ...(timestamps === undefined
        ? {}
        : { timestamps: { value: add(clock, this.stampOffset), echo: this.recentStamp } }),
      ...(windowScale === undefined ? {} : { windowScale: this.window.scale }),
    };
  }
}

/** What both sides want (RFC 7323 section 1.3). */
function negotiated({ ns }: TcpSocket, theirs: TcpOptions): TcpOptions {
  const { tcp_timestamps, tcp_sack, tcp_window_scaling } = ns.ipv4;
  return {
    mss: theirs.mss ?? 536,
    ...(tcp_timestamps === 0 || theirs.timestamps === undefined ? {} : { timestamps: theirs.timestamps }),
    ...(tcp_sack === 0 || theirs.sackPermitted !== true ? {} : { sackPermitted: true }),
    ...(tcp_window_scaling === 0 || theirs.windowScale === undefined ? {} : { windowScale: theirs.windowScale }),
  };
}
