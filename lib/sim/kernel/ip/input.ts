import { EVENT_CODE } from '../../trace/index.ts';
import { ICMP, IPPROTO, type Ipv4Packet, type Ipv6Packet, isFragment, UNREACH } from '../../wire/index.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { drop, packetRef, type Skb } from '../skb.ts';
import { forwardIpv4, routeError } from './forward.ts';
import { receiveIcmp, sendIcmpError } from './icmp.ts';
import { isLocalAddress } from './route.ts';
import { routeInput } from './route-input.ts';

/** ip_rcv(): an IPv4 packet in a frame. */
export function receiveIpv4(skb: Skb): void {
  const { ns } = skb.dev;
  const packet = skb.packet as Ipv4Packet;
  ns.mib.add('Ip.InReceives');
  if (skb.type === 'otherhost') {
    drop(ns, skb, 'OTHERHOST');
    return;
  }
  if (packet.badChecksum !== undefined) {
    ns.mib.add('Ip.InHdrErrors');
    drop(ns, skb, 'IP_CSUM');
    return;
  }
  // A bridge's packet met the hook there (ip_sabotage_in).
  if (skb.bridged === undefined && !ns.hooks4.pass('prerouting', skb, skb.dev, undefined)) return;
  route(ns, skb);
}

/** ip_rcv_finish(): here, further, or nowhere. */
function route(ns: NetNs, skb: Skb): void {
  const { dev } = skb;
  const packet = skb.packet as Ipv4Packet;
  // What comes back from lo was routed when it was sent.
  if (dev.isLoopback && isLocalAddress(ns, packet.dst)) {
    deliver(ns, skb, false);
    return;
  }
  if (skb.type === 'loopback') {
    if (packet.dst.isMulticast && !listens(skb)) drop(ns, skb, 'NOT_A_MEMBER');
    else deliver(ns, skb, true);
    return;
  }
  const way = routeInput(dev, { src: packet.src, dst: packet.dst, tos: packet.tos & 0x1c, mark: skb.mark });
  switch (way.kind) {
    case 'local':
      if (way.type === 'multicast' && !listens(skb)) drop(ns, skb, 'NOT_A_MEMBER');
      else deliver(ns, skb, way.type !== 'local');
      return;
    case 'forward':
      forwardIpv4(skb, way);
      return;
    case 'error':
      routeError(skb, way.errno);
      return;
    case 'martian':
      if (way.reason === 'IP_RPFILTER') ns.mib.add('Ext.IPReversePathFilter');
      drop(ns, skb, way.reason);
  }
}

/** The all-systems group, and what somebody joined. */
const listens = ({ packet, dev }: Skb): boolean => {
  const { dst } = packet as Ipv4Packet;
  return dst.v4 === 0xe000_0001 || dev.inet.groups.has(dst);
};

/** ip_local_deliver(): whole again, through the input hook, to who wants it. */
function deliver(ns: NetNs, skb: Skb, broadcast: boolean): void {
  const packet = skb.packet as Ipv4Packet;
  if (isFragment(packet)) {
    ns.mib.add('Ip.ReasmReqds');
    const whole = ns.reassembly.add(skb, packet);
    if (whole !== undefined) deliver(ns, whole, broadcast);
    return;
  }
  if (!ns.hooks4.pass('input', skb, skb.dev, undefined)) return;
  traceLocal(skb);
  const taken = deliverRaw(ns, skb);
  ns.mib.add('Ip.InDelivers');
  if (deliverTunnel(ns, skb, 4)) return;
  const { protocol } = skb.packet as Ipv4Packet;
  const known = ns.kernel.ipProtocols.get(protocol);
  if (known !== undefined) {
    known.receive(ns, skb);
    return;
  }
  switch (protocol) {
    case IPPROTO.icmp:
      receiveIcmp(ns, skb, broadcast);
      return;
    case IPPROTO.udp:
      // Nobody on this machine ever opened a UDP socket: every port is closed.
      ns.mib.add('Udp.NoPorts');
      sendIcmpError(skb, { type: ICMP.unreachable, code: UNREACH.port });
      drop(ns, skb, 'NO_SOCKET');
      return;
    case IPPROTO.igmp:
    case IPPROTO.tcp:
      drop(ns, skb, 'NO_SOCKET');
      return;
    default:
      if (taken) return;
      ns.mib.add('Ip.InUnknownProtos');
      sendIcmpError(skb, { type: ICMP.unreachable, code: UNREACH.protocol });
      drop(ns, skb, 'UNHANDLED_PROTO');
  }
}

/** A tunnel's datagram goes to the tunnel before sockets are asked; whether it was one. */
export function deliverTunnel(ns: NetNs, skb: Skb, family: Family): boolean {
  if (ns.udpTunnels.size === 0) return false;
  const { payload } = skb.packet as Ipv4Packet | Ipv6Packet;
  const tunnel = payload.kind === 'udp' ? ns.udpTunnels.get(payload.dstPort) : undefined;
  if (tunnel === undefined || !tunnel.families.has(family)) return false;
  tunnel.receive(skb);
  return true;
}

/** raw_local_deliver(): raw sockets get copies beside the protocol; whether one did. */
function deliverRaw(ns: NetNs, skb: Skb): boolean {
  let taken = false;
  if (ns.rawSockets.length === 0) return taken;
  for (const socket of [...ns.rawSockets]) if (socket.deliver4(skb, skb.packet as Ipv4Packet)) taken = true;
  return taken;
}

export function traceLocal(skb: Skb): void {
  const { ns } = skb.dev;
  const { trace } = ns.kernel;
  trace.fold(EVENT_CODE.local, ns.number, skb.dev.ifindex, skb.id, skb.length);
  if (trace.live)
    trace.publish({
      type: 'local',
      at: trace.now,
      node: ns.kernel.name,
      netns: ns.inode,
      dev: skb.dev.name,
      packet: packetRef(skb),
    });
}
