import { TCP_FLAG, type TcpSegment } from '../../../wire/index.ts';
import { drop, type Skb } from '../../skb.ts';
import { arrivedOn } from '../../socket/raw.ts';
import { findPath } from '../path.ts';
import { inetOf } from '../state.ts';
import { answer } from './answer.ts';
import { keepaliveTime } from './keepalive.ts';
import { ReceiveQueue } from './receive-queue.ts';
import { Request } from './request.ts';
import { syncMss } from './segment.ts';
import { add, before, distance } from './sequence.ts';
import { TcpSocket } from './socket.ts';
import type { Ends } from './table.ts';
import { openWindow } from './window.ts';

/** tcp_conn_request(): a SYN for a listener. */
export function beginConnection(listener: TcpSocket, skb: Skb, ends: Ends, segment: TcpSegment): void {
  const { ns } = listener;
  if (listener.acceptQueue.length > listener.backlog || listener.requests.size > ns.ipv4.tcp_max_syn_backlog) {
    ns.mib.add('Ext.ListenOverflows');
    ns.mib.add('Ext.ListenDrops');
    drop(ns, skb, 'LISTEN_OVERFLOW');
    return;
  }
  const { address } = ends.remote;
  const remote = { ...ends.remote, ...(address.isLinkLocal ? { scope: arrivedOn(skb, ends.local.address) } : {}) };
  const way = findPath(ns, { to: address, source: ends.local.address, oif: remote.scope ?? 0 });
  if (!way.ok) {
    drop(ns, skb, 'IP_OUTNOROUTES');
    return;
  }
  listener.traceDelivery(skb);
  const request = new Request(listener, { local: ends.local, remote }, segment, way.path, skb.mark);
  listener.requests.add(request);
  inetOf(ns).tcp.add(request, ends);
  request.sendSynAck();
}

/** tcp_check_req(): a segment for a connection that is not one yet. The new socket, when it made one. */
export function continueRequest(request: Request, skb: Skb, segment: TcpSegment): TcpSocket | undefined {
  const { listener } = request;
  const { ns } = listener;
  const { flags, seq, ack, options } = segment;
  const expected = add(request.peerSeq, 1);
  if ((flags & TCP_FLAG.syn) !== 0 && seq === request.peerSeq && (flags & TCP_FLAG.ack) === 0) {
    // The peer did not get the answer.
    ns.mib.add('Tcp.RetransSegs');
    request.sendSynAck();
    return undefined;
  }
  if ((flags & TCP_FLAG.rst) !== 0) {
    if (seq === expected) {
      ns.mib.add('Ext.EmbryonicRsts');
      request.drop();
    }
    return undefined;
  }
  if ((flags & TCP_FLAG.ack) === 0) return undefined;
  if (ack !== add(request.iss, 1)) {
    ns.mib.add('Tcp.OutRsts');
    answer(ns, { ...request, options: listener.options }, { seq: ack, ack: 0, flags: TCP_FLAG.rst });
    return undefined;
  }
  if (before(seq, expected) || distance(seq, expected) > request.window.window) return undefined;
  if (listener.acceptQueue.length > listener.backlog) {
    ns.mib.add('Ext.ListenOverflows');
    ns.mib.add('Ext.ListenDrops');
    drop(ns, skb, 'LISTEN_OVERFLOW');
    if (ns.ipv4.tcp_abort_on_overflow !== 0) {
      answer(ns, { ...request, options: listener.options }, { seq: ack, ack: 0, flags: TCP_FLAG.rst });
      request.drop();
    }
    request.acknowledged = true;
    return undefined;
  }
  if (options.timestamps !== undefined) request.recentStamp = options.timestamps.value;
  return create(request, segment);
}

/** tcp_create_openreq_child(), tcp_v4_syn_recv_sock() */
function create(request: Request, segment: TcpSegment): TcpSocket {
  const { listener, peer } = request;
  const { ns } = listener;
  const inet = inetOf(ns);
  request.drop();
  const sk = new TcpSocket(ns, listener.family, { ...listener.options });
  sk.local = request.local;
  sk.remote = request.remote;
  sk.state = 'SYN_RECV';
  sk.listener = listener;
  sk.iss = request.iss;
  sk.una = request.iss;
  sk.next = add(request.iss, 1);
  sk.written = sk.next;
  sk.receiveQueue = new ReceiveQueue(add(request.peerSeq, 1));
  sk.toldAt = sk.receiveQueue.next;
  sk.windowSeq = segment.seq;
  openWindow(sk, request.window);
  Object.assign(sk.peer, {
    mss: peer.mss,
    scaled: peer.windowScale !== undefined,
    windowScale: peer.windowScale ?? 0,
    sack: peer.sackPermitted === true,
    timestamps: peer.timestamps !== undefined,
  });
  sk.recentStamp = request.recentStamp;
  sk.recentStampAt = ns.kernel.events.now;
  sk.stampOffset = request.stampOffset;
  const way = findPath(ns, sk.pathKey(request.remote));
  if (way.ok) syncMss(sk, way.path);
  if (ns.ipv4.tcp_fwmark_accept !== 0) sk.options.mark = request.mark;
  // Only an answered SYN-ACK that was sent once tells the round-trip time (Karn's algorithm).
  if (request.retransmissions === 0) sk.rtt.sample(ns.kernel.events.now - request.since, sk.next, sk.next);
  inet.tcp.add(sk, sk as Ends);
  inet.tcpPorts.add(sk);
  if (sk.options.keepAlive) sk.timers.startKeepalive(keepaliveTime(sk));
  ns.mib.add('Tcp.PassiveOpens');
  listener.acceptQueue.push(sk);
  listener.readable.wake();
  return sk;
}
