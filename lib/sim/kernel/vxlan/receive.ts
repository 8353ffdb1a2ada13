import type { Ip } from '../../base/index.ts';
import { type Ipv4Packet, type Ipv6Packet, parseEthernet, parseVxlan, VXLAN_HEADER } from '../../wire/index.ts';
import type { Link } from '../link/link.ts';
import { packetTypeAt } from '../link/receive.ts';
import type { NetNs } from '../netns.ts';
import { drop, newSkb, type Skb } from '../skb.ts';
import { type Vxlan, vxlansOf } from './vxlan.ts';

/** vxlan_rcv(): a datagram for the tunnel's port. What names no segment of this host ends here. */
export function receiveTunnel(ns: NetNs, skb: Skb): void {
  const { payload, src } = skb.packet as Ipv4Packet | Ipv6Packet;
  if (payload.kind !== 'udp') return;
  const header = parseVxlan(payload.data);
  const frame = header === undefined ? undefined : parseEthernet(payload.data.subarray(VXLAN_HEADER));
  if (header === undefined || frame === undefined) {
    drop(ns, skb, 'PKT_TOO_SMALL');
    return;
  }
  const vxlan = [...vxlansOf(ns)].find(
    (one) => one.config.id === header.vni && one.config.dstPort === payload.dstPort && one.family === src.family,
  );
  if (vxlan === undefined) {
    drop(ns, skb, 'VXLAN_VNI_NOT_FOUND');
    return;
  }
  const inner = newSkb(skb.id, vxlan.link, frame.payload);
  inner.dst = frame.dst;
  inner.src = frame.src;
  if (vxlan.link.ns === ns) inner.mark = skb.mark;
  comeIn(vxlan, inner, src);
}

export function countTunnelRx(link: Link, skb: Skb): void {
  link.stats.rxPackets++;
  link.stats.rxBytes += skb.length;
}

/** The frame that came out of the tunnel, from the far end `src`. */
export function comeIn(vxlan: Vxlan, skb: Skb, src: Ip): void {
  const { link } = vxlan;
  skb.dev = link;
  if (skb.src === link.mac) {
    // Its own frame came back: the tunnel loops, or the group echoes.
    drop(link.ns, skb, 'LOCAL_MAC');
    return;
  }
  if (!link.up) {
    link.stats.rxDropped++;
    drop(link.ns, skb, 'DEV_READY');
    return;
  }
  if (vxlan.config.learning && vxlan.fdb.learn(skb.src, src) === 'refused') {
    drop(link.ns, skb, 'VXLAN_ENTRY_EXISTS');
    return;
  }
  countTunnelRx(link, skb);
  skb.type = packetTypeAt(link, skb.dst);
  skb.ct = undefined;
  skb.bridged = undefined;
  skb.depth = 0;
  link.ns.kernel.backlog.enqueue(skb);
}
