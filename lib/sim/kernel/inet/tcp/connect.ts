import { fail, type Result } from '../../../base/index.ts';
import { isWildcard, type SocketAddress } from '../address.ts';
import { findPath, type Path, reachable } from '../path.ts';
import { inetOf } from '../state.ts';
import { transmitPiece } from './output.ts';
import { Piece } from './piece.ts';
import { advertisedMss, syncMss } from './segment.ts';
import { add } from './sequence.ts';
import type { TcpSocket } from './socket.ts';
import type { Ends } from './table.ts';
import { TimeWait } from './time-wait.ts';
import { initialWindow, openWindow } from './window.ts';

/** tcp_v4_connect(), tcp_v6_connect() */
export function connectTcp(sk: TcpSocket, to: SocketAddress): Result<void> {
  if (sk.state === 'LISTEN') return fail('EISCONN');
  if (sk.state === 'SYN_SENT') return fail('EALREADY');
  if (sk.state !== 'CLOSE' || sk.remote !== undefined) return fail(sk.isConnected ? 'EISCONN' : 'EINVAL');
  if (sk.family === 4 && to.address.family === 6) return fail('EAFNOSUPPORT');
  const remote = { ...to, address: reachable(to.address) };
  const way = findPath(sk.ns, sk.pathKey(remote));
  if (!way.ok) return fail(way.errno);
  const { path } = way;
  if (path.type === 'broadcast' || path.type === 'multicast') return fail('ENETUNREACH');
  const address = isWildcard(sk.local.address) ? path.source : sk.local.address;
  const port = choosePort(sk, { local: { address, port: sk.local.port }, remote });
  if (port === undefined) return fail('EADDRNOTAVAIL');
  sk.local = { address, port };
  sk.remote = remote;
  inetOf(sk.ns).tcp.add(sk, sk as Ends);
  sendSyn(sk, path);
  return fail('EINPROGRESS');
}

/** The port that bind(2) took, if no other connection has these ends; else a free one. */
function choosePort(sk: TcpSocket, ends: Ends): number | undefined {
  if (ends.local.port !== 0) return isFree(sk, ends) ? ends.local.port : undefined;
  const { tcpPorts } = inetOf(sk.ns);
  const port = findPort(sk, ends);
  if (port !== undefined) tcpPorts.add(sk, port);
  return port;
}

/**
 * __inet_hash_connect(): from a start that depends on the ends, every other port, then those between. Ports that somebody
 * bound are not shared; the same port serves connections to different peers (RFC 6056 section 3.3.4).
 */
function findPort(sk: TcpSocket, ends: Ends): number | undefined {
  const { tcp, tcpPorts, random } = inetOf(sk.ns);
  const { low, count } = tcpPorts.range();
  const hash = hashOf(sk, ends);
  const index = hash & 255;
  const start = (hash + (tcp.perturbation[index] ?? 0)) % count;
  for (const parity of [0, 1]) {
    for (let i = 0; i < count; i += 2) {
      const port = low + ((start - (start & 1) + parity + i) % count);
      if (tcpPorts.isReserved(port) || [...tcpPorts.usersOf(port)].some((user) => user.boundPort)) continue;
      if (!isFree(sk, { ...ends, local: { ...ends.local, port } })) continue;
      tcp.perturbation[index] = (tcp.perturbation[index] ?? 0) + Math.max(i, 2 * random.int(0, 7)) + 2;
      return port;
    }
  }
  return undefined;
}

/** Nobody has these ends, or only a memory that gives way (net.ipv4.tcp_tw_reuse). */
function isFree(sk: TcpSocket, ends: Ends): boolean {
  const other = inetOf(sk.ns).tcp.find(ends);
  if (other === undefined) return true;
  if (!(other instanceof TimeWait) || !other.isReusable) return false;
  other.end();
  return true;
}

/** A number that only this host can foretell (secure_ipv4_port_ephemeral, secure_tcp_seq). */
export function hashOf({ ns }: TcpSocket, { local, remote }: Ends, secret = 0): number {
  let h = (ns.kernel.hashSeed ^ Math.imul(ns.number + secret, 0x9e3779b1)) | 0;
  const mix = (value: number): void => {
    h = Math.imul(h ^ value, 0x01000193);
    h ^= h >>> 15;
  };
  for (const byte of local.address.bytes) mix(byte);
  for (const byte of remote.address.bytes) mix(byte);
  mix(remote.port);
  mix(local.port << 8);
  return h >>> 0;
}

/** RFC 9293 section 3.4.1: a clock of 64 ns, and a hash of the ends. */
export const initialSequence = (sk: TcpSocket, ends: Ends): number =>
  add(hashOf(sk, ends, 1), Math.floor(sk.ns.kernel.events.now * 15.625));

/** tcp_connect() */
function sendSyn(sk: TcpSocket, path: Path): void {
  const { ns } = sk;
  const ends = sk as Ends;
  sk.stampOffset = hashOf(sk, { local: { ...ends.local, port: 0 }, remote: { ...ends.remote, port: 0 } }, 2);
  sk.iss = initialSequence(sk, ends);
  sk.una = sk.iss;
  sk.next = add(sk.iss, 1);
  sk.written = sk.next;
  sk.peer.mss = advertisedMss(path);
  syncMss(sk, path);
  openWindow(sk, initialWindow(sk, advertisedMss(path), ns.ipv4.tcp_window_scaling !== 0));
  sk.state = 'SYN_SENT';
  ns.mib.add('Tcp.ActiveOpens');
  const syn = new Piece(sk.iss, new Uint8Array(), { syn: true });
  sk.sentQueue.push(syn);
  transmitPiece(sk, syn);
  sk.timers.startRetransmission();
}
