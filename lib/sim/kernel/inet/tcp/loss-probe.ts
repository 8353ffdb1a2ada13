import { pushPending, retransmit } from './output.ts';
import type { TcpSocket } from './socket.ts';

/** tcp_send_loss_probe(): new data if there is some, else the last segment again, so that an acknowledgment comes. */
export function lossProbeDue(sk: TcpSocket): void {
  const { timers, sentQueue, ns } = sk;
  const last = sentQueue.at(-1);
  if (last === undefined) return;
  const before = sentQueue.length;
  if (sk.writeQueue.length > 0) pushPending(sk, 'push');
  if (sentQueue.length === before) {
    const full = last.data.length - (last.data.length % sk.mss || sk.mss);
    if (last.data.length > sk.mss) sentQueue.push(last.split(full));
    retransmit(sk, sentQueue.at(-1) as typeof last, 1);
    ns.mib.add('Ext.TCPLossProbes');
  }
  timers.lossProbe = sk.next;
  timers.startRetransmission();
}
