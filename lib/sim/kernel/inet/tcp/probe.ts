import { TCP_FLAG } from '../../../wire/index.ts';
import { abandon } from './close.ts';
import { orphanRetries } from './retransmission.ts';
import { transmitSegment } from './segment.ts';
import { add } from './sequence.ts';
import type { TcpSocket } from './socket.ts';

/** tcp_probe_timer(): the window is closed, and its opening may have been lost. */
export function probeDue(sk: TcpSocket): void {
  const { timers, ns } = sk;
  if (sk.sentQueue.length > 0 || sk.writeQueue.length === 0) {
    timers.probes = 0;
    return;
  }
  if (timers.probes >= (sk.orphan ? orphanRetries(sk) : ns.ipv4.tcp_retries2)) {
    abandon(sk, sk.softError ?? 'ETIMEDOUT');
    return;
  }
  sendProbe(sk);
  timers.probes++;
  timers.backoff = Math.min(timers.backoff + 1, ns.ipv4.tcp_retries2);
  timers.startProbing();
}

/** tcp_xmit_probe_skb(): an acknowledgment from before the window, which the peer has to answer. */
export function sendProbe(sk: TcpSocket): void {
  transmitSegment(sk, { seq: add(sk.una, -1), flags: TCP_FLAG.ack });
}
