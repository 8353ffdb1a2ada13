import { SECOND } from '../../../base/index.ts';
import { TCP_FLAG } from '../../../wire/index.ts';
import { Piece } from './piece.ts';
import { now, transmitSegment } from './segment.ts';
import { add, after, distance } from './sequence.ts';
import type { TcpSocket } from './socket.ts';

/** The longest payload of a packet that a device cuts into segments (gso_max_size, less headers). */
const GSO_MAX = 65_535 - 320;
/** tcp_pacing_ss_ratio and tcp_pacing_ca_ratio: a packet holds no more than about a millisecond of what the path takes. */
const PACING_SHIFT = 1024;

/** Whether a segment that is not full may wait for acknowledgments (RFC 1122 section 4.2.3.4). */
type Nagle = 'wait' | 'push';

/** Takes data from the application and sends what may go (tcp_sendmsg); how much was taken. */
export function writeTcp(sk: TcpSocket, data: Uint8Array): number {
  let taken = 0;
  while (taken < data.length && sk.sendRoom > 0) {
    const goal = sizeGoal(sk);
    const tail = openTail(sk, goal);
    const room = goal - tail.data.length;
    const part = data.subarray(taken, taken + room);
    tail.append(part);
    tail.push = false;
    sk.written = add(sk.written, part.length);
    taken += part.length;
    if (taken === data.length || tail.data.length < goal) continue;
    if (isForcedPush(sk)) {
      markPush(sk, tail);
      pushPending(sk, 'push');
    } else if (tail === sk.writeQueue[0]) pushOne(sk);
  }
  if (taken === 0) return 0;
  const last = sk.writeQueue.at(-1);
  if (last !== undefined) markPush(sk, last);
  pushPending(sk, taken < data.length || sk.options.noDelay ? 'push' : 'wait');
  return taken;
}

/** The piece that new data joins: the last one that was not sent, or a new one. */
function openTail(sk: TcpSocket, goal: number): Piece {
  const tail = sk.writeQueue.at(-1);
  if (tail !== undefined && !tail.fin && tail.data.length < goal) return tail;
  const fresh = new Piece(sk.written, new Uint8Array());
  sk.writeQueue.push(fresh);
  return fresh;
}

function markPush(sk: TcpSocket, piece: Piece): void {
  piece.push = true;
  sk.pushed = sk.written;
}

const isForcedPush = (sk: TcpSocket): boolean => after(sk.written, add(sk.pushed, sk.maxWindow >> 1));

/** tcp_xmit_size_goal(): whole segments, at most half of what the peer ever took. */
function sizeGoal(sk: TcpSocket): number {
  const half = sk.maxWindow > 536 ? sk.maxWindow >> 1 : sk.maxWindow;
  const most = half > 0 ? Math.min(GSO_MAX, Math.max(half, 68)) : GSO_MAX;
  return Math.max(1, Math.floor(most / sk.mss)) * sk.mss;
}

/** __tcp_push_pending_frames() */
export function pushPending(sk: TcpSocket, nagle: Nagle): void {
  if (sk.writeQueue.length === 0) return;
  if (writeOut(sk, nagle, false)) sk.timers.startProbing();
}

const pushOne = (sk: TcpSocket): void => {
  writeOut(sk, 'push', true);
};

/** Segments that are on their way, as far as one knows (RFC 6675's pipe). */
export function inFlight(sk: TcpSocket): number {
  let count = 0;
  for (const piece of sk.sentQueue) {
    const segments = piece.segments(sk.mss);
    if (!piece.sacked && !piece.lost) count += segments;
    if (piece.retransmitted && !piece.sacked) count += piece.lost ? segments : 0;
  }
  return count;
}

const windowEnd = (sk: TcpSocket): number => add(sk.una, sk.window);

/** tcp_tso_autosize() */
function mostSegments(sk: TcpSocket): number {
  const ratio = sk.congestion.inSlowStart ? 2 : 1.2;
  const rtt = sk.rtt.isKnown ? sk.rtt.smoothed : 1000;
  const rate = (ratio * sk.congestion.window * sk.mss * SECOND) / rtt;
  const rounds = Math.floor(sk.rtt.least) >> 9;
  const bytes = rate / PACING_SHIFT + (rounds < 31 ? GSO_MAX >> rounds : 0);
  return Math.max(Math.floor(Math.min(bytes, GSO_MAX) / sk.mss), sk.ns.ipv4.tcp_min_tso_segs);
}

/**
 * tcp_write_xmit(): sends from the write queue what congestion window, peer's window and Nagle's algorithm let go.
 * True: nothing is in flight, and yet something waits, so that only a probe can find out that the window opened.
 */
function writeOut(sk: TcpSocket, nagle: Nagle, onlyOne: boolean): boolean {
  const { congestion } = sk;
  const most = mostSegments(sk);
  let sent = 0;
  for (let piece = sk.writeQueue[0]; piece !== undefined; piece = sk.writeQueue[0]) {
    const flying = inFlight(sk);
    const quota = Math.min(Math.max(congestion.window >> 1, 1), congestion.window - flying, most);
    if (quota <= 0) {
      congestion.isLimiting = true;
      break;
    }
    const first = add(piece.seq, Math.min(piece.length, sk.mss));
    if (after(first, windowEnd(sk))) break;
    const limit = splitPoint(sk, piece, quota, nagle);
    if (limit === 0) break;
    if (piece.data.length > limit) sk.writeQueue.splice(1, 0, piece.split(limit));
    sk.writeQueue.shift();
    sendPiece(sk, piece);
    sent += piece.segments(sk.mss);
    if (onlyOne) break;
  }
  if (sent > 0) {
    congestion.most = Math.max(congestion.most, inFlight(sk));
    congestion.isLimiting = inFlight(sk) >= congestion.window;
    return false;
  }
  return sk.sentQueue.length === 0 && sk.writeQueue.length > 0;
}

/** How much of a piece may go now; 0: it has to wait (tcp_nagle_test, tcp_mss_split_point). */
function splitPoint(sk: TcpSocket, piece: Piece, quota: number, nagle: Nagle): number {
  const { mss } = sk;
  const size = piece.data.length;
  const isLast = sk.writeQueue.length === 1;
  const mayWait = nagle === 'wait' && isLast && !sk.options.noDelay;
  if (size <= mss) {
    if (piece.fin || !mayWait || size === mss || !smallInFlight(sk)) return Math.max(size, 1);
    return 0;
  }
  const room = distance(windowEnd(sk), piece.seq);
  const whole = quota * mss;
  const needed = Math.min(size, room);
  if ((whole <= room && !isLast) || whole <= needed) return Math.min(whole, size);
  const partial = needed % mss;
  return partial !== 0 && mayWait && smallInFlight(sk) && needed > partial ? needed - partial : needed;
}

/** tcp_minshall_check(): a segment that was not full is on its way; a second one waits for it. */
const smallInFlight = (sk: TcpSocket): boolean =>
  sk.sentQueue.length > 0 && after(sk.smallEnd, sk.una) && !after(sk.smallEnd, sk.next);

/** First transmission of a piece (tcp_event_new_data_sent). */
function sendPiece(sk: TcpSocket, piece: Piece): void {
  const wasIdle = sk.sentQueue.length === 0;
  if (wasIdle) restartAfterPause(sk);
  sk.sentQueue.push(piece);
  sk.next = piece.end;
  if (piece.data.length < piece.segments(sk.mss) * sk.mss && piece.data.length > 0) sk.smallEnd = piece.end;
  if (piece.data.length > 0) sk.ns.mib.add('Ext.TCPOrigDataSent', piece.segments(sk.mss));
  transmitPiece(sk, piece);
  if (wasIdle || sk.timers.isProbing) sk.timers.startRetransmission();
  sk.timers.startLossProbe();
}

function restartAfterPause(sk: TcpSocket): void {
  if (sk.ns.ipv4.tcp_slow_start_after_idle === 0) return;
  const idle = now(sk) - sk.stats.lastSent;
  if (sk.stats.lastSent > 0 && idle > sk.rtt.timeout) sk.congestion.restart(Math.floor(idle / sk.rtt.timeout));
}

/** Puts a piece on the wire, for the first time or again. */
export function transmitPiece(sk: TcpSocket, piece: Piece): boolean {
  const { syn, fin, push, seq, data } = piece;
  piece.sentAt = now(sk);
  piece.sends++;
  const isFirstSyn = syn && sk.state === 'SYN_SENT';
  const flags =
    (isFirstSyn ? 0 : TCP_FLAG.ack) |
    (syn ? TCP_FLAG.syn : 0) |
    (fin ? TCP_FLAG.fin : 0) |
    (push && data.length > 0 ? TCP_FLAG.psh : 0);
  return transmitSegment(sk, { seq, flags, data });
}

/** tcp_retransmit_skb(): at most `most` segments of a piece, again. False: the peer's window is shut for it. */
export function retransmit(sk: TcpSocket, piece: Piece, most: number): boolean {
  const room = distance(windowEnd(sk), piece.seq);
  if (room <= 0 && piece.seq !== sk.una) return false;
  const limit = Math.min(most * sk.mss, room <= 0 ? sk.mss : Math.max(room, sk.mss));
  const at = sk.sentQueue.indexOf(piece);
  if (piece.data.length > limit && at !== -1) sk.sentQueue.splice(at + 1, 0, piece.split(limit));
  const segments = piece.segments(sk.mss);
  piece.retransmitted = true;
  sk.stats.retransmitted += segments;
  sk.stats.bytesRetransmitted += piece.data.length;
  sk.ns.mib.add('Tcp.RetransSegs', segments);
  if (piece.syn) sk.ns.mib.add('Ext.TCPSynRetrans');
  return transmitPiece(sk, piece);
}

/** tcp_send_fin(): behind what is still to be sent, or by itself. */
export function sendFin(sk: TcpSocket): void {
  const tail = sk.writeQueue.at(-1);
  if (tail !== undefined) tail.fin = true;
  else sk.writeQueue.push(new Piece(sk.written, new Uint8Array(), { fin: true }));
  sk.written = add(sk.written, 1);
  pushPending(sk, 'push');
}
