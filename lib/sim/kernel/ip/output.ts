import type { Ip } from '../../base/index.ts';
import type { Ipv4Packet, Ipv4Payload } from '../../wire/index.ts';
import { type CtRef, relatedTo } from '../ct-ref.ts';
import type { Link } from '../link/link.ts';
import { loopBack } from '../link/receive.ts';
import { transmit } from '../link/transmit.ts';
import { findOrCreate } from '../neigh/manage.ts';
import type { NetNs } from '../netns.ts';
import { cloneSkb, drop, newSkb, type Skb, segmentLength, setPacket } from '../skb.ts';
import { fragment } from './fragment.ts';
import { type Dst4, pathMtu, routeOutput } from './route.ts';

export type SendOptions = {
  readonly ttl: number;
  readonly tos: number;
  readonly df: boolean;
  /** 0 takes the next of the counter for these addresses. */
  readonly id?: number;
  readonly mark?: number;
  readonly options?: Uint8Array;
  /** See Skb. */
  readonly excess?: number;
  /** The connection of the packet that this one answers (an error, a reset): it is related to that. */
  readonly cause?: CtRef | undefined;
  /** The frame or packet that this one carries: to the trace they are one. */
  readonly inside?: Skb;
};

/** A packet of this host's own leaves: header, output hook, way out. */
export function sendIpv4(
  ns: NetNs,
  dst: Dst4,
  to: Ip,
  protocol: number,
  payload: Ipv4Payload,
  options: SendOptions,
): void {
  const packet: Ipv4Packet = {
    kind: 'ipv4',
    tos: options.tos,
    id: options.id ?? ns.ids.next(dst.source, to),
    df: options.df,
    mf: false,
    offset: 0,
    ttl: options.ttl,
    protocol,
    src: dst.source,
    dst: to,
    options: options.options,
    payload,
  };
  const skb = newSkb(options.inside?.id ?? ns.kernel.packetId(), dst.link, packet);
  // Tunnels within tunnels end somewhere.
  skb.depth = options.inside?.depth ?? 0;
  skb.mark = options.mark ?? 0;
  skb.excess = options.excess ?? 0;
  skb.ct = relatedTo(options.cause);
  ns.mib.add('Ip.OutRequests');
  localOut(ns, skb, dst);
}

/** ip_local_out(): behind the output hook, a packet with another destination or mark finds its way anew (ip_route_me_harder). */
function localOut(ns: NetNs, skb: Skb, dst: Dst4): void {
  const before = skb.packet as Ipv4Packet;
  const { mark } = skb;
  if (!ns.hooks4.pass('output', skb, undefined, dst.link)) return;
  const after = skb.packet as Ipv4Packet;
  let way = dst;
  if (after.dst !== before.dst || after.src !== before.src || skb.mark !== mark) {
    const again = routeOutput(ns, { dst: after.dst, src: after.src, tos: after.tos & 0x1c, mark: skb.mark });
    if (!again.ok) {
      drop(ns, skb, 'IP_OUTNOROUTES');
      return;
    }
    way = again.dst;
    skb.dev = way.link;
  }
  if (way.type === 'broadcast' || way.type === 'multicast') loopBack(way.link, skb);
  output(ns, skb, way.link, way.gateway ?? after.dst, pathMtu(way), undefined);
}

/** ip_output() and ip_finish_output(): postrouting hook, fragments when it must be. `next` is the address to resolve. */
export function output(ns: NetNs, skb: Skb, link: Link, next: Ip, mtu: number, from: Link | undefined): void {
  skb.dev = link;
  if (!ns.hooks4.pass('postrouting', skb, from, link)) return;
  const packet = skb.packet as Ipv4Packet;
  if (segmentLength(skb) <= mtu) {
    finish(ns, skb, link, next);
    return;
  }
  ns.mib.add('Ip.FragOKs');
  for (const piece of fragment(packet, mtu)) {
    ns.mib.add('Ip.FragCreates');
    const copy = cloneSkb(skb);
    setPacket(copy, piece);
    finish(ns, copy, link, next);
  }
}

/** ip_finish_output2(): to the neighbour that the next hop is. */
function finish(ns: NetNs, skb: Skb, link: Link, next: Ip): void {
  if (link.isLoopback) {
    transmit(skb);
    return;
  }
  const neigh = findOrCreate(ns.neigh4, link, next);
  if (neigh === undefined) drop(ns, skb, 'NEIGH_CREATEFAIL');
  else neigh.output(skb);
}
