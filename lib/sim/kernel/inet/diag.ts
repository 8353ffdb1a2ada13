import type { Ip, Micros } from '../../base/index.ts';
import { IPPROTO } from '../../wire/index.ts';
import type { NetNs } from '../netns.ts';
import { isWildcard, mapped, wildcard } from './address.ts';
import { inetOf } from './state.ts';
import type { Request } from './tcp/request.ts';
import { TcpSocket, type TcpState } from './tcp/socket.ts';
import type { Connection } from './tcp/table.ts';
import { TimeWait } from './tcp/time-wait.ts';
import type { UdpSocket } from './udp/socket.ts';

/** A timer as inet_diag tells of it: 'on' retransmits. `left` in microseconds. */
export type DiagTimer = {
  readonly kind: 'on' | 'keepalive' | 'timewait' | 'persist';
  readonly left: Micros;
  readonly retransmissions: number;
};

/** One socket as the kernel tells of it (struct inet_diag_msg). */
export type DiagMessage = {
  readonly family: 4 | 6;
  readonly protocol: 'tcp' | 'udp';
  readonly state: TcpState;
  readonly local: { readonly address: Ip; readonly port: number };
  /** Wildcard and 0 where there is none. */
  readonly remote: { readonly address: Ip; readonly port: number };
  /** Device it is bound to, or that its link-local address belongs to; 0: none. */
  readonly ifindex: number;
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly timer: DiagTimer | undefined;
  readonly ino: number;
  readonly mark: number;
  readonly v6Only: boolean;
  readonly shutdown: { readonly receive: boolean; readonly send: boolean };
  readonly drops: number;
  /** The socket itself: for who has it open, and for what only one protocol knows. */
  readonly socket: TcpSocket | UdpSocket | undefined;
};

const NO_SHUTDOWN = { receive: false, send: false };

const shownIn = (family: 4 | 6, address: Ip): Ip =>
  family === 6 && address.family === 4 && !isWildcard(address) ? mapped(address) : address;

/** SOCK_DIAG_BY_FAMILY for TCP: listeners, then connections with what is left of them. */
export function dumpTcp(ns: NetNs): DiagMessage[] {
  const { tcp } = inetOf(ns);
  return [...tcp.listeners().map(listenerMessage), ...tcp.connections().map(connectionMessage)];
}

function listenerMessage(sk: TcpSocket): DiagMessage {
  return {
    ...common(sk),
    state: 'LISTEN',
    receiveQueue: sk.acceptQueue.length,
    sendQueue: sk.backlog,
    timer: undefined,
    shutdown: NO_SHUTDOWN,
    drops: 0,
  };
}

function common(sk: TcpSocket | UdpSocket) {
  const { address, port } = sk.remote ?? { address: wildcard(sk.family), port: 0 };
  return {
    family: sk.family,
    protocol: sk.protocol === IPPROTO.tcp ? 'tcp' : 'udp',
    local: { address: shownIn(sk.family, sk.local.address), port: sk.local.port },
    remote: { address: shownIn(sk.family, address), port },
    ifindex: sk.options.device || (sk.remote?.scope ?? 0),
    ino: sk instanceof TcpSocket && sk.orphan ? 0 : sk.ino,
    mark: sk.options.mark,
    v6Only: sk.v6Only,
    socket: sk,
  } as const;
}

function connectionMessage(connection: Connection): DiagMessage {
  if (connection instanceof TcpSocket) return socketMessage(connection);
  return connection instanceof TimeWait ? memoryMessage(connection) : requestMessage(connection);
}

function socketMessage(sk: TcpSocket): DiagMessage {
  return {
    ...common(sk),
    state: sk.state,
    receiveQueue: sk.receiveQueue.length,
    sendQueue: sk.unacknowledged,
    timer: timerOf(sk),
    shutdown: { receive: sk.hasShutDownReceive || sk.receiveQueue.finished, send: sk.hasShutDownSend },
    drops: 0,
  };
}

/** inet_csk_diag_fill(): the timer of the sending side before the slow one. */
function timerOf({ ns, timers }: TcpSocket): DiagTimer | undefined {
  const { now } = ns.kernel.events;
  const { pending, slowPending } = timers;
  if (pending?.kind === 'probe') return { kind: 'persist', left: pending.at - now, retransmissions: timers.probes };
  if (pending !== undefined) return { kind: 'on', left: pending.at - now, retransmissions: timers.retransmissions };
  if (slowPending === undefined) return undefined;
  return { kind: 'keepalive', left: slowPending.at - now, retransmissions: timers.probes };
}

const NOTHING = {
  protocol: 'tcp',
  receiveQueue: 0,
  sendQueue: 0,
  ino: 0,
  shutdown: NO_SHUTDOWN,
  drops: 0,
  socket: undefined,
} as const;

function memoryMessage(memory: TimeWait): DiagMessage {
  const { family, local, remote, options, v6Only, state, ns } = memory;
  return {
    ...NOTHING,
    family,
    state,
    local: { address: shownIn(family, local.address), port: local.port },
    remote: { address: shownIn(family, remote.address), port: remote.port },
    ifindex: options.device || (remote.scope ?? 0),
    mark: options.mark,
    v6Only,
    timer: { kind: 'timewait', left: memory.endsAt - ns.kernel.events.now, retransmissions: 0 },
  };
}

function requestMessage({ listener, local, remote, state, mark, timerAt, retransmissions }: Request): DiagMessage {
  const { family, options, v6Only, ns } = listener;
  return {
    ...NOTHING,
    family,
    state,
    local: { address: shownIn(family, local.address), port: local.port },
    remote: { address: shownIn(family, remote.address), port: remote.port },
    ifindex: options.device || (remote.scope ?? 0),
    mark,
    v6Only,
    timer: { kind: 'on', left: timerAt - ns.kernel.events.now, retransmissions },
  };
}

/** SOCK_DIAG_BY_FAMILY for UDP: by port; a socket without a peer counts as closed. The kernel's own come first. */
export const dumpUdp = (ns: NetNs): DiagMessage[] => [
  ...[...ns.udpTunnels].flatMap(([port, { families }]) => [...families].map((family) => tunnelMessage(family, port))),
  ...inetOf(ns)
    .udp.sockets()
    .map(
      (sk): DiagMessage => ({
        ...common(sk),
        state: sk.remote === undefined ? 'CLOSE' : 'ESTABLISHED',
        receiveQueue: sk.receiveQueue,
        sendQueue: 0,
        timer: undefined,
        shutdown: NO_SHUTDOWN,
        drops: sk.drops,
      }),
    ),
];

/** The port of a tunnel device, which no process has open. */
const tunnelMessage = (family: 4 | 6, port: number): DiagMessage => ({
  ...NOTHING,
  protocol: 'udp',
  family,
  state: 'CLOSE',
  local: { address: wildcard(family), port },
  remote: { address: wildcard(family), port: 0 },
  ifindex: 0,
  mark: 0,
  v6Only: true,
  timer: undefined,
});
