import type { Ip } from '../../base/index.ts';
import type { Ipv4Packet, Ipv6Packet } from '../../wire/index.ts';
import type { BridgeNetfilter } from '../bridge/netfilter.ts';
import type { BridgePort } from '../bridge/port.ts';
import type { Hooks } from '../hooks.ts';
import { fragment } from '../ip/fragment.ts';
import { routeInput } from '../ip/route-input.ts';
import type { Link } from '../link/link.ts';
import { findOrCreate } from '../neigh/manage.ts';
import { cloneSkb, type Skb, segmentLength, setPacket } from '../skb.ts';

/**
 * br_netfilter: where net.bridge.bridge-nf-call-iptables says so, packets that a bridge only passes on go through IP's hooks
 * as if the bridge routed them from itself to itself.
 *
 *   port ─▶ prerouting ─▶ learnt MAC? ─▶ forward ─▶ postrouting ─▶ port
 *                             └─▶ this host: up to IP, which leaves its prerouting out
 */
function hooksFor(bridge: Link, skb: Skb): Hooks | undefined {
  const { ns } = bridge;
  if (skb.packet.kind === 'ipv4') return ns.bridgeNf['bridge-nf-call-iptables'] === 0 ? undefined : ns.hooks4;
  if (skb.packet.kind === 'ipv6') return ns.bridgeNf['bridge-nf-call-ip6tables'] === 0 ? undefined : ns.hooks6;
  return undefined;
}

/** br_nf_pre_routing() */
function prerouting(port: BridgePort, skb: Skb): 'bridge' | 'up' | 'gone' {
  const { link } = port.bridge;
  const hooks = hooksFor(link, skb);
  if (hooks === undefined) return 'bridge';
  const before = (skb.packet as Ipv4Packet | Ipv6Packet).dst;
  skb.bridged = { from: port.link, to: undefined };
  if (skb.type === 'otherhost') skb.type = 'host';
  if (!hooks.pass('prerouting', skb, link, undefined)) return 'gone';
  const { packet } = skb;
  return packet.kind === 'ipv4' && packet.dst !== before ? redirected(port, skb, packet) : 'bridge';
}

/** br_nf_pre_routing_finish(): a new destination may be behind this bridge, or a matter of routing. */
function redirected(port: BridgePort, skb: Skb, packet: Ipv4Packet): 'bridge' | 'up' | 'gone' {
  const { link } = port.bridge;
  const { src, dst, tos } = packet;
  const way = routeInput(link, { src, dst, tos: tos & 0x1c, mark: skb.mark });
  if (way.kind !== 'forward' || way.link !== link) {
    skb.dst = link.mac;
    return 'up';
  }
  return toNeighbour(port, skb, way.gateway ?? dst);
}

/**
 * br_nf_pre_routing_finish_bridge(): to the neighbour's MAC address; unknown, it is asked for by the bridge itself, which
 * then goes on with the frame as with one from its port.
 */
function toNeighbour(port: BridgePort, skb: Skb, next: Ip): 'bridge' | 'gone' {
  const { link } = port.bridge;
  const neigh = findOrCreate(link.ns.neigh4, link, next);
  if (neigh === undefined) return 'gone';
  if (neigh.lladdr !== undefined) {
    skb.dst = neigh.lladdr;
    return 'bridge';
  }
  skb.bridged = { from: port.link, to: undefined, resume: skb.src };
  skb.dev = link;
  neigh.output(skb);
  return 'gone';
}

/** br_nf_forward() and br_nf_post_routing() */
function forwarding(from: BridgePort, to: BridgePort, skb: Skb): Skb[] {
  const { link } = to.bridge;
  const hooks = hooksFor(link, skb);
  if (hooks === undefined) return [skb];
  skb.bridged = { from: from.link, to: to.link };
  if (!hooks.pass('forward', skb, link, link)) return [];
  if (!hooks.pass('postrouting', skb, link, link)) return [];
  const { packet } = skb;
  if (packet.kind !== 'ipv4' || segmentLength(skb) <= to.link.mtu) return [skb];
  // Connection tracking put fragments together (br_nf_dev_queue_xmit).
  return fragment(packet, to.link.mtu).map((piece) => {
    const copy = cloneSkb(skb);
    setPacket(copy, piece);
    return copy;
  });
}

export const bridgeNetfilter: BridgeNetfilter = { prerouting, forwarding };
