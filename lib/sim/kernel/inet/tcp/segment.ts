import {
  emitTcp,
  IPPROTO,
  IPV4_HEADER,
  IPV6_HEADER,
  TCP_FLAG,
  TCP_HEADER,
  type TcpOptions,
} from '../../../wire/index.ts';
import type { SocketAddress } from '../address.ts';
import { bytesPayload, findPath, type Path, transmitOn } from '../path.ts';
import { add } from './sequence.ts';
import type { TcpSocket } from './socket.ts';
import { windowToTell } from './window.ts';

const TIMESTAMPS = 12;
const OPTIONS_ROOM = 40;
/** TCP_MIN_SND_MSS: less data than this no segment carries. */
const LEAST_MSS = 48;
const MAX_PAYLOAD = 65_535;
/** ip_rt_min_advmss */
const LEAST_ADVERTISED = 256;
/** TCP_MSS_DEFAULT */
const SMALL_WINDOW = 536;

/** What a segment says beside what the socket knows. */
export type SegmentFields = {
  readonly seq: number;
  readonly flags: number;
  readonly data?: Uint8Array;
};

const headers = (family: 4 | 6): number => (family === 4 ? IPV4_HEADER : IPV6_HEADER) + TCP_HEADER;

/** The MSS to tell a peer (ipv4_default_advmss, ip6_default_advmss): from the path's MTU, or the route's metric. */
export function advertisedMss(path: Path): number {
  const route = path.dst4?.route ?? path.dst6?.route;
  const told = route?.metrics.advmss;
  if (told !== undefined && told > 0) return told;
  return Math.max(path.mtu - headers(path.dst4 === undefined ? 6 : 4), LEAST_ADVERTISED);
}

/** tcp_sync_mss(): the data that fits a segment on this path and that the peer takes. */
export function syncMss(sk: TcpSocket, path: Path): void {
  sk.pathMtu = path.mtu;
  const room = path.mtu - headers(path.dst4 === undefined ? 6 : 4);
  const options = sk.peer.timestamps ? TIMESTAMPS : 0;
  // A peer that takes little at once gets at least two segments of it (tcp_bound_to_half_wnd).
  const half = sk.maxWindow > SMALL_WINDOW ? sk.maxWindow >> 1 : sk.maxWindow || MAX_PAYLOAD;
  sk.mss = Math.max(LEAST_MSS, Math.min(room, sk.peer.mss, Math.max(half, LEAST_MSS) + options) - options);
}

export const now = (sk: TcpSocket): number => sk.ns.kernel.events.now;

/** The time stamp that segments carry now: milliseconds with an offset of the connection's own (RFC 7323 section 5.4). */
export const stamp = (sk: TcpSocket): number => add(Math.floor(now(sk) / 1000), sk.stampOffset);

/** Sends one packet of the connection; false when there was no way for it. */
export function transmitSegment(sk: TcpSocket, fields: SegmentFields): boolean {
  const { ns, options } = sk;
  const remote = sk.remote as SocketAddress;
  const way = findPath(ns, sk.pathKey(remote));
  if (!way.ok) {
    sk.softError = way.errno;
    return false;
  }
  const { path } = way;
  if (path.mtu !== sk.pathMtu) syncMss(sk, path);
  const { data = new Uint8Array() } = fields;
  const segments = Math.max(1, Math.ceil(data.length / sk.mss));
  // The receiver's aggregation ends at a PSH: each packet of several segments has one.
  const flags = segments > 1 ? fields.flags | TCP_FLAG.psh : fields.flags;
  const bytes = emitTcp(
    {
      srcPort: sk.local.port,
      dstPort: remote.port,
      seq: fields.seq,
      ack: (flags & TCP_FLAG.ack) === 0 ? 0 : sk.receiveQueue.next,
      flags,
      window: windowToTell(sk, (flags & TCP_FLAG.syn) !== 0),
      options: optionsOf(sk, path, flags),
      data,
    },
    path.source,
    path.to,
  );
  count(sk, data.length, segments, flags);
  transmitOn(ns, path, {
    protocol: IPPROTO.tcp,
    payload: bytesPayload(bytes),
    ttl: options.ttl,
    tos: options.tos,
    mark: options.mark,
    df: options.pmtu !== 'dont' && !path.mtuLocked,
    id: nextId(sk, segments),
    excess: Math.max(0, data.length - sk.mss),
  });
  return true;
}

function nextId(sk: TcpSocket, segments: number): number {
  const id = sk.nextId;
  sk.nextId = (id + segments) & 0xffff;
  return id;
}

function count(sk: TcpSocket, length: number, segments: number, flags: number): void {
  const { stats, ns, acks } = sk;
  ns.mib.add('Tcp.OutSegs', segments);
  stats.segmentsOut += segments;
  if ((flags & TCP_FLAG.ack) !== 0) acks.sent();
  if (length === 0) return;
  stats.dataSegmentsOut += segments;
  stats.bytesSent += length;
  // An answer soon after what came in: the connection goes to and fro.
  if (now(sk) - acks.lastReceived < acks.timeout) acks.pingPong = true;
  stats.lastSent = now(sk);
}

function optionsOf(sk: TcpSocket, path: Path, flags: number): TcpOptions {
  const { ipv4 } = sk.ns;
  const isSyn = (flags & TCP_FLAG.syn) !== 0;
  if (isSyn)
    return {
      mss: advertisedMss(path),
      ...(ipv4.tcp_sack === 0 ? {} : { sackPermitted: true }),
      ...(ipv4.tcp_timestamps === 0 ? {} : { timestamps: { value: stamp(sk), echo: sk.recentStamp } }),
      ...(ipv4.tcp_window_scaling === 0 ? {} : { windowScale: sk.windowScale }),
    };
  const timestamps = sk.peer.timestamps ? { timestamps: { value: stamp(sk), echo: sk.recentStamp } } : {};
  if (!sk.peer.sack || !sk.receiveQueue.hasGap) return timestamps;
  const room = OPTIONS_ROOM - (sk.peer.timestamps ? TIMESTAMPS : 0) - 4;
  return { ...timestamps, sack: sk.receiveQueue.sackBlocks(Math.floor(room / 8)) };
}

/** tcp_send_ack() */
export function sendAck(sk: TcpSocket): void {
  if (sk.state === 'CLOSE' || sk.state === 'LISTEN') return;
  sk.timers.cancelDelayedAck();
  transmitSegment(sk, { seq: sk.next, flags: TCP_FLAG.ack });
}

/** tcp_send_active_reset() */
export function sendReset(sk: TcpSocket): void {
  sk.ns.mib.add('Tcp.OutRsts');
  transmitSegment(sk, { seq: sk.next, flags: TCP_FLAG.rst | TCP_FLAG.ack });
}
