import type { Errno } from '../../../base/index.ts';
import {
  get16,
  ICMP,
  ICMP6,
  type IcmpError,
  type Icmpv6Error,
  type Ipv4Packet,
  type Ipv6Packet,
  parseTcp,
  TCP_FLAG,
  type TcpSegment,
  UNREACH,
} from '../../../wire/index.ts';
import type { NetNs } from '../../netns.ts';
import { drop, type Skb } from '../../skb.ts';
import { arrivedOn } from '../../socket/raw.ts';
import { findPath } from '../path.ts';
import { inetOf } from '../state.ts';
import { refuse } from './answer.ts';
import { abandon } from './close.ts';
import { beginConnection, continueRequest } from './listen.ts';
import { processSegment } from './process.ts';
import { Request } from './request.ts';
import { retransmitLost } from './retransmission.ts';
import { syncMss } from './segment.ts';
import { after, before } from './sequence.ts';
import { TcpSocket } from './socket.ts';
import type { Ends } from './table.ts';
import { TimeWait } from './time-wait.ts';

/** tcp_v4_rcv(), tcp_v6_rcv(): a segment for this host. */
export function receiveTcp(ns: NetNs, skb: Skb): void {
  const packet = skb.packet as Ipv4Packet | Ipv6Packet;
  const { payload, src, dst } = packet;
  if (skb.type !== 'host') {
    drop(ns, skb, 'OTHERHOST');
    return;
  }
  ns.mib.add('Tcp.InSegs');
  const segment = payload.kind === 'bytes' ? parseTcp(payload.bytes, src, dst) : undefined;
  if (segment === undefined) {
    ns.mib.add('Tcp.InErrs');
    ns.mib.add('Tcp.InCsumErrors');
    drop(ns, skb, 'TCP_CSUM');
    return;
  }
  const ends: Ends = {
    local: { address: dst, port: segment.dstPort },
    remote: { address: src, port: segment.srcPort },
  };
  dispatch(ns, skb, ends, segment);
}

function dispatch(ns: NetNs, skb: Skb, ends: Ends, segment: TcpSegment): void {
  const connection = inetOf(ns).tcp.find(ends);
  if (connection instanceof TcpSocket) {
    receiveFor(connection, skb, segment);
    return;
  }
  if (connection instanceof Request) {
    const sk = continueRequest(connection, skb, segment);
    if (sk !== undefined) receiveFor(sk, skb, segment);
    return;
  }
  if (connection instanceof TimeWait && connection.receive(segment) === 'handled') return;
  const { local, remote } = ends;
  const iif = arrivedOn(skb, local.address);
  const listener = inetOf(ns).tcp.findListener(local.address, local.port, iif, remote.port);
  if (listener !== undefined && isOpening(segment)) {
    beginConnection(listener, skb, ends, segment);
    return;
  }
  if (listener === undefined || (segment.flags & TCP_FLAG.ack) !== 0) refuse(ns, skb, ends, segment);
  drop(ns, skb, listener === undefined ? 'NO_SOCKET' : 'TCP_FLAGS');
}

const isOpening = ({ flags }: TcpSegment): boolean =>
  (flags & (TCP_FLAG.syn | TCP_FLAG.ack | TCP_FLAG.rst | TCP_FLAG.fin)) === TCP_FLAG.syn;

function receiveFor(sk: TcpSocket, skb: Skb, segment: TcpSegment): void {
  const minimum = sk.options.device;
  if (minimum !== 0 && minimum !== arrivedOn(skb, sk.local.address)) {
    drop(sk.ns, skb, 'NO_SOCKET');
    return;
  }
  sk.traceDelivery(skb);
  sk.stats.segmentsIn++;
  if (segment.data.length > 0) sk.stats.dataSegmentsIn++;
  processSegment(sk, skb, segment);
}

/** tcp_v4_err(), tcp_v6_err() */
export function tcpError(
  skb: Skb,
  quoted: Ipv4Packet | Ipv6Packet,
  message: IcmpError | Icmpv6Error,
  errno: Errno,
): void {
  const { ns } = skb.dev;
  const { payload } = quoted;
  if (payload.kind !== 'bytes' || payload.bytes.length < 8) return;
  const local = { address: quoted.src, port: get16(payload.bytes, 0) };
  const remote = { address: quoted.dst, port: get16(payload.bytes, 2) };
  const sk = inetOf(ns).tcp.find({ local, remote });
  if (!(sk instanceof TcpSocket)) return;
  const view = new DataView(payload.bytes.buffer, payload.bytes.byteOffset, payload.bytes.byteLength);
  const seq = view.getUint32(4);
  // What it quotes was not in flight: a guess, or too old to matter (RFC 5927).
  if (before(seq, sk.una) || after(seq, sk.next)) {
    ns.mib.add('Ext.OutOfWindowIcmps');
    return;
  }
  if (isTooBig(message)) {
    shrink(sk);
    return;
  }
  if (message.type === ICMP.redirect && quoted.kind === 'ipv4') return;
  if (sk.state === 'SYN_SENT' || sk.state === 'SYN_RECV') abandon(sk, errno);
  else sk.softError = errno;
}

const isTooBig = (message: IcmpError | Icmpv6Error): boolean =>
  message.kind === 'icmp'
    ? message.type === ICMP.unreachable && message.code === UNREACH.fragNeeded
    : message.type === ICMP6.packetTooBig;

/** tcp_simple_retransmit(): what was too big for the path goes again in smaller segments. */
function shrink(sk: TcpSocket): void {
  if (sk.remote === undefined) return;
  const way = findPath(sk.ns, sk.pathKey(sk.remote));
  if (!way.ok || way.path.mtu >= sk.pathMtu) return;
  syncMss(sk, way.path);
  for (const piece of sk.sentQueue) {
    if (piece.sacked || piece.data.length <= sk.mss) continue;
    piece.lost = true;
    piece.retransmitted = false;
  }
  retransmitLost(sk);
}
