import { Ip } from '../../base/index.ts';
import {
  emitEthernetPayload,
  ICMP,
  ICMP6,
  IPPROTO,
  type Ipv4Packet,
  put16,
  put32,
  rawBytes,
  UNREACH,
} from '../../wire/index.ts';
import { sendIcmpError } from '../ip/icmp.ts';
import { sendIpv4 } from '../ip/output.ts';
import { pathMtu, routeOutput } from '../ip/route.ts';
import { sendIcmpv6Error } from '../ip6/icmp.ts';
import type { Link } from '../link/link.ts';
import { drop, type Skb } from '../skb.ts';
import { headroom, type Tunnel, tunnelOf } from './tunnel.ts';

const PROTOCOL = { ipip: IPPROTO.ipip, gre: IPPROTO.gre, sit: IPPROTO.ipv6 } as const;
const HAS_KEY = 0x2000;

/** ip_tunnel_xmit() */
export function transmit(link: Link, skb: Skb): void {
  const tunnel = tunnelOf(link);
  const { packet } = skb;
  const carried = tunnel.kind === 'ipip' ? 'ipv4' : tunnel.kind === 'sit' ? 'ipv6' : packet.kind;
  if (packet.kind !== carried || (packet.kind !== 'ipv4' && packet.kind !== 'ipv6')) {
    refuse(link, skb, 'UNHANDLED_PROTO');
    return;
  }
  // The next hop is the far end, where the device has none: its route says so, as a link-layer address.
  const to = tunnel.remote ?? (packet.kind === 'ipv4' ? Ip.fromV4(skb.dst) : undefined);
  const { underlay } = tunnel;
  const inside = packet.kind === 'ipv4' ? packet.tos : packet.trafficClass;
  const tos = tunnel.tos === 'inherit' ? inside : tunnel.tos;
  const way =
    to === undefined || to === Ip.any4
      ? undefined
      : routeOutput(underlay, {
          dst: to,
          oif: tunnel.dev?.ifindex ?? 0,
          tos: tos & 0x1c,
          mark: skb.mark,
          ...(tunnel.local === undefined ? {} : { src: tunnel.local }),
        });
  if (to === undefined || way?.ok !== true || way.dst.link === link) {
    if (way?.ok === true) link.stats.collisions++;
    else link.stats.txCarrierErrors++;
    refuse(link, skb, 'IP_OUTNOROUTES');
    return;
  }
  const mtu = pathMtu(way.dst) - headroom(tunnel);
  const inner4 = packet.kind === 'ipv4' ? packet : undefined;
  if (skb.length > mtu && (inner4 === undefined || inner4.df)) {
    tellPathMtu(link, skb, inner4, mtu);
    return;
  }
  link.stats.txPackets++;
  link.stats.txBytes += skb.length;
  sendIpv4(underlay, way.dst, to, PROTOCOL[tunnel.kind], rawBytes(encapsulate(tunnel, skb)), {
    ttl: tunnel.ttl !== 0 ? tunnel.ttl : packet.kind === 'ipv4' ? packet.ttl : packet.hopLimit,
    tos,
    df: tunnel.pmtudisc || inner4?.df === true,
    mark: skb.mark,
    inside: skb,
  });
}

function refuse(link: Link, skb: Skb, reason: 'UNHANDLED_PROTO' | 'IP_OUTNOROUTES'): void {
  link.stats.txErrors++;
  drop(link.ns, skb, reason);
}

/** tnl_update_pmtu() */
function tellPathMtu(link: Link, skb: Skb, inner4: Ipv4Packet | undefined, mtu: number): void {
  link.stats.txErrors++;
  skb.type = 'host';
  if (inner4 === undefined) sendIcmpv6Error(skb, { type: ICMP6.packetTooBig, code: 0, info: Math.max(mtu, 1280) });
  else sendIcmpError(skb, { type: ICMP.unreachable, code: UNREACH.fragNeeded, info: mtu });
  drop(link.ns, skb, 'PKT_TOO_BIG');
}

/** The packet, with GRE's header in front: | flags 2 | type 2 | key 4 |. */
function encapsulate({ kind, key }: Tunnel, { packet }: Skb): Uint8Array {
  const body = emitEthernetPayload(packet);
  if (kind !== 'gre') return body;
  const header = key === undefined ? 4 : 8;
  const b = new Uint8Array(header + body.length);
  put16(b, 0, key === undefined ? 0 : HAS_KEY);
  put16(b, 2, packet.kind === 'ipv6' ? 0x86dd : 0x0800);
  if (key !== undefined) put32(b, 4, key);
  b.set(body, header);
  return b;
}
