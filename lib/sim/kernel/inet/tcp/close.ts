import { done, type Errno, fail, type Result, SECOND } from '../../../base/index.ts';
import { inetOf } from '../state.ts';
import { sendFin } from './output.ts';
import { sendReset } from './segment.ts';
import type { TcpSocket, TcpState } from './socket.ts';
import type { Ends } from './table.ts';
import { TIME_WAIT_LENGTH, TimeWait } from './time-wait.ts';

/** Where each state goes when this side has sent all it will send; the others send no FIN (new_state). */
const NEXT: Partial<Record<TcpState, TcpState>> = {
  ESTABLISHED: 'FIN_WAIT1',
  SYN_RECV: 'FIN_WAIT1',
  CLOSE_WAIT: 'LAST_ACK',
};

export function setState(sk: TcpSocket, state: TcpState): void {
  const { mib } = sk.ns;
  const before = sk.isConnected;
  if (state === 'CLOSE' && before) mib.add('Tcp.EstabResets');
  sk.state = state;
  const change = Number(sk.isConnected) - Number(before);
  if (change !== 0) mib.add('Tcp.CurrEstab', change);
}

/** tcp_done(): the connection is over; its place in the tables is free. */
export function finish(sk: TcpSocket): void {
  if (sk.state === 'SYN_SENT' || sk.state === 'SYN_RECV') sk.ns.mib.add('Tcp.AttemptFails');
  unhash(sk);
  sk.timers.cancelAll();
  sk.writeQueue = [];
  sk.sentQueue = [];
  setState(sk, 'CLOSE');
  sk.hasShutDownSend = true;
  sk.wake();
  if (sk.orphan) release(sk);
}

/** The connection cannot go on (tcp_write_err, tcp_reset): the application is told. */
export function abandon(sk: TcpSocket, error: Errno): void {
  sk.raise(error);
  finish(sk);
}

function unhash(sk: TcpSocket): void {
  const inet = inetOf(sk.ns);
  if (sk.state === 'LISTEN') inet.tcp.unlisten(sk);
  else if (sk.remote !== undefined) inet.tcp.remove(sk, sk as Ends);
  if (!sk.boundPort) inet.tcpPorts.remove(sk);
}

const released = new WeakSet<TcpSocket>();

/** The last that knew it is gone: the port, and the hold on the namespace. */
function release(sk: TcpSocket): void {
  if (released.has(sk)) return;
  released.add(sk);
  inetOf(sk.ns).tcpPorts.remove(sk);
  sk.ns.put();
}

export function shutdownTcp(sk: TcpSocket, how: 'read' | 'write' | 'both'): Result<void> {
  if (sk.state === 'LISTEN' && how !== 'write') {
    stopListening(sk);
    return done;
  }
  if (sk.state === 'CLOSE' || sk.state === 'LISTEN') return fail('ENOTCONN');
  if (how !== 'write') {
    sk.hasShutDownReceive = true;
    sk.readable.wake();
  }
  if (how === 'read' || sk.hasShutDownSend) return done;
  sk.hasShutDownSend = true;
  endSending(sk);
  return done;
}

/** tcp_close_state() */
function endSending(sk: TcpSocket): void {
  const next = NEXT[sk.state];
  if (next === undefined) {
    if (sk.state === 'SYN_SENT') finish(sk);
    return;
  }
  setState(sk, next);
  sendFin(sk);
}

function stopListening(sk: TcpSocket): void {
  for (const request of [...sk.requests]) request.drop();
  for (const child of sk.acceptQueue.splice(0)) {
    child.listener = undefined;
    child.orphan = true;
    sendReset(child);
    finish(child);
  }
  unhash(sk);
  sk.state = 'CLOSE';
  sk.wake();
}

/** tcp_close() */
export function closeTcp(sk: TcpSocket): void {
  sk.orphan = true;
  if (sk.state === 'LISTEN') stopListening(sk);
  sk.hasShutDownReceive = true;
  if (sk.state === 'CLOSE') {
    release(sk);
    return;
  }
  const unread = sk.receiveQueue.length > 0;
  if (unread || sk.options.linger === 0) {
    // What nobody will read, or wants to see delivered, ends in a reset (RFC 2525 section 2.17).
    sk.ns.mib.add(unread ? 'Ext.TCPAbortOnClose' : 'Ext.TCPAbortOnData');
    if (sk.state !== 'SYN_SENT') sendReset(sk);
    finish(sk);
    return;
  }
  if (!sk.hasShutDownSend) {
    sk.hasShutDownSend = true;
    endSending(sk);
  }
  if (sk.state === 'FIN_WAIT2') waitForFin(sk);
}

/** An orphan in FIN-WAIT-2 waits no longer than net.ipv4.tcp_fin_timeout for the peer's FIN. */
export function waitForFin(sk: TcpSocket): void {
  const timeout = Math.max(sk.ns.ipv4.tcp_fin_timeout * SECOND, Math.floor(sk.timers.rto * 3.5));
  if (timeout > TIME_WAIT_LENGTH) sk.timers.startFinWait(timeout - TIME_WAIT_LENGTH);
  else enterTimeWait(sk, 'FIN_WAIT2', timeout);
}

export function finWaitOver(sk: TcpSocket): void {
  if (sk.state === 'FIN_WAIT2' && sk.orphan) enterTimeWait(sk, 'FIN_WAIT2', TIME_WAIT_LENGTH);
}

/** tcp_time_wait(): a small memory takes the socket's place. */
export function enterTimeWait(sk: TcpSocket, state: 'FIN_WAIT2' | 'TIME_WAIT', timeout = TIME_WAIT_LENGTH): void {
  const { tcp, tcpPorts } = inetOf(sk.ns);
  const memory = new TimeWait(sk, state, timeout);
  if (state === 'TIME_WAIT') sk.ns.mib.add('Ext.TW');
  tcp.add(memory, sk as Ends);
  tcpPorts.add(memory);
  sk.timers.cancelAll();
  setState(sk, 'CLOSE');
  sk.hasShutDownSend = true;
  if (!sk.boundPort) tcpPorts.remove(sk);
  sk.wake();
  if (sk.orphan) release(sk);
}
