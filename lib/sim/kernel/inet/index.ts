/**
 * UDP and TCP as a kernel module: sockets, their ports, and what becomes of datagrams and segments.
 *
 *   program ── bind, connect, send, receive ──▶ UdpSocket, TcpSocket ──▶ IP's output
 *                                                     ▲
 *   IP's input ── local delivery ──▶ ports, connections ┘        ICMP errors ──▶ the socket that they are about
 *
 * Nothing here blocks or knows processes: what cannot be done yet fails with EAGAIN, and queues wake. It is loaded by the
 * commands that open or list sockets (`inet`); before, every port is closed.
 */
export { isWildcard, mapped, type SocketAddress, unmapped } from './address.ts';
export { type DiagMessage, type DiagTimer, dumpTcp, dumpUdp } from './diag.ts';
export { inet } from './module.ts';
export { InetSocket, type SocketOptions } from './socket.ts';
export { inetOf } from './state.ts';
export { Request } from './tcp/request.ts';
export { TcpSocket, type TcpState } from './tcp/socket.ts';
export type { Connection } from './tcp/table.ts';
export { TimeWait } from './tcp/time-wait.ts';
export { type Datagram, UdpSocket } from './udp/socket.ts';
