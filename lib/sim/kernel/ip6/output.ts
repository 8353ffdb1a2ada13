import { type Errno, Ip } from '../../base/index.ts';
import {
  emitIpv6Payload,
  type Ipv6Packet,
  type Ipv6Payload,
  ipv6Length,
  ipv6PayloadLength,
  rawBytes,
} from '../../wire/index.ts';
import { type CtRef, relatedTo } from '../ct-ref.ts';
import type { Link } from '../link/link.ts';
import { loopBack } from '../link/receive.ts';
import { transmit } from '../link/transmit.ts';
import { findOrCreate } from '../neigh/manage.ts';
import type { NetNs } from '../netns.ts';
import { cloneSkb, drop, newSkb, type Skb, segmentLength, setPacket } from '../skb.ts';
import { LOOPBACK6 } from './address.ts';
import { type Dst6, pathMtu6, routeOutput6 } from './route.ts';

export type Send6 = {
  readonly to: Ip;
  readonly protocol: number;
  readonly payload: Ipv6Payload;
  readonly hopLimit: number | undefined;
  readonly trafficClass?: number | undefined;
  readonly hopByHop?: Uint8Array | undefined;
  readonly mark?: number | undefined;
  readonly confirm?: boolean | undefined;
  /** See Skb. */
  readonly excess?: number | undefined;
  /** The connection of the packet that this one answers. */
  readonly cause?: CtRef | undefined;
  /** The frame or packet that this one carries. */
  readonly inside?: Skb | undefined;
};

/** Sends by a way that is known. */
export function sendIpv6(ns: NetNs, dst: Dst6, send: Send6): void {
  const packet: Ipv6Packet = {
    kind: 'ipv6',
    trafficClass: send.trafficClass ?? 0,
    flowLabel: flowLabel(ns, dst.source, send),
    hopLimit: send.hopLimit ?? (send.to.isMulticast ? 1 : (dst.link.inet6?.conf.hop_limit ?? 64)),
    protocol: send.protocol,
    src: dst.source,
    dst: send.to,
    hopByHop: send.hopByHop,
    fragment: undefined,
    payload: send.payload,
  };
  const skb = newSkb(send.inside?.id ?? ns.kernel.packetId(), dst.link, packet);
  skb.depth = send.inside?.depth ?? 0;
  skb.mark = send.mark ?? 0;
  skb.excess = send.excess ?? 0;
  skb.ct = relatedTo(send.cause);
  ns.mib.add('Ip6.OutRequests');
  if (!ns.hooks6.pass('output', skb, undefined, dst.link)) return;
  const to = (skb.packet as Ipv6Packet).dst;
  if (to.isMulticast && dst.link.inet6?.groups.has(to) === true) loopBack(dst.link, skb);
  if (to === send.to) {
    output6(ns, skb, dst.link, dst.gateway ?? to, pathMtu6(dst), undefined);
    return;
  }
  const again = routeOutput6(ns, { dst: to, src: dst.source, mark: skb.mark });
  if (again.ok) output6(ns, skb, again.dst.link, again.dst.gateway ?? to, pathMtu6(again.dst), undefined);
  else drop(ns, skb, 'IP_OUTNOROUTES');
}

export type SendFrom6 = Send6 & {
  readonly source: Ip | undefined;
  readonly oif: number;
  readonly mayFragment: boolean;
};
export type Sent6 =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: { readonly errno: Errno }; readonly mtu: number };

/** What sendto(2) on an IPv6 socket does. `mtu` says how long a packet may be when it was too long. */
export function sendIpv6From(ns: NetNs, send: SendFrom6): Sent6 {
  const to = send.to === Ip.any6 ? LOOPBACK6 : send.to;
  const way = routeOutput6(ns, { dst: to, src: send.source, oif: send.oif, mark: send.mark });
  if (!way.ok) return { ok: false, error: { errno: way.errno }, mtu: 0 };
  const mtu = pathMtu6(way.dst);
  if (!send.mayFragment && 40 + ipv6PayloadLength(send.payload) > mtu)
    return { ok: false, error: { errno: 'EMSGSIZE' }, mtu };
  if (send.confirm === true) ns.neigh6.lookup(way.dst.link, way.dst.gateway ?? to)?.confirm();
  sendIpv6(ns, way.dst, { ...send, to });
  return { ok: true };
}

/** ip6_output(): postrouting hook, fragments of this host's own packets. */
export function output6(ns: NetNs, skb: Skb, link: Link, next: Ip, mtu: number, from: Link | undefined): void {
  skb.dev = link;
  if (!ns.hooks6.pass('postrouting', skb, from, link)) return;
  const packet = skb.packet as Ipv6Packet;
  if (segmentLength(skb) <= mtu) {
    finish(ns, skb, link, next);
    return;
  }
  for (const piece of fragment6(ns, packet, mtu)) {
    const copy = cloneSkb(skb);
    setPacket(copy, piece);
    finish(ns, copy, link, next);
  }
}

function finish(ns: NetNs, skb: Skb, link: Link, next: Ip): void {
  if (link.isLoopback) {
    transmit(skb);
    return;
  }
  const neigh = findOrCreate(ns.neigh6, link, next);
  if (neigh === undefined) drop(ns, skb, 'NEIGH_CREATEFAIL');
  else neigh.output(skb);
}

/** RFC 8200 section 4.5 */
function fragment6(ns: NetNs, packet: Ipv6Packet, mtu: number): Ipv6Packet[] {
  const body = emitIpv6Payload(packet);
  const room = (mtu - (ipv6Length(packet) - body.length) - 8) & ~7;
  const id = ns.kernel.random.uint32();
  const pieces: Ipv6Packet[] = [];
  for (let at = 0; at < body.length; at += room) {
    const bytes = body.slice(at, at + room);
    pieces.push({ ...packet, fragment: { offset: at, more: at + room < body.length, id }, payload: rawBytes(bytes) });
  }
  return pieces;
}

/** ip6_make_flowlabel() with net.ipv6.auto_flowlabels: the same for the packets of one flow, not to be guessed. */
function flowLabel(ns: NetNs, source: Ip, send: Send6): number {
  if (ns.ipv6.auto_flowlabels === 0 || send.to.isMulticast) return 0;
  let h = ns.kernel.hashSeed ^ send.protocol;
  for (const byte of source.bytes) h = Math.imul(h ^ byte, 0x01000193);
  for (const byte of send.to.bytes) h = Math.imul(h ^ byte, 0x01000193);
  return (h ^ (h >>> 13)) & 0xf_ffff;
}
