import { SECOND } from '../../../base/index.ts';
import type { TcpSegment } from '../../../wire/index.ts';
import type { Piece } from './piece.ts';
import { retransmitLost } from './retransmission.ts';
import { now, stamp } from './segment.ts';
import { add, after, before, distance } from './sequence.ts';
import type { TcpSocket } from './socket.ts';

/** Segments that arrived behind a gap before it counts as a loss, and not as reordering (RFC 5681's three duplicates). */
const DUPLICATES = 3;

/** tcp_ack(): what a segment acknowledges. False: it acknowledges what was never sent. */
export function processAck(sk: TcpSocket, segment: TcpSegment): boolean {
  const { ack } = segment;
  if (after(ack, sk.next)) return false;
  const { timers, stats } = sk;
  timers.probes = 0;
  stats.lastAck = now(sk);
  if (before(ack, sk.una)) {
    // Old news, but what it says of gaps may be new.
    markSacked(sk, segment);
    return true;
  }
  const oldWindow = sk.window;
  const advanced = after(ack, sk.una);
  updateWindow(sk, segment);
  if (advanced) sk.timers.retransmissions = 0;
  const acked = advanced ? removeAcked(sk, segment) : 0;
  sk.una = ack;
  const sacked = markSacked(sk, segment);
  const isDuplicate =
    !advanced &&
    segment.data.length === 0 &&
    sk.sentQueue.length > 0 &&
    (sacked > 0 || (!sk.peer.sack && sk.window === oldWindow));
  repair(sk, acked, sacked, isDuplicate);
  if (sk.sentQueue.length === 0 && !timers.isProbing) timers.cancelWrite();
  else if (advanced && sk.sentQueue.length > 0) rearm(sk);
  if (timers.isProbing && mayStart(sk)) {
    timers.backoff = 0;
    timers.cancelWrite();
  }
  return true;
}

function rearm({ timers }: TcpSocket): void {
  timers.startRetransmission();
  timers.startLossProbe();
}

/** The first that waits fits into the window now. */
const mayStart = (sk: TcpSocket): boolean => {
  const head = sk.writeQueue[0];
  return head === undefined || !after(add(head.seq, Math.min(head.length, sk.mss)), add(sk.una, sk.window));
};

/** tcp_ack_update_window(): of segments that cross, the newer one tells the window. */
function updateWindow(sk: TcpSocket, { ack, seq, window }: TcpSegment): void {
  const scaled = window * 2 ** (sk.peer.scaled ? sk.peer.windowScale : 0);
  const isNewer =
    after(ack, sk.una) || after(seq, sk.windowSeq) || (seq === sk.windowSeq && (scaled > sk.window || scaled === 0));
  if (!isNewer) return;
  sk.windowSeq = seq;
  sk.window = scaled;
  sk.maxWindow = Math.max(sk.maxWindow, scaled);
}

/** tcp_clean_rtx_queue(): forgets what is acknowledged, and learns the round-trip time from it; how many segments it was. */
function removeAcked(sk: TcpSocket, segment: TcpSegment): number {
  const { ack } = segment;
  const before_ = sk.una;
  let segments = 0;
  let measured: number | undefined;
  while (sk.sentQueue.length > 0) {
    const piece = sk.sentQueue[0] as Piece;
    if (after(piece.end, ack)) {
      if (after(ack, piece.seq) && !piece.syn) {
        segments += Math.floor(distance(ack, piece.seq) / sk.mss);
        piece.trimTo(ack);
      }
      break;
    }
    sk.sentQueue.shift();
    segments += piece.segments(sk.mss);
    if (piece.sends === 1 && !piece.sacked) measured = now(sk) - piece.sentAt;
    else if (piece.sends > 1) measured = undefined;
  }
  sk.stats.bytesAcked += Math.max(0, distance(ack, before_));
  sk.stats.delivered += segments;
  sk.ns.mib.add('Ext.TCPDelivered', segments);
  learnRtt(sk, segment, measured);
  if (sk.timers.lossProbe !== undefined && !before(ack, sk.timers.lossProbe)) sk.timers.lossProbe = undefined;
  return segments;
}

/** tcp_ack_update_rtt(): by our own clock if the segment was sent once (Karn's algorithm), else by the time stamp it echoes. */
function learnRtt(sk: TcpSocket, { ack, options }: TcpSegment, measured: number | undefined): void {
  let rtt = measured;
  if (rtt === undefined && sk.peer.timestamps && options.timestamps !== undefined) {
    const echoed = distance(stamp(sk), options.timestamps.echo) * 1000;
    if (echoed >= 0 && echoed < 600 * SECOND) rtt = Math.max(echoed, 1000);
  }
  if (rtt === undefined) return;
  sk.rtt.sample(rtt, ack, sk.next);
  sk.timers.backoff = 0;
}

/** tcp_sacktag_write_queue(): how many segments the peer newly reports to have. */
function markSacked(sk: TcpSocket, { options }: TcpSegment): number {
  let count = 0;
  for (const { start, end } of sk.peer.sack ? (options.sack ?? []) : []) {
    if (!after(end, sk.una) || after(end, sk.next)) continue;
    for (let i = 0; i < sk.sentQueue.length; i++) {
      const piece = sk.sentQueue[i] as Piece;
      if (piece.sacked || !after(piece.end, start) || !before(piece.seq, end)) continue;
      isolate(sk, i, start, end);
      const inside = sk.sentQueue[i] as Piece;
      if (before(inside.seq, start) || after(inside.end, end)) continue;
      inside.sacked = true;
      inside.lost = false;
      count += inside.segments(sk.mss);
    }
  }
  return count;
}

/** Cuts a piece so that what lies in the block is a piece of its own, as far as whole segments go (tcp_match_skb_to_sack). */
function isolate(sk: TcpSocket, index: number, start: number, end: number): void {
  const piece = sk.sentQueue[index] as Piece;
  const cut = before(piece.seq, start)
    ? distance(start, piece.seq)
    : after(piece.end, end)
      ? distance(end, piece.seq)
      : 0;
  if (cut > 0 && cut < piece.data.length) sk.sentQueue.splice(index + 1, 0, piece.split(cut));
}

/** tcp_fastretrans_alert(), tcp_cong_avoid(): what the acknowledgment means for the congestion window and for gaps. */
function repair(sk: TcpSocket, acked: number, sacked: number, isDuplicate: boolean): void {
  const { congestion } = sk;
  if (congestion.state !== 'open' && !before(sk.una, congestion.highSeq)) {
    if (congestion.state === 'recovery')
      congestion.window = Math.max(2, Math.min(congestion.window, congestion.threshold));
    congestion.state = 'open';
    congestion.duplicateAcks = 0;
  }
  if (isDuplicate) congestion.duplicateAcks++;
  else if (acked > 0 && congestion.state === 'open') congestion.duplicateAcks = 0;
  findLost(sk, acked > 0);
  const hasLost = sk.sentQueue.some((piece) => piece.lost && !piece.retransmitted);
  if (congestion.state === 'open' && hasLost) {
    congestion.reduce();
    congestion.window = congestion.threshold;
    congestion.state = 'recovery';
    congestion.highSeq = sk.next;
    sk.ns.mib.add('Ext.TCPFastRetrans');
    sk.ns.mib.add(sk.peer.sack ? 'Ext.TCPSackRecovery' : 'Ext.TCPRenoRecovery');
  } else if (acked > 0 && congestion.state !== 'recovery') congestion.grow(acked);
  if (hasLost && (acked > 0 || sacked > 0 || isDuplicate)) retransmitLost(sk);
}

/** tcp_identify_packet_loss() */
function findLost(sk: TcpSocket, advanced: boolean): void {
  const { congestion, sentQueue } = sk;
  if (!sk.peer.sack) {
    // NewReno: the first is missing, and after each partial acknowledgment the next first (RFC 6582).
    const isPartial = congestion.state === 'recovery' && advanced;
    const head = sentQueue[0];
    if (head === undefined || (congestion.duplicateAcks < DUPLICATES && !isPartial)) return;
    if (isPartial) head.retransmitted = false;
    head.lost = true;
    return;
  }
  let behind = 0;
  for (let i = sentQueue.length - 1; i >= 0; i--) {
    const piece = sentQueue[i] as Piece;
    if (piece.sacked) behind += piece.segments(sk.mss);
    else if (behind >= DUPLICATES && !piece.retransmitted) piece.lost = true;
  }
}
