import { type Micros, SECOND } from '../../../base/index.ts';
import { abandon } from './close.ts';
import { sendProbe } from './probe.ts';
import { now, sendReset } from './segment.ts';
import type { TcpSocket } from './socket.ts';

export const keepaliveTime = (sk: TcpSocket): Micros => (sk.options.keepIdle ?? sk.ns.ipv4.tcp_keepalive_time) * SECOND;

const interval = (sk: TcpSocket): Micros => (sk.options.keepInterval ?? sk.ns.ipv4.tcp_keepalive_intvl) * SECOND;

/** tcp_keepalive_timer(): asks a silent peer whether it is still there (RFC 9293 section 3.8.4). */
export function keepaliveDue(sk: TcpSocket): void {
  const { timers, options, ns, stats } = sk;
  if (!options.keepAlive || sk.state === 'CLOSE' || sk.state === 'SYN_SENT') return;
  const idle = now(sk) - Math.max(stats.lastReceived, stats.lastAck);
  const wanted = keepaliveTime(sk);
  if (sk.sentQueue.length > 0 || sk.writeQueue.length > 0) {
    timers.startKeepalive(wanted);
    return;
  }
  if (idle < wanted) {
    timers.startKeepalive(wanted - idle);
    return;
  }
  if (timers.probes >= (options.keepCount ?? ns.ipv4.tcp_keepalive_probes)) {
    sendReset(sk);
    abandon(sk, sk.softError ?? 'ETIMEDOUT');
    return;
  }
  ns.mib.add('Ext.TCPKeepAlive');
  timers.probes++;
  sendProbe(sk);
  timers.startKeepalive(interval(sk));
}
