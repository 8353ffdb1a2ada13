import { isMulticastMac } from '../../base/index.ts';
import type { Ipv4Packet, Ipv6Packet } from '../../wire/index.ts';
import { output } from '../ip/output.ts';
import { pathMtu, routeOutput } from '../ip/route.ts';
import { output6 } from '../ip6/output.ts';
import { pathMtu6, routeOutput6 } from '../ip6/route.ts';
import type { Link } from '../link/link.ts';
import { packetTypeAt, receive } from '../link/receive.ts';
import { countRx, countTx, transmit as transmitOn } from '../link/transmit.ts';
import { cloneSkb, drop, type Skb } from '../skb.ts';
import { type IpvlanPort, ownerOf, portOf } from './port.ts';

/** ipvlan_queue_xmit() */
export function transmit(link: Link, skb: Skb): void {
  const port = portOf(link);
  countTx(link, skb);
  if (port.mode === 'l2') transmitL2(port, link, skb);
  else transmitL3(port, skb);
}

function transmitL2(port: IpvlanPort, link: Link, skb: Skb): void {
  if (isMulticastMac(skb.dst)) {
    // To the siblings, and out; the device underneath never hears its own.
    for (const other of port.flag === 'vepa' ? [] : port.all) if (other !== link) give(other, cloneSkb(skb));
  } else if (port.flag !== 'vepa' && skb.dst === skb.src) {
    const owner = ownerOf(port, skb.packet);
    if (owner !== undefined && port.flag === 'private') drop(link.ns, skb, 'OTHERHOST');
    else give(owner ?? port.lower, skb);
    return;
  }
  skb.dev = port.lower;
  transmitOn(skb);
}

/** The namespace of the device underneath routes, out by that device. */
function transmitL3(port: IpvlanPort, skb: Skb): void {
  const owner = port.flag === 'vepa' ? undefined : ownerOf(port, skb.packet);
  if (owner !== undefined) {
    if (port.flag === 'private') drop(owner.ns, skb, 'OTHERHOST');
    else give(owner, skb);
    return;
  }
  const { lower } = port;
  const { ns } = lower;
  const { packet } = skb;
  skb.ct = undefined;
  if (packet.kind === 'ipv4') send4(skb, packet);
  else if (packet.kind === 'ipv6') send6(skb, packet);
  else drop(ns, skb, 'UNHANDLED_PROTO');

  function send4(out: Skb, { dst, tos }: Ipv4Packet): void {
    const way = routeOutput(ns, { dst, oif: lower.ifindex, tos: tos & 0x1c, mark: out.mark });
    if (way.ok) output(ns, out, way.dst.link, way.dst.gateway ?? dst, pathMtu(way.dst), undefined);
    else drop(ns, out, 'IP_OUTNOROUTES');
  }

  function send6(out: Skb, { dst }: Ipv6Packet): void {
    const way = routeOutput6(ns, { dst, src: undefined, oif: lower.ifindex, mark: out.mark });
    if (way.ok) output6(ns, out, way.dst.link, way.dst.gateway ?? dst, pathMtu6(way.dst), undefined);
    else drop(ns, out, 'IP_OUTNOROUTES');
  }
}

/** dev_forward_skb(): as if it had come in there. */
function give(dev: Link, skb: Skb): void {
  if (!dev.up) {
    drop(dev.ns, skb, 'DEV_READY');
    return;
  }
  if (dev.ns !== skb.dev.ns) skb.mark = 0;
  skb.dev = dev;
  skb.type = skb.packet.kind !== 'arp' && !isMulticastMac(skb.dst) ? 'host' : packetTypeAt(dev, skb.dst);
  skb.ct = undefined;
  skb.bridged = undefined;
  skb.depth = 0;
  countRx(dev, skb);
  dev.ns.kernel.backlog.enqueue(skb);
}

/** ipvlan_handle_frame(): what comes in on the device underneath. */
export function handleFrame(port: IpvlanPort, skb: Skb): 'consumed' | 'pass' {
  if (isMulticastMac(skb.dst)) {
    // Whose sender shares the address was told when it was sent.
    if (port.mode === 'l2' && skb.src !== port.lower.mac) for (const link of port.all) give(link, cloneSkb(skb));
    if (port.mode === 'l2') return 'pass';
  }
  const owner = ownerOf(port, skb.packet);
  if (owner === undefined) return 'pass';
  if (owner.ns !== skb.dev.ns) {
    skb.mark = 0;
    skb.ct = undefined;
  }
  skb.dev = owner;
  skb.type = isMulticastMac(skb.dst) ? skb.type : 'host';
  countRx(owner, skb);
  receive(skb);
  return 'consumed';
}
