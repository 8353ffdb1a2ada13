import type { Ip } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';
import { type DiagMessage, dumpTcp, dumpUdp } from './diag.ts';
import { TcpSocket, type TcpState } from './tcp/socket.ts';

/** /proc/net/tcp, udp, their IPv6 siblings and the counts of sockets, as proc(5) has them. */
export const PROC_NET: Readonly<Record<string, (ns: NetNs) => string>> = {
  tcp: (ns) => tcpFile(ns, 4),
  tcp6: (ns) => tcpFile(ns, 6),
  udp: (ns) => udpFile(ns, 4),
  udp6: (ns) => udpFile(ns, 6),
  sockstat,
  sockstat6,
};

const STATE: Readonly<Record<TcpState, number>> = {
  ESTABLISHED: 1,
  SYN_SENT: 2,
  SYN_RECV: 3,
  FIN_WAIT1: 4,
  FIN_WAIT2: 5,
  TIME_WAIT: 6,
  CLOSE: 7,
  CLOSE_WAIT: 8,
  LAST_ACK: 9,
  LISTEN: 10,
  CLOSING: 11,
};

const TIMER = { on: 1, keepalive: 2, timewait: 3, persist: 4 } as const;

/** Lines of the IPv4 files are padded to a length (seq_setwidth). */
const TCP_WIDTH = 149;
const UDP_WIDTH = 127;

const HEAD4 = 'sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const HEAD6 =
  'sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

const hex = (value: number, width: number): string => (value >>> 0).toString(16).toUpperCase().padStart(width, '0');

/** Words of four bytes, each as a little-endian machine reads it. */
function addressText(address: Ip): string {
  let text = '';
  for (let at = 0; at < address.bytes.length; at += 4)
    for (const i of [3, 2, 1, 0]) text += hex(address.bytes[at + i] as number, 2);
  return text;
}

const end = ({ address, port }: DiagMessage['local']): string => `${addressText(address)}:${hex(port, 4)}`;

/** The fields up to the inode. Times are in hundredths of a second. */
function fields(m: DiagMessage): string {
  const [send, receive] = m.state === 'LISTEN' ? [0, m.receiveQueue] : [m.sendQueue, m.receiveQueue];
  const timer = m.timer === undefined ? 0 : TIMER[m.timer.kind];
  const left = m.timer === undefined ? 0 : Math.ceil(m.timer.left / 10_000);
  const uid = `${'0'.padStart(5)} ${'0'.padStart(8)}`;
  return `${end(m.local)} ${end(m.remote)} ${hex(STATE[m.state], 2)} ${hex(send, 8)}:${hex(receive, 8)} ${hex(timer, 2)}:${hex(left, 8)} ${hex(m.timer?.retransmissions ?? 0, 8)} ${uid} ${m.ino}`;
}

/** %pK: the same number for the same socket, which tells nothing. */
const pointer = (ino: number): string => (Math.imul(ino, 0x9e3779b1) >>> 0).toString(16).padStart(16, '0');

function tcpFile(ns: NetNs, family: 4 | 6): string {
  const lines = dumpTcp(ns)
    .filter((message) => message.family === family)
    .map((message, i) => `${String(i).padStart(4)}: ${fields(message)} ${tcpTail(message)}`);
  return join(family === 4 ? `  ${HEAD4}` : `  ${HEAD6}`, lines, family === 4 ? TCP_WIDTH : 0);
}

function tcpTail({ socket, ino }: DiagMessage): string {
  if (!(socket instanceof TcpSocket)) return `${socket === undefined ? 3 : 1} ${pointer(ino)}`;
  const { acks, congestion, timers, state } = socket;
  const ticks = (time: number): number => Math.floor(time / 10_000);
  const mode = state === 'LISTEN' ? 0 : acks.quick * 2 + (acks.pingPong ? 1 : 0);
  const threshold = state === 'LISTEN' ? 0 : congestion.isThresholdKnown ? congestion.threshold : -1;
  return `1 ${pointer(ino)} ${ticks(timers.rto)} ${ticks(acks.timeout)} ${mode} ${congestion.window} ${threshold}`;
}

function udpFile(ns: NetNs, family: 4 | 6): string {
  const lines = dumpUdp(ns)
    .filter((message) => message.family === family)
    .map((m) => `${String(m.local.port & 0x3fff).padStart(5)}: ${fields(m)} 2 ${pointer(m.ino)} ${m.drops}`);
  const head = family === 4 ? `   ${HEAD4} ref pointer drops` : `  ${HEAD6} ref pointer drops`;
  return join(head, lines, family === 4 ? UDP_WIDTH : 0);
}

const join = (head: string, lines: readonly string[], width: number): string =>
  [head, ...lines].map((line) => `${line.padEnd(width)}\n`).join('');

/** /proc/net/sockstat. What memory sockets use is not counted here. */
function sockstat(ns: NetNs): string {
  const [tcp, udp] = [dumpTcp(ns), dumpUdp(ns)];
  const alive = tcp.filter(({ socket }) => socket !== undefined);
  const memories = tcp.filter(({ socket, state }) => socket === undefined && state !== 'SYN_RECV').length;
  const orphans = alive.filter(({ ino }) => ino === 0).length;
  const four = (list: readonly DiagMessage[]): number => list.filter(({ family }) => family === 4).length;
  return (
    `sockets: used ${alive.length + udp.length + ns.rawSockets.length}\n` +
    `TCP: inuse ${four(alive)} orphan ${orphans} tw ${memories} alloc ${alive.length} mem 0\n` +
    `UDP: inuse ${four(udp)} mem 0\nUDPLITE: inuse 0\n` +
    `RAW: inuse ${ns.rawSockets.filter(({ family }) => family === 4).length}\nFRAG: inuse 0 memory 0\n`
  );
}

function sockstat6(ns: NetNs): string {
  const six = (list: readonly { readonly family: 4 | 6 }[]): number => list.filter(({ family }) => family === 6).length;
  const alive = dumpTcp(ns).filter(({ socket }) => socket !== undefined);
  return (
    `TCP6: inuse ${six(alive)}\nUDP6: inuse ${six(dumpUdp(ns))}\nUDPLITE6: inuse 0\n` +
    `RAW6: inuse ${six(ns.rawSockets)}\nFRAG6: inuse 0 memory 0\n`
  );
}
