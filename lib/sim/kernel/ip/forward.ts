import { type Errno, Ip, MILLISECOND } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import { ICMP, type Ipv4Packet, UNREACH } from '../../wire/index.ts';
import type { Link } from '../link/link.ts';
import { drop, packetRef, type Skb, segmentLength, setPacket } from '../skb.ts';
import { sendIcmpError } from './icmp.ts';
import { output } from './output.ts';
import type { InputRoute } from './route-input.ts';

/** ip_forward(): a router's work, with what it tells senders when it cannot. */
export function forwardIpv4(skb: Skb, way: Extract<InputRoute, { kind: 'forward' }>): void {
  const from = skb.dev;
  const { ns } = from;
  const packet = skb.packet as Ipv4Packet;
  if (skb.type !== 'host') {
    drop(ns, skb, 'OTHERHOST');
    return;
  }
  if (packet.ttl <= 1) {
    ns.mib.add('Ip.InHdrErrors');
    sendIcmpError(skb, { type: ICMP.timeExceeded, code: 0 });
    drop(ns, skb, 'TTL_EXPIRED');
    return;
  }
  const learnt = ns.ipv4.ip_forward_use_pmtu !== 0 ? ns.fib4.exceptions.find(packet.dst)?.mtu : undefined;
  const mtu = learnt ?? way.mtu ?? way.link.mtu;
  if (packet.df && segmentLength(skb) > mtu) {
    ns.mib.add('Ip.FragFails');
    sendIcmpError(skb, { type: ICMP.unreachable, code: UNREACH.fragNeeded, info: mtu });
    drop(ns, skb, 'PKT_TOO_BIG');
    return;
  }
  if (way.redirect && from.inet.either('send_redirects')) redirect(skb, packet, way);
  setPacket(skb, { ...packet, ttl: packet.ttl - 1 });
  if (!ns.hooks4.pass('forward', skb, from, way.link)) return;
  ns.mib.add('Ip.ForwDatagrams');
  traceForward(skb, from, way.link);
  output(ns, skb, way.link, way.gateway ?? packet.dst, mtu, from);
}

function traceForward(skb: Skb, from: Link, to: Link): void {
  const { ns } = from;
  const { trace } = ns.kernel;
  trace.fold(EVENT_CODE.forward, ns.number, from.ifindex, to.ifindex, skb.id);
  if (trace.live)
    trace.publish({
      type: 'forward',
      at: trace.now,
      node: ns.kernel.name,
      netns: ns.inode,
      from: from.name,
      to: to.name,
      packet: packetRef(skb),
    });
}

/** ip_rt_send_redirect(): the sender could have reached the next hop itself. */
function redirect(skb: Skb, packet: Ipv4Packet, way: Extract<InputRoute, { kind: 'forward' }>): void {
  const { ns } = skb.dev;
  // Each costs the receiver's tokens; after some the router stays silent (ip_rt_redirect_number).
  if (!ns.icmpLimiter.peer(packet.src, ns.ipv4['route/redirect_load'] * 4 * MILLISECOND)) return;
  sendIcmpError(skb, { type: ICMP.redirect, code: 1, gateway: way.gateway ?? packet.dst });
}

/** ip_error(): no way on. Only a router answers. */
export function routeError(skb: Skb, errno: Errno): void {
  const { ns, inet } = skb.dev;
  if (inet.conf.forwarding === 0) {
    ns.mib.add('Ip.InAddrErrors');
    drop(ns, skb, 'FORWARDING_DISABLED');
    return;
  }
  const code = CODE_OF[errno];
  if (errno === 'ENETUNREACH') ns.mib.add('Ext.InNoRoutes');
  if (
    code !== undefined &&
    ns.icmpLimiter.peer(Ip.fromV4((skb.packet as Ipv4Packet).src.v4), ns.ipv4['route/error_cost'] * 4 * MILLISECOND)
  ) {
    sendIcmpError(skb, { type: ICMP.unreachable, code });
  }
  drop(
    ns,
    skb,
    errno === 'EINVAL'
      ? 'ROUTE_BLACKHOLE'
      : errno === 'EACCES'
        ? 'ROUTE_PROHIBIT'
        : errno === 'EHOSTUNREACH'
          ? 'ROUTE_UNREACHABLE'
          : 'IP_INNOROUTES',
  );
}

const CODE_OF: Readonly<Partial<Record<Errno, number>>> = {
  EHOSTUNREACH: UNREACH.host,
  ENETUNREACH: UNREACH.net,
  EACCES: UNREACH.filtered,
};
