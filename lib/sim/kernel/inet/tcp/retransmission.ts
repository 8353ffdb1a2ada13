import { MILLISECOND, type Micros } from '../../../base/index.ts';
import { abandon } from './close.ts';
import { inFlight, retransmit } from './output.ts';
import { now } from './segment.ts';
import type { TcpSocket } from './socket.ts';

/** A timeout passed without an acknowledgment (tcp_retransmit_timer). */
export function retransmissionDue(sk: TcpSocket): void {
  const { timers, ns } = sk;
  const head = sk.sentQueue[0];
  if (head === undefined) return;
  if (timers.retransmissions === 0) timers.seriesBegan = head.sentAt;
  if (isHopeless(sk)) {
    abandon(sk, sk.softError ?? 'ETIMEDOUT');
    return;
  }
  ns.mib.add('Ext.TCPTimeouts');
  enterLoss(sk);
  timers.retransmissions++;
  retransmit(sk, head, 1);
  if (!isLinear(sk)) timers.backoff++;
  timers.startRetransmission();
}

/** The first SYNs follow each other at even distances (net.ipv4.tcp_syn_linear_timeouts). */
const isLinear = (sk: TcpSocket): boolean =>
  sk.state === 'SYN_SENT' && sk.timers.retransmissions <= sk.ns.ipv4.tcp_syn_linear_timeouts;

/** tcp_write_timeout(): whether the peer was silent for as long as the sysctls allow. */
function isHopeless(sk: TcpSocket): boolean {
  const { timers, options, ns } = sk;
  const { ipv4 } = ns;
  if (options.userTimeout > 0 && now(sk) - timers.seriesBegan >= options.userTimeout * MILLISECOND) return true;
  if (sk.state === 'SYN_SENT') return timers.retransmissions >= ipv4.tcp_syn_retries + ipv4.tcp_syn_linear_timeouts;
  if (sk.state === 'SYN_RECV') return timers.retransmissions >= ipv4.tcp_synack_retries;
  const retries = sk.orphan ? orphanRetries(sk) : ipv4.tcp_retries2;
  return timers.retransmissions > 0 && now(sk) - timers.seriesBegan >= patience(sk, retries);
}

/** How long `retries` timeouts would take on a path whose timeout is the smallest (tcp_model_timeout). */
function patience(sk: TcpSocket, retries: number): Micros {
  const least = sk.ns.ipv4.tcp_rto_min_us;
  const { ceiling } = sk.rtt;
  let total = 0;
  for (let i = 0; i <= retries; i++) total += Math.min(least * 2 ** i, ceiling);
  return total;
}

/** tcp_orphan_retries(): nobody waits for this connection any more. */
export const orphanRetries = (sk: TcpSocket): number => sk.ns.ipv4.tcp_orphan_retries || 8;

/** tcp_enter_loss(): all that was sent counts as lost; the path is tried anew. */
function enterLoss(sk: TcpSocket): void {
  const { congestion } = sk;
  if (congestion.state === 'open') {
    congestion.reduce();
    congestion.highSeq = sk.next;
  }
  congestion.state = 'loss';
  congestion.duplicateAcks = 0;
  sk.timers.lossProbe = undefined;
  for (const piece of sk.sentQueue) {
    piece.lost = !piece.sacked;
    piece.retransmitted = false;
  }
  congestion.collapse();
}

/** Sends again what counts as lost, as far as the window lets (tcp_xmit_retransmit_queue). */
export function retransmitLost(sk: TcpSocket): void {
  for (const piece of [...sk.sentQueue]) {
    if (!piece.lost || piece.sacked || piece.retransmitted) continue;
    const quota = sk.congestion.window - inFlight(sk);
    if (quota <= 0 || !retransmit(sk, piece, quota)) return;
  }
}
