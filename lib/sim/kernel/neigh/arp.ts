import { Ip, MAC_BROADCAST, MAC_ZERO, type Mac, MILLISECOND } from '../../base/index.ts';
import { ARP_REPLY, ARP_REQUEST, type ArpPacket, ICMP, type Ipv4Packet, UNREACH } from '../../wire/index.ts';
import { inSubnet, selectAddress } from '../addr/in-device.ts';
import { addressType } from '../fib/lookup4.ts';
import { sendIcmpError } from '../ip/icmp.ts';
import { isLocalAddress, routeOutput } from '../ip/route.ts';
import { routeInput } from '../ip/route-input.ts';
import type { Link } from '../link/link.ts';
import { transmit } from '../link/transmit.ts';
import { SCOPE } from '../messages.ts';
import { drop, newSkb, type Skb } from '../skb.ts';
import { createNeigh, heardFrom } from './manage.ts';
import type { Neigh, NeighOps } from './neigh.ts';

/** ARP on Ethernet (net/ipv4/arp.c): how IPv4 finds and tells link-layer addresses. */
export const arpOps: NeighOps = {
  construct(link, address) {
    if (address.isMulticast) return (0x0100_5e00_0000 + (address.v4 & 0x7f_ffff)) as Mac;
    if (link.kind.lladdr !== undefined) return link.kind.lladdr(link, address);
    if (link.noArp) return link.isLoopback ? MAC_ZERO : link.mac;
    return addressType(link.ns, address) === 'broadcast' ? MAC_BROADCAST : undefined;
  },
  solicit,
  unreachable(skb) {
    skb.type = 'host';
    if (skb.packet.kind === 'ipv4') sendIcmpError(skb, { type: ICMP.unreachable, code: UNREACH.host });
    drop(skb.dev.ns, skb, 'NEIGH_FAILED');
  },
  send(skb, lladdr) {
    skb.dst = lladdr;
    skb.src = skb.dev.mac;
    transmit(skb);
  },
};

/** arp_solicit(): the first probes go to the known address, the others to everybody. */
function solicit(neigh: Neigh, queued: Skb | undefined): void {
  const { link, address } = neigh;
  const source = sourceFor(link, address, queued);
  if (source === undefined) return;
  const unicast = neigh.probes < neigh.table.parms(link).ucast_solicit && neigh.valid;
  sendArp(
    link,
    { op: ARP_REQUEST, senderMac: link.mac, senderIp: source, targetMac: MAC_ZERO, targetIp: address },
    unicast ? (neigh.lladdr as Mac) : MAC_BROADCAST,
  );
}

/** arp_announce: 0 takes the waiting packet's source, 1 only when it is in the target's subnet, 2 never. */
function sourceFor(link: Link, target: Ip, queued: Skb | undefined): Ip | undefined {
  const announce = link.inet.max('arp_announce');
  const wanted = queued?.packet.kind === 'ipv4' ? (queued.packet as Ipv4Packet).src : undefined;
  if (wanted !== undefined && isLocalAddress(link.ns, wanted)) {
    const near = link.inet.addrs.some((a) => inSubnet(a, wanted) && inSubnet(a, target));
    if (announce === 0 || (announce === 1 && near)) return wanted;
  }
  return selectAddress(link, target, SCOPE.link);
}

function sendArp(link: Link, arp: Omit<ArpPacket, 'kind'>, to: Mac): void {
  if (link.noArp) return;
  const skb = newSkb(link.ns.kernel.packetId(), link, { kind: 'arp', ...arp });
  skb.dst = to;
  transmit(skb);
}

/** Tells the link of an address of ours (arp_notify, and what `arping -U` does). */
export function announce(link: Link, address: Ip): void {
  sendArp(
    link,
    { op: ARP_REQUEST, senderMac: link.mac, senderIp: address, targetMac: MAC_ZERO, targetIp: address },
    MAC_BROADCAST,
  );
}

/** arp_rcv() and arp_process() */
export function receiveArp(skb: Skb): void {
  const { dev } = skb;
  const { ns } = dev;
  const arp = skb.packet as ArpPacket;
  if (skb.type === 'otherhost' || dev.noArp) {
    drop(ns, skb, 'OTHERHOST');
    return;
  }
  if (
    (arp.op !== ARP_REQUEST && arp.op !== ARP_REPLY) ||
    arp.targetIp.isMulticast ||
    (arp.targetIp.isLoopback && !dev.inet.either('route_localnet'))
  ) {
    drop(ns, skb, 'ARP_IGNORED');
    return;
  }
  if (arp.senderIp === Ip.any4) {
    // Somebody asks whether the address is free (RFC 5227).
    if (arp.op === ARP_REQUEST && isLocalAddress(ns, arp.targetIp) && answers(dev, arp)) reply(dev, arp);
    return;
  }
  if (arp.op === ARP_REQUEST && handleRequest(skb, dev, arp)) return;
  learn(skb, dev, arp);
}

/** True when that was all. */
function handleRequest(skb: Skb, dev: Link, arp: ArpPacket): boolean {
  const { ns } = dev;
  const way = routeInput(dev, { src: arp.senderIp, dst: arp.targetIp, tos: 0, mark: 0 });
  if (way.kind === 'local' && way.type === 'local') {
    if (!answers(dev, arp)) {
      drop(ns, skb, 'ARP_IGNORED');
      return true;
    }
    heardFrom(ns.neigh4, dev, arp.senderIp, arp.senderMac);
    reply(dev, arp);
    return true;
  }
  if (dev.inet.conf.forwarding === 0 || way.kind !== 'forward') return false;
  const proxied = ns.neigh4.proxies.some((p) => p.address === arp.targetIp && (p.link === undefined || p.link === dev));
  const proxyArp = dev.inet.either('proxy_arp') && (way.link !== dev || dev.inet.conf.proxy_arp_pvlan !== 0);
  // Not for an address that lies behind this very device: its owner answers.
  if (!(proxied && way.link !== dev) && !proxyArp) return false;
  heardFrom(ns.neigh4, dev, arp.senderIp, arp.senderMac);
  // A proxy lets the owner answer first (proxy_delay, in 1/100 s).
  const delay = ns.kernel.random.float() * ns.neigh4.parms(dev).proxy_delay * 10 * MILLISECOND;
  ns.kernel.events.after(skb.type === 'host' ? 0 : delay, () => reply(dev, arp));
  return true;
}

/** arp_ignore and arp_filter */
function answers(dev: Link, arp: ArpPacket): boolean {
  const { ns } = dev;
  const { targetIp, senderIp } = arp;
  const here = dev.inet.addrs.find((a) => a.local === targetIp);
  switch (dev.inet.max('arp_ignore')) {
    case 0:
      break;
    case 1:
      if (here === undefined) return false;
      break;
    case 2:
      if (here === undefined || (senderIp !== Ip.any4 && !inSubnet(here, senderIp))) return false;
      break;
    case 3:
      if (here?.scope === SCOPE.host) return false;
      break;
    case 8:
      return false;
    default:
      break;
  }
  if (!dev.inet.either('arp_filter') || senderIp === Ip.any4) return true;
  const back = routeOutput(ns, { dst: senderIp, src: targetIp });
  return back.ok && back.dst.link === dev;
}

function reply(dev: Link, arp: ArpPacket): void {
  sendArp(
    dev,
    { op: ARP_REPLY, senderMac: dev.mac, senderIp: arp.targetIp, targetMac: arp.senderMac, targetIp: arp.senderIp },
    arp.senderMac,
  );
}

/** What an answer, or a request for somebody else, tells about its sender. New neighbours are not made of that, unless arp_accept says so. */
function learn(skb: Skb, dev: Link, arp: ArpPacket): void {
  const { ns } = dev;
  const gratuitous =
    arp.targetIp === arp.senderIp &&
    (arp.op === ARP_REQUEST || arp.targetMac === arp.senderMac || arp.targetMac === MAC_ZERO);
  let neigh = ns.neigh4.lookup(dev, arp.senderIp);
  if (
    neigh === undefined &&
    dev.inet.max('arp_accept') !== 0 &&
    (gratuitous || (arp.op === ARP_REPLY && addressType(ns, arp.senderIp) === 'unicast'))
  ) {
    neigh = createNeigh(ns.neigh4, dev, arp.senderIp);
  }
  if (neigh === undefined || (gratuitous && dev.inet.either('drop_gratuitous_arp'))) return;
  // An entry that was just told is not overwritten by the next answer (locktime).
  const override =
    ns.kernel.events.now > neigh.updated + ns.neigh4.parms(dev).locktime * 10 * MILLISECOND || gratuitous;
  const proven = arp.op === ARP_REPLY && skb.type === 'host';
  neigh.update(arp.senderMac, proven ? 'REACHABLE' : 'STALE', { override });
}
