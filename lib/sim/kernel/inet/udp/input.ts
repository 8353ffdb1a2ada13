import type { Errno } from '../../../base/index.ts';
import {
  ICMP,
  ICMP6,
  type IcmpError,
  type Icmpv6Error,
  type Ipv4Packet,
  type Ipv6Packet,
  type UdpDatagram,
  UNREACH,
  UNREACH6,
} from '../../../wire/index.ts';
import { sendIcmpError } from '../../ip/icmp.ts';
import { sendIcmpv6Error } from '../../ip6/icmp.ts';
import type { NetNs } from '../../netns.ts';
import { drop, type Skb } from '../../skb.ts';
import { arrivedOn } from '../../socket/raw.ts';
import { inetOf } from '../state.ts';
import type { Flow } from './table.ts';

/** __udp4_lib_rcv(), __udp6_lib_rcv(): a datagram for this host. */
export function receiveUdp(ns: NetNs, skb: Skb): void {
  const packet = skb.packet as Ipv4Packet | Ipv6Packet;
  const { payload } = packet;
  if (payload.kind !== 'udp' || payload.badChecksum !== undefined) {
    ns.mib.add('Udp.InErrors');
    if (payload.kind === 'udp') ns.mib.add('Udp.InCsumErrors');
    drop(ns, skb, payload.kind === 'udp' ? 'UDP_CSUM' : 'PKT_TOO_SMALL');
    return;
  }
  const flow = flowOf(skb, packet, payload);
  const { udp } = inetOf(ns);
  const many = skb.type !== 'host' || packet.dst.isMulticast;
  const found = many ? undefined : udp.find(flow);
  const sockets = many ? udp.matching(flow) : found === undefined ? [] : [found];
  if (sockets.length === 0) {
    refuse(ns, skb, packet, many);
    return;
  }
  const from = { address: packet.src, port: payload.srcPort, ...(packet.src.isLinkLocal ? { scope: flow.iif } : {}) };
  const datagram = { data: payload.data, from, to: packet.dst, ifindex: flow.iif, at: ns.kernel.events.now };
  for (const socket of sockets) socket.deliver(skb, datagram);
}

const flowOf = (skb: Skb, packet: Ipv4Packet | Ipv6Packet, { srcPort, dstPort }: UdpDatagram): Flow => ({
  src: packet.src,
  sport: srcPort,
  dst: packet.dst,
  dport: dstPort,
  iif: arrivedOn(skb, packet.dst),
});

/** Nobody listens: the sender is told, unless it spoke to many (RFC 1122 section 4.1.3.1). */
function refuse(ns: NetNs, skb: Skb, packet: Ipv4Packet | Ipv6Packet, many: boolean): void {
  if (many) ns.mib.add('Udp.IgnoredMulti');
  else {
    ns.mib.add(packet.kind === 'ipv4' ? 'Udp.NoPorts' : 'Udp6.NoPorts');
    if (packet.kind === 'ipv4') sendIcmpError(skb, { type: ICMP.unreachable, code: UNREACH.port });
    else sendIcmpv6Error(skb, { type: ICMP6.unreachable, code: UNREACH6.port });
  }
  drop(ns, skb, 'NO_SOCKET');
}

/** Codes of "destination unreachable" that say there is no use in trying again (icmp_err_convert's fatal). */
const FATAL: ReadonlySet<number> = new Set([
  UNREACH.protocol,
  UNREACH.port,
  UNREACH.netUnknown,
  UNREACH.hostUnknown,
  8,
  UNREACH.netProhibited,
  UNREACH.hostProhibited,
  UNREACH.filtered,
  14,
  15,
]);

/** __udp4_lib_err(): only a connected socket hears of it, and only when it is final (RFC 1122 section 4.1.3.3). */
export function udpError(
  skb: Skb,
  quoted: Ipv4Packet | Ipv6Packet,
  message: IcmpError | Icmpv6Error,
  errno: Errno,
): void {
  const { ns } = skb.dev;
  const { payload } = quoted;
  if (payload.kind !== 'udp') return;
  const socket = inetOf(ns).udp.find({
    src: quoted.dst,
    sport: payload.dstPort,
    dst: quoted.src,
    dport: payload.srcPort,
    iif: skb.dev.ifindex,
  });
  if (socket?.remote === undefined || !isFatal(quoted, message)) return;
  socket.raise(errno);
}

function isFatal(quoted: Ipv4Packet | Ipv6Packet, { type, code }: IcmpError | Icmpv6Error): boolean {
  if (quoted.kind === 'ipv6')
    return type === ICMP6.parameterProblem || (type === ICMP6.unreachable && ![0, 2, 3].includes(code));
  return type === ICMP.parameterProblem || (type === ICMP.unreachable && FATAL.has(code));
}
