import { MILLISECOND } from '../../../base/index.ts';
import { ATO_MIN, DELAYED_ACK_MAX } from './ack-state.ts';
import { now, sendAck } from './segment.ts';
import { distance } from './sequence.ts';
import type { TcpSocket } from './socket.ts';
import { adjustBuffer, freeWindow, receiveWindow } from './window.ts';

/** __tcp_ack_snd_check(): acknowledges what came in, now or later (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2). */
export function acknowledge(sk: TcpSocket): void {
  const { acks, receiveQueue } = sk;
  if (!acks.scheduled) return;
  const moreThanOne = distance(receiveQueue.next, sk.toldAt) > acks.peerMss;
  if ((moreThanOne && freeWindow(sk) >= sk.told) || acks.inQuickMode || acks.now || receiveQueue.hasGap) sendAck(sk);
  else delay(sk);
}

/** tcp_send_delayed_ack() */
function delay(sk: TcpSocket): void {
  const { acks, rtt, timers } = sk;
  let wait = acks.timeout;
  if (wait > ATO_MIN) {
    let most = acks.pingPong || acks.pushed > 0 ? DELAYED_ACK_MAX : 500 * MILLISECOND;
    if (rtt.isKnown) most = Math.min(most, Math.max(rtt.smoothed, ATO_MIN));
    wait = Math.min(wait, most);
  }
  timers.delayAck(Math.max(wait, ATO_MIN), wait / 4);
}

/** The time of a delayed acknowledgment has come (tcp_delack_timer_handler). */
export function delayedAckDue(sk: TcpSocket): void {
  const { acks } = sk;
  if (!acks.scheduled) return;
  if (acks.pingPong) {
    // The guess that the application would answer was wrong.
    acks.pingPong = false;
    acks.timeout = ATO_MIN;
  } else acks.timeout = Math.min(acks.timeout * 2, sk.rtt.timeout);
  sk.ns.mib.add('Ext.DelayedACKs');
  sendAck(sk);
}

/** tcp_cleanup_rbuf(): the application read; the peer may want to know. */
export function afterRead(sk: TcpSocket, copied: number): void {
  const { acks, receiveQueue } = sk;
  adjustBuffer(sk, copied, now(sk));
  if (sk.state === 'CLOSE' || sk.state === 'TIME_WAIT') return;
  const emptied = receiveQueue.length === 0 && (acks.pushed === 2 || (acks.pushed === 1 && !acks.pingPong));
  if (acks.scheduled && (distance(receiveQueue.next, sk.toldAt) > acks.peerMss || (copied > 0 && emptied))) {
    sendAck(sk);
    return;
  }
  if (copied === 0 || sk.hasShutDownReceive) return;
  const open = receiveWindow(sk);
  if (2 * open > sk.windowClamp) return;
  const free = freeWindow(sk);
  if (free > 0 && free >= 2 * open) sendAck(sk);
}
