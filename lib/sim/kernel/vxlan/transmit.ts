import { Ip, isMulticastMac, MAC_BROADCAST, type Mac } from '../../base/index.ts';
import {
  ARP_REPLY,
  ARP_REQUEST,
  type ArpPacket,
  emitEthernet,
  emitIpv4,
  emitVxlan,
  ICMP,
  IPPROTO,
  type Ipv4Packet,
  isIcmpError,
  type UdpDatagram,
  UNREACH,
} from '../../wire/index.ts';
import { sendIpv4 } from '../ip/output.ts';
import { pathMtu, routeOutput } from '../ip/route.ts';
import { sendIpv6 } from '../ip6/output.ts';
import { pathMtu6, routeOutput6 } from '../ip6/route.ts';
import { flowHash } from '../link/flow-hash.ts';
import type { Link } from '../link/link.ts';
import { packetTypeAt } from '../link/receive.ts';
import { cloneSkb, drop, newSkb, type Skb } from '../skb.ts';
import type { Remote } from './fdb.ts';
import { comeIn, countTunnelRx } from './receive.ts';
import { headroom, type Vxlan, vxlanOf, vxlansOf } from './vxlan.ts';

/** vxlan_xmit(): to the far end that the forwarding table names; to several for what is for many. */
export function transmit(link: Link, skb: Skb): void {
  const vxlan = vxlanOf(link);
  if (vxlan.config.proxy && skb.packet.kind === 'arp') {
    answerForNeighbour(vxlan, skb, skb.packet);
    return;
  }
  const entry = vxlan.fdb.wayTo(skb.dst);
  if (entry === undefined) {
    link.stats.txDropped++;
    drop(link.ns, skb, 'VXLAN_NO_REMOTE');
    return;
  }
  const [last, ...others] = entry.remotes;
  for (const remote of others) sendTo(vxlan, cloneSkb(skb), remote);
  if (last !== undefined) sendTo(vxlan, skb, last);
}

function sendTo(vxlan: Vxlan, skb: Skb, remote: Remote): void {
  const { dst } = remote;
  if (dst === undefined || dst.isUnspecified) {
    vxlan.link.stats.txDropped++;
    drop(vxlan.link.ns, skb, 'VXLAN_NO_REMOTE');
  } else if (dst.family === 4) sendTo4(vxlan, skb, dst, remote);
  else sendTo6(vxlan, skb, dst, remote);
}

function sendTo4(vxlan: Vxlan, skb: Skb, to: Ip, remote: Remote): void {
  const { underlay, config, link } = vxlan;
  const oif = remote.via;
  const tos = outerTos(vxlan, skb);
  const way = routeOutput(underlay, {
    dst: to,
    oif,
    tos: tos & 0x1c,
    mark: skb.mark,
    ...(config.local === undefined ? {} : { src: config.local }),
  });
  if (!way.ok || way.dst.link === link) {
    fail(vxlan, skb, !way.ok && way.errno === 'ENETUNREACH', way.ok);
    return;
  }
  if (way.dst.type === 'local') {
    bypass(vxlan, skb, remote, to);
    return;
  }
  const mtu = pathMtu(way.dst) - headroom(4);
  if (skb.length > mtu && tellPathMtu(link, skb, mtu)) return;
  const df = config.df === 'set' || (config.df === 'inherit' && skb.packet.kind === 'ipv4' && skb.packet.df);
  const udp = encapsulate(vxlan, skb, remote);
  countTunnelTx(link, skb);
  const ttl = outerTtl(vxlan, skb) ?? (to.isMulticast ? 1 : underlay.ipv4.ip_default_ttl);
  sendIpv4(underlay, way.dst, to, IPPROTO.udp, udp, { ttl, tos, df, mark: skb.mark, inside: skb });
}

function sendTo6(vxlan: Vxlan, skb: Skb, to: Ip, remote: Remote): void {
  const { underlay, config, link } = vxlan;
  const oif = remote.via;
  const way = routeOutput6(underlay, { dst: to, src: config.local, oif, mark: skb.mark });
  if (!way.ok || way.dst.link === link) {
    fail(vxlan, skb, !way.ok && way.errno === 'ENETUNREACH', way.ok);
    return;
  }
  if (way.dst.link.isLoopback) {
    bypass(vxlan, skb, remote, to);
    return;
  }
  const mtu = pathMtu6(way.dst) - headroom(6);
  if (skb.length > mtu && tellPathMtu(link, skb, mtu)) return;
  const payload = encapsulate(vxlan, skb, remote);
  countTunnelTx(link, skb);
  sendIpv6(underlay, way.dst, {
    to,
    protocol: IPPROTO.udp,
    payload,
    hopLimit: outerTtl(vxlan, skb),
    trafficClass: outerTos(vxlan, skb),
    mark: skb.mark,
    inside: skb,
  });
}

function encapsulate({ config, underlay }: Vxlan, skb: Skb, remote: Remote): UdpDatagram {
  const frame = emitEthernet({ dst: skb.dst, src: skb.src, payload: skb.packet });
  const noChecksum = !config.udpCsum;
  return {
    kind: 'udp',
    srcPort: sourcePort(skb, config.portLow, config.portHigh, underlay.ipv4.ip_local_port_range),
    dstPort: remote.port === 0 ? config.dstPort : remote.port,
    data: emitVxlan(remote.vni, frame),
    ...(noChecksum ? { noChecksum } : {}),
  };
}

/** udp_flow_src_port(): one flow keeps one port, so that the underlay can spread flows over several ways. */
function sourcePort(skb: Skb, low: number, high: number, local: readonly number[]): number {
  const [min = 0, max = 0] = low < high ? [low, high] : local;
  return min + Math.floor((flowHash(skb) / 2 ** 32) * (max - min));
}

const ttlOf = ({ packet }: Skb): number | undefined =>
  packet.kind === 'ipv4' ? packet.ttl : packet.kind === 'ipv6' ? packet.hopLimit : undefined;

const outerTtl = ({ config }: Vxlan, skb: Skb): number | undefined =>
  config.ttl === 'inherit' ? ttlOf(skb) : config.ttl === 0 ? undefined : config.ttl;

function outerTos({ config }: Vxlan, { packet }: Skb): number {
  if (config.tos !== 'inherit') return config.tos;
  return packet.kind === 'ipv4' ? packet.tos : packet.kind === 'ipv6' ? packet.trafficClass : 0;
}

/** A tunnel's length is what IP knows of: without the Ethernet header inside. */
export function countTunnelTx(link: Link, skb: Skb): void {
  link.stats.txPackets++;
  link.stats.txBytes += skb.length;
}

function fail({ link }: Vxlan, skb: Skb, unreachable: boolean, loop: boolean): void {
  link.stats.txErrors++;
  if (unreachable) link.stats.txCarrierErrors++;
  if (loop) link.stats.collisions++;
  drop(link.ns, skb, 'IP_OUTNOROUTES');
}

/** encap_bypass_if_local(): the far end is on this very host. */
function bypass(vxlan: Vxlan, skb: Skb, { vni }: Remote, to: Ip): void {
  const { link, underlay, config } = vxlan;
  const other = [...vxlansOf(underlay)].find(
    (one) => one.config.id === vni && one.config.dstPort === config.dstPort && one.family === to.family,
  );
  if (other === undefined) {
    link.stats.txErrors++;
    drop(link.ns, skb, 'VXLAN_VNI_NOT_FOUND');
    return;
  }
  countTunnelTx(link, skb);
  comeIn(other, skb, to);
}

/**
 * skb_tunnel_check_pmtu(): who routed the packet into the tunnel learns how much fits through. Behind a bridge it came
 * from elsewhere: its sender is told in the name of the receiver, and it goes no further. True then.
 */
function tellPathMtu(link: Link, skb: Skb, mtu: number): boolean {
  const { ns } = link;
  const { packet } = skb;
  if (link.port !== undefined) return packet.kind === 'ipv4' && refuseLarge(link, skb, packet, mtu);
  const least = ns.ipv4['route/min_pmtu'];
  if (packet.kind === 'ipv4') ns.fib4.exceptions.learn(packet.dst, { mtu: Math.max(mtu, least) });
  else if (packet.kind === 'ipv6') ns.fib6.exceptions.learn(packet.dst, { mtu: Math.max(mtu, 1280) });
  return false;
}

const ERROR_MAX = 576;

/** iptunnel_pmtud_check_icmp() and iptunnel_pmtud_build_icmp() */
function refuseLarge(link: Link, skb: Skb, packet: Ipv4Packet, mtu: number): boolean {
  const { payload, src, dst } = packet;
  if (mtu < ERROR_MAX || !packet.df || packet.offset !== 0 || packet.mf) return false;
  if (dst.isMulticast || dst === Ip.broadcast4 || src.isMulticast || src.isLoopback) return false;
  if (payload.kind === 'icmp' && isIcmpError(payload)) return false;
  const answer = newSkb(link.ns.kernel.packetId(), link, {
    ...packet,
    tos: 0,
    id: 0,
    ttl: 64,
    protocol: IPPROTO.icmp,
    src: dst,
    dst: src,
    options: undefined,
    payload: {
      kind: 'icmp',
      type: ICMP.unreachable,
      code: UNREACH.fragNeeded,
      info: mtu,
      gateway: undefined,
      quote: emitIpv4(packet).slice(0, ERROR_MAX - 28),
    },
  });
  answer.src = skb.dst;
  answer.dst = skb.src;
  answer.type = packetTypeAt(link, answer.dst);
  countTunnelTx(link, answer);
  countTunnelRx(link, answer);
  link.ns.kernel.backlog.enqueue(answer);
  drop(link.ns, skb, 'PKT_TOO_BIG');
  return true;
}

/** arp_reduce(): with `proxy`, no request leaves; it is answered from this host's own neighbour table, or not at all. */
function answerForNeighbour(vxlan: Vxlan, skb: Skb, arp: ArpPacket): void {
  const { link } = vxlan;
  const neigh = arp.op === ARP_REQUEST ? link.ns.neigh4.lookup(link, arp.targetIp) : undefined;
  const lladdr = neigh?.valid === true ? neigh.lladdr : undefined;
  if (lladdr === undefined || lladdr === MAC_BROADCAST || isMulticastMac(lladdr)) {
    link.stats.txDropped++;
    drop(link.ns, skb, 'ARP_IGNORED');
    return;
  }
  const answer = newSkb(link.ns.kernel.packetId(), link, {
    kind: 'arp',
    op: ARP_REPLY,
    senderMac: lladdr,
    senderIp: arp.targetIp,
    targetMac: arp.senderMac,
    targetIp: arp.senderIp,
  });
  answer.src = lladdr;
  answer.dst = arp.senderMac as Mac;
  answer.type = packetTypeAt(link, answer.dst);
  link.ns.kernel.backlog.enqueue(answer);
}
