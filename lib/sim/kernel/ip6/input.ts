import { Ip } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import { ICMP6, type Ipv6Packet, UNREACH6 } from '../../wire/index.ts';
import { deliverTunnel, traceLocal } from '../ip/input.ts';
import type { NetNs } from '../netns.ts';
import { drop, packetRef, type Skb, segmentLength, setPacket } from '../skb.ts';
import { receiveIcmpv6, sendIcmpv6Error } from './icmp.ts';
import { fibLookup6 } from './lookup.ts';
import { receiveNdisc } from './ndisc.ts';
import { output6 } from './output.ts';
import { traceRoute6 } from './route.ts';

/** ip6_rcv(): an IPv6 packet in a frame. */
export function receiveIpv6(skb: Skb): void {
  const { dev } = skb;
  const { ns } = dev;
  const packet = skb.packet as Ipv6Packet;
  ns.mib.add('Ip6.InReceives');
  if (skb.type === 'otherhost') {
    drop(ns, skb, 'OTHERHOST');
    return;
  }
  if (dev.inet6 === undefined || dev.inet6.conf.disable_ipv6 !== 0) {
    drop(ns, skb, 'IPV6DISABLED');
    return;
  }
  const loops = packet.dst.isLoopback || packet.src.isLoopback;
  if ((loops && !dev.isLoopback) || packet.src.isMulticast) {
    drop(ns, skb, loops ? 'IP_LOCALNET' : 'IP_INVALID_SOURCE');
    return;
  }
  if (skb.bridged === undefined && !ns.hooks6.pass('prerouting', skb, dev, undefined)) return;
  route(ns, skb, skb.packet as Ipv6Packet);
}

function route(ns: NetNs, skb: Skb, packet: Ipv6Packet): void {
  const { dev } = skb;
  if (packet.dst.isMulticast) {
    if (dev.inet6?.groups.has(packet.dst) === true) deliver(ns, skb);
    else drop(ns, skb, 'NOT_A_MEMBER');
    return;
  }
  // Addresses on probation hear neighbour discovery only through groups.
  const own = dev.inet6?.addrs.some((a) => a.local === packet.dst && !a.tentative) === true;
  if (own) {
    deliver(ns, skb);
    return;
  }
  const oif = packet.dst.isLinkLocal ? dev.ifindex : 0;
  const found = fibLookup6(ns, {
    dst: packet.dst,
    src: packet.src,
    oif: dev.isLoopback ? 0 : oif,
    iif: dev.ifindex,
    mark: skb.mark,
    tos: 0,
  });
  traceRoute6(ns, packet.dst, packet.src, dev, skb.mark, found);
  if (found.ok && found.route.type === 'local') deliver(ns, skb);
  else if (ns.conf6.all.forwarding === 0) drop(ns, skb, 'FORWARDING_DISABLED');
  else if (!found.ok) {
    sendIcmpv6Error(skb, {
      type: ICMP6.unreachable,
      code: found.errno === 'EACCES' ? UNREACH6.prohibited : UNREACH6.noRoute,
    });
    drop(ns, skb, 'IP_INNOROUTES');
  } else forward(ns, skb, packet, found);
}

/** ip6_forward() */
function forward(
  ns: NetNs,
  skb: Skb,
  packet: Ipv6Packet,
  found: Extract<ReturnType<typeof fibLookup6>, { ok: true }>,
): void {
  const from = skb.dev;
  const { link, gateway } = found.nexthop;
  if (skb.type !== 'host' || packet.src.isLinkLocal || packet.src === Ip.any6) {
    drop(ns, skb, skb.type === 'host' ? 'IP_INVALID_SOURCE' : 'OTHERHOST');
    return;
  }
  if (packet.hopLimit <= 1) {
    sendIcmpv6Error(skb, { type: ICMP6.timeExceeded, code: 0 });
    drop(ns, skb, 'TTL_EXPIRED');
    return;
  }
  const mtu = found.route.metrics.mtu ?? link.mtu;
  if (segmentLength(skb) > mtu) {
    sendIcmpv6Error(skb, { type: ICMP6.packetTooBig, code: 0, info: mtu });
    drop(ns, skb, 'PKT_TOO_BIG');
    return;
  }
  setPacket(skb, { ...packet, hopLimit: packet.hopLimit - 1 });
  if (!ns.hooks6.pass('forward', skb, from, link)) return;
  ns.mib.add('Ip6.OutForwDatagrams');
  const { trace } = ns.kernel;
  trace.fold(EVENT_CODE.forward, ns.number, from.ifindex, link.ifindex, skb.id);
  if (trace.live)
    trace.publish({
      type: 'forward',
      at: trace.now,
      node: ns.kernel.name,
      netns: ns.inode,
      from: from.name,
      to: link.name,
      packet: packetRef(skb),
    });
  output6(ns, skb, link, gateway ?? packet.dst, mtu, from);
}

/** ip6_input(): whole again, through the input hook, to who wants it. */
function deliver(ns: NetNs, skb: Skb): void {
  const packet = skb.packet as Ipv6Packet;
  if (packet.fragment !== undefined) {
    const whole = ns.reassembly6.add(skb, packet);
    if (whole !== undefined) deliver(ns, whole);
    return;
  }
  if (!ns.hooks6.pass('input', skb, skb.dev, undefined)) return;
  traceLocal(skb);
  ns.mib.add('Ip6.InDelivers');
  if (deliverTunnel(ns, skb, 6)) return;
  let taken = false;
  for (const socket of [...ns.rawSockets]) if (socket.deliver6(skb, packet)) taken = true;
  const { payload } = packet;
  const known = ns.kernel.ipProtocols.get(packet.protocol);
  if (known !== undefined) known.receive(ns, skb);
  else if (packet.protocol === 58) {
    if (payload.kind === 'icmp6' && payload.badChecksum === undefined && receiveNdisc(skb, payload)) return;
    receiveIcmpv6(ns, skb);
  } else if (packet.protocol === 17) {
    sendIcmpv6Error(skb, { type: ICMP6.unreachable, code: UNREACH6.port });
    drop(ns, skb, 'NO_SOCKET');
  } else if (!taken) {
    // Next header 6 of the IPv6 header's own field is what could not be understood.
    sendIcmpv6Error(skb, { type: ICMP6.parameterProblem, code: 1, info: 6 });
    drop(ns, skb, 'UNHANDLED_PROTO');
  }
}
