import { TCP_FLAG, type TcpSegment } from '../../../wire/index.ts';
import { drop, type Skb } from '../../skb.ts';
import { acknowledge } from './ack.ts';
import { processAck } from './acknowledgment.ts';
import { answer, refuse } from './answer.ts';
import { abandon, enterTimeWait, finish, setState, waitForFin } from './close.ts';
import { keepaliveTime } from './keepalive.ts';
import { pushPending, transmitPiece } from './output.ts';
import { ReceiveQueue } from './receive-queue.ts';
import { now, sendAck } from './segment.ts';
import { add, after, before, distance } from './sequence.ts';
import type { TcpSocket } from './socket.ts';
import type { Ends } from './table.ts';
import { growWindow, initialWindow, openWindow, receiveWindow } from './window.ts';

const has = (segment: TcpSegment, flag: keyof typeof TCP_FLAG): boolean => (segment.flags & TCP_FLAG[flag]) !== 0;

const endOf = (segment: TcpSegment): number =>
  add(segment.seq, segment.data.length + Number(has(segment, 'syn')) + Number(has(segment, 'fin')));

/** tcp_rcv_state_process(), tcp_rcv_established(): a segment of a connection (RFC 9293 section 3.10.7). */
export function processSegment(sk: TcpSocket, skb: Skb, segment: TcpSegment): void {
  if (sk.state === 'SYN_SENT') {
    answerToSyn(sk, skb, segment);
    return;
  }
  if (!isAcceptable(sk, skb, segment)) return;
  if (!has(segment, 'ack')) {
    drop(sk.ns, skb, 'TCP_FLAGS');
    return;
  }
  if (sk.state === 'SYN_RECV') establishPassively(sk, segment);
  if (!processAck(sk, segment)) {
    sendAck(sk);
    drop(sk.ns, skb, 'TCP_OVERWINDOW');
    return;
  }
  if (ownFinAcked(sk, segment) === 'over') return;
  if (!receiveData(sk, skb, segment)) return;
  if (sk.state === 'CLOSE') return;
  pushPending(sk, 'wait');
  if (sk.canWrite) sk.writable.wake();
  acknowledge(sk);
}

/** tcp_rcv_synsent_state_process() */
function answerToSyn(sk: TcpSocket, skb: Skb, segment: TcpSegment): void {
  const { ns } = sk;
  if (has(segment, 'ack') && segment.ack !== sk.next) {
    if (!has(segment, 'rst')) {
      ns.mib.add('Tcp.OutRsts');
      answer(ns, sk as Ends, { seq: segment.ack, ack: 0, flags: TCP_FLAG.rst });
    }
    drop(ns, skb, 'TCP_OVERWINDOW');
    return;
  }
  if (has(segment, 'rst')) {
    if (has(segment, 'ack')) abandon(sk, 'ECONNREFUSED');
    return;
  }
  if (!has(segment, 'syn')) {
    drop(ns, skb, 'TCP_FLAGS');
    return;
  }
  takePeerOptions(sk, segment);
  if (has(segment, 'ack')) establishActively(sk, segment);
  else answerSimultaneousSyn(sk);
}

function takePeerOptions(sk: TcpSocket, { seq, options, window }: TcpSegment): void {
  const { ipv4 } = sk.ns;
  const { peer } = sk;
  peer.timestamps = ipv4.tcp_timestamps !== 0 && options.timestamps !== undefined;
  peer.sack = ipv4.tcp_sack !== 0 && options.sackPermitted === true;
  peer.scaled = ipv4.tcp_window_scaling !== 0 && options.windowScale !== undefined;
  peer.windowScale = peer.scaled ? (options.windowScale ?? 0) : 0;
  peer.mss = Math.min(peer.mss, options.mss ?? 536);
  if (!peer.scaled) sk.windowScale = 0;
  // The MSS is counted anew with the next packet: time stamps take room.
  sk.pathMtu = 0;
  sk.receiveQueue = new ReceiveQueue(add(seq, 1));
  sk.toldAt = sk.receiveQueue.next;
  sk.recentStamp = options.timestamps?.value ?? 0;
  sk.recentStampAt = now(sk);
  sk.window = window;
  sk.windowSeq = seq;
  sk.maxWindow = window;
}

function establishActively(sk: TcpSocket, segment: TcpSegment): void {
  // The window of a SYN is never scaled.
  const scale = sk.peer.windowScale;
  sk.peer.windowScale = 0;
  processAck(sk, segment);
  sk.peer.windowScale = scale;
  setState(sk, 'ESTABLISHED');
  opened(sk);
  sendAck(sk);
}

function opened(sk: TcpSocket): void {
  const { stats, timers, options } = sk;
  stats.lastReceived = now(sk);
  sk.drain.since = now(sk);
  timers.retransmissions = 0;
  timers.backoff = 0;
  if (options.keepAlive) timers.startKeepalive(keepaliveTime(sk));
  sk.wake();
}

/** Both sent a SYN at once (RFC 9293 section 3.5). */
function answerSimultaneousSyn(sk: TcpSocket): void {
  setState(sk, 'SYN_RECV');
  openWindow(sk, initialWindow(sk, sk.mss, sk.peer.scaled));
  const syn = sk.sentQueue[0];
  if (syn !== undefined) transmitPiece(sk, syn);
}

function establishPassively(sk: TcpSocket, { window, ack, seq }: TcpSegment): void {
  if (before(ack, sk.next)) return;
  sk.window = window * 2 ** (sk.peer.scaled ? sk.peer.windowScale : 0);
  sk.maxWindow = sk.window;
  sk.windowSeq = seq;
  sk.una = ack;
  sk.sentQueue = [];
  setState(sk, 'ESTABLISHED');
  opened(sk);
}

/** tcp_validate_incoming(): false when the segment ends here. */
function isAcceptable(sk: TcpSocket, skb: Skb, segment: TcpSegment): boolean {
  const { seq, options } = segment;
  const isOld =
    sk.peer.timestamps && options.timestamps !== undefined && before(options.timestamps.value, sk.recentStamp);
  if (isOld && !has(segment, 'rst')) {
    sk.ns.mib.add('Ext.PAWSEstab');
    sendAck(sk);
    drop(sk.ns, skb, 'TCP_OLD_DATA');
    return false;
  }
  const edge = add(sk.receiveQueue.next, receiveWindow(sk));
  if (before(endOf(segment), sk.toldAt) || after(seq, edge)) {
    if (!has(segment, 'rst')) sendAck(sk);
    drop(sk.ns, skb, before(endOf(segment), sk.toldAt) ? 'TCP_OLD_DATA' : 'TCP_OVERWINDOW');
    return false;
  }
  if (has(segment, 'rst')) {
    // Only the exact number resets; a near miss is asked back (RFC 5961 section 3.2).
    if (seq === sk.receiveQueue.next) reset(sk);
    else challenge(sk);
    return false;
  }
  if (has(segment, 'syn')) {
    challenge(sk);
    return false;
  }
  if (options.timestamps !== undefined && !after(seq, sk.toldAt)) {
    sk.recentStamp = options.timestamps.value;
    sk.recentStampAt = now(sk);
  }
  return true;
}

function challenge(sk: TcpSocket): void {
  sk.ns.mib.add('Ext.TCPChallengeACK');
  sendAck(sk);
}

/** tcp_reset() */
function reset(sk: TcpSocket): void {
  abandon(sk, sk.state === 'CLOSE_WAIT' ? 'EPIPE' : 'ECONNRESET');
}

/** What our own FIN's acknowledgment means; 'over': the socket is gone. */
function ownFinAcked(sk: TcpSocket, segment: TcpSegment): 'over' | 'open' {
  const isAcked = sk.una === sk.written && sk.sentQueue.length === 0 && sk.writeQueue.length === 0;
  if (!isAcked) return 'open';
  if (sk.state === 'FIN_WAIT1') {
    setState(sk, 'FIN_WAIT2');
    if (!sk.orphan) sk.wake();
    else if (hasNewData(sk, segment)) return 'open';
    else if (!has(segment, 'fin')) {
      waitForFin(sk);
      return 'over';
    }
    return 'open';
  }
  if (sk.state === 'CLOSING') {
    enterTimeWait(sk, 'TIME_WAIT');
    return 'over';
  }
  if (sk.state !== 'LAST_ACK') return 'open';
  finish(sk);
  return 'over';
}

const hasNewData = (sk: TcpSocket, segment: TcpSegment): boolean =>
  segment.data.length > 0 && after(add(segment.seq, segment.data.length), sk.receiveQueue.next);

/** tcp_data_queue(); false when the socket is gone. */
function receiveData(sk: TcpSocket, skb: Skb, segment: TcpSegment): boolean {
  const { receiveQueue, acks } = sk;
  if (sk.orphan && hasNewData(sk, segment) && sk.receives) {
    // Nobody will read it (RFC 1122 section 4.2.2.13).
    sk.ns.mib.add('Ext.TCPAbortOnData');
    refuse(sk.ns, skb, sk as Ends, segment);
    finish(sk);
    return false;
  }
  const { seq, data } = segment;
  const fin = has(segment, 'fin');
  if ((data.length === 0 && !fin) || !sk.receives) return true;
  const edge = add(receiveQueue.next, receiveWindow(sk));
  const isKnown = !after(endOf(segment), receiveQueue.next);
  if (isKnown || (data.length > 0 && !before(seq, edge))) {
    acks.quicken(sk.told);
    acks.scheduled = true;
    acks.now = true;
    drop(sk.ns, skb, isKnown ? 'TCP_OLD_DATA' : 'TCP_OVERWINDOW');
    return true;
  }
  acks.measure(data.length, data.length - skb.excess, sk.peer.mss);
  if (after(seq, receiveQueue.next)) {
    receiveQueue.addOutOfOrder(seq, data, fin);
    acks.scheduled = true;
    acks.now = true;
    return true;
  }
  takeInOrder(sk, segment, fin);
  return true;
}

function takeInOrder(sk: TcpSocket, { seq, data }: TcpSegment, fin: boolean): void {
  const { receiveQueue, acks, stats } = sk;
  const before_ = receiveQueue.next;
  const hadGap = receiveQueue.hasGap;
  receiveQueue.addInOrder(seq, data, fin);
  if (hadGap) acks.now = true;
  stats.bytesReceived += distance(receiveQueue.next, before_) - Number(receiveQueue.finished);
  acks.received(now(sk), sk.rtt.timeout, sk.told);
  growWindow(sk, data.length);
  stats.lastReceived = now(sk);
  if (receiveQueue.finished) peerFinished(sk);
  sk.readable.wake();
}

/** tcp_fin() */
function peerFinished(sk: TcpSocket): void {
  sk.acks.scheduled = true;
  switch (sk.state) {
    case 'ESTABLISHED':
      setState(sk, 'CLOSE_WAIT');
      // The application will close soon: its FIN takes the acknowledgment along.
      sk.acks.pingPong = true;
      break;
    case 'FIN_WAIT1':
      sendAck(sk);
      setState(sk, 'CLOSING');
      break;
    case 'FIN_WAIT2':
      sendAck(sk);
      enterTimeWait(sk, 'TIME_WAIT');
      break;
  }
  sk.wake();
}
