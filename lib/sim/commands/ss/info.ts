import { MILLISECOND, SECOND } from '../../base/index.ts';
import { type DiagMessage, type DiagTimer, TcpSocket } from '../../kernel/inet/index.ts';

/** print_ms_timer() */
function duration(microseconds: number): string {
  const milliseconds = Math.max(0, Math.floor(microseconds / MILLISECOND));
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = Math.floor(milliseconds / 1000) % 60;
  const rest = minutes > 0 || seconds > 9 ? 0 : milliseconds % 1000;
  return (
    (minutes > 0 ? `${minutes}min` : '') +
    (seconds > 0 && minutes <= 9 ? `${seconds}${rest > 0 ? '.' : 'sec'}` : '') +
    (rest > 0 ? `${String(rest).padStart(3, '0')}ms` : '')
  );
}

export const timerText = ({ kind, left, retransmissions }: DiagTimer): string =>
  ` timer:(${kind},${duration(left)},${retransmissions})`;

/** sock_details_print(), and what follows it with -e. */
export function detailText(message: DiagMessage, cookie: number): string {
  const { ino, mark, family, v6Only, shutdown, socket } = message;
  const listens = message.state === 'LISTEN' || message.protocol === 'udp';
  return (
    (ino === 0 && socket === undefined ? ' ino:0' : ` ino:${ino}`) +
    ` sk:${cookie.toString(16)}` +
    (mark === 0 ? '' : ` fwmark:0x${mark.toString(16)}`) +
    (socket === undefined ? '' : ' cgroup:/') +
    (family === 6 && listens ? ` v6only:${v6Only ? 1 : 0}` : '') +
    (socket === undefined ? '' : ` ${shutdown.receive ? '-' : '<'}-${shutdown.send ? '-' : '>'}`)
  );
}

export function memoryText({ receiveQueue, sendQueue, socket, drops }: DiagMessage): string {
  const [receive, send] =
    socket instanceof TcpSocket
      ? [
          socket.state === 'LISTEN' ? 131_072 : socket.receiveBuffer,
          socket.state === 'LISTEN' ? 16_384 : socket.sendBuffer,
        ]
      : [socket?.receiveLimit ?? 0, socket === undefined ? 0 : socket.ns.core.wmem_default];
  const isListener = socket instanceof TcpSocket && socket.state === 'LISTEN';
  const [r, w] = isListener ? [0, 0] : [receiveQueue, sendQueue];
  return ` skmem:(r${r},rb${receive},t0,tb${send},f0,w${w},o0,bl0,d${drops})`;
}

/** sprint_bw(): bits per second. */
function rate(value: number, numeric: boolean): string {
  if (numeric) return value.toFixed(0);
  if (value > 1_000_000) return `${(value / 1_000_000).toFixed(1)}M`;
  return value > 1000 ? `${(value / 1000).toFixed(1)}K` : general(value);
}

/** %g */
const general = (value: number): string => String(Number(value.toPrecision(6)));

const milliseconds = (microseconds: number): string => general(Math.round(microseconds) / MILLISECOND);

/** tcp_stats_print(): struct tcp_info, what is 0 left out. */
export function tcpInfoText(sk: TcpSocket, how: { readonly options: boolean; readonly numeric: boolean }): string {
  const parts: string[] = [];
  const add = (name: string, value: number): void => {
    if (value > 0) parts.push(`${name}:${value}`);
  };
  const { congestion, rtt, timers, stats, peer, acks, ns } = sk;
  if (how.options && peer.timestamps) parts.push('ts');
  if (how.options && peer.sack) parts.push('sack');
  parts.push(ns.ipv4.tcp_congestion_control);
  if (sk.state === 'LISTEN') return ` ${parts.join(' ')} cwnd:10`;
  if (peer.scaled) parts.push(`wscale:${peer.windowScale},${sk.windowScale}`);
  parts.push(`rto:${milliseconds(timers.rto)}`);
  add('backoff', timers.backoff);
  if (rtt.isKnown) parts.push(`rtt:${milliseconds(rtt.smoothed)}/${milliseconds(rtt.variation)}`);
  if (acks.timeout > 0) parts.push(`ato:${milliseconds(acks.timeout)}`);
  add('mss', sk.mss);
  add('pmtu', sk.pathMtu);
  add('rcvmss', acks.peerMss);
  add('advmss', Math.max(0, peer.mss - (peer.timestamps ? 12 : 0)));
  add('cwnd', congestion.window);
  if (congestion.isThresholdKnown) add('ssthresh', congestion.threshold);
  add('bytes_sent', stats.bytesSent);
  add('bytes_retrans', stats.bytesRetransmitted);
  add('bytes_acked', stats.bytesAcked);
  add('bytes_received', stats.bytesReceived);
  add('segs_out', stats.segmentsOut);
  add('segs_in', stats.segmentsIn);
  add('data_segs_out', stats.dataSegmentsOut);
  add('data_segs_in', stats.dataSegmentsIn);
  const bytesPerSecond = rtt.isKnown ? (congestion.window * sk.mss * SECOND) / rtt.smoothed : 0;
  if (bytesPerSecond > 0) parts.push(`send ${rate(bytesPerSecond * 8, how.numeric)}bps`);
  const { now } = ns.kernel.events;
  for (const [name, at] of [
    ['lastsnd', stats.lastSent],
    ['lastrcv', stats.lastReceived],
    ['lastack', stats.lastAck],
  ] as const)
    add(name, Math.floor((now - at) / MILLISECOND));
  const pace = bytesPerSecond * (congestion.inSlowStart ? 2 : 1.2) * 8;
  if (pace > 0) parts.push(`pacing_rate ${rate(pace, how.numeric)}bps`);
  add('delivered', stats.delivered);
  if (sk.writeQueue.length === 0) parts.push('app_limited');
  add(
    'unacked',
    sk.sentQueue.reduce((sum, piece) => sum + piece.segments(sk.mss), 0),
  );
  const again = sk.sentQueue.filter((piece) => piece.retransmitted).length;
  if (again > 0 || stats.retransmitted > 0) parts.push(`retrans:${again}/${stats.retransmitted}`);
  add('lost', sk.sentQueue.filter((piece) => piece.lost).length);
  add('sacked', sk.sentQueue.filter((piece) => piece.sacked).length);
  add('rcv_space', sk.told);
  add('rcv_ssthresh', sk.receiveThreshold);
  add(
    'notsent',
    sk.writeQueue.reduce((sum, piece) => sum + piece.data.length, 0),
  );
  if (rtt.isKnown) parts.push(`minrtt:${milliseconds(rtt.least)}`);
  add('snd_wnd', sk.window);
  return ` ${parts.join(' ')}`;
}
