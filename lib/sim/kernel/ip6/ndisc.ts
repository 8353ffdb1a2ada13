import { Ip, MAC_ZERO } from '../../base/index.ts';
import {
  type Icmpv6Message,
  type Ipv6Packet,
  isNeighborAdvertisement,
  isNeighborSolicitation,
  linkLayerOption,
  type NdOption,
  type NeighborAdvertisement,
  type NeighborSolicitation,
  UNREACH6,
} from '../../wire/index.ts';
import { failDad, linkLocalAddress } from '../addr/dad.ts';
import type { Link } from '../link/link.ts';
import { transmit } from '../link/transmit.ts';
import { findOrCreate } from '../neigh/manage.ts';
import type { Neigh, NeighOps } from '../neigh/neigh.ts';
import { drop, type Skb } from '../skb.ts';
import { ALL_NODES, groupMac, solicitedNode } from './address.ts';
import { sendIcmpv6Error } from './icmp.ts';
import { isLocalAddress6 } from './route.ts';
import { sendNd } from './send-nd.ts';

/** Neighbour discovery (RFC 4861, net/ipv6/ndisc.c): what ARP is to IPv4. */
export const ndiscOps: NeighOps = {
  construct(link, address) {
    if (address.isMulticast) return groupMac(address);
    return link.noArp ? (link.isLoopback ? MAC_ZERO : link.mac) : undefined;
  },
  solicit,
  unreachable(skb) {
    skb.type = 'host';
    if (skb.packet.kind === 'ipv6') sendIcmpv6Error(skb, { type: 1, code: UNREACH6.address });
    drop(skb.dev.ns, skb, 'NEIGH_FAILED');
  },
  send(skb, lladdr) {
    skb.dst = lladdr;
    skb.src = skb.dev.mac;
    transmit(skb);
  },
};

/** ndisc_solicit(): the first probes go to the neighbour itself, the others to its solicited-node group. */
function solicit(neigh: Neigh, queued: Skb | undefined): void {
  const { link, address } = neigh;
  const wanted = queued?.packet.kind === 'ipv6' ? (queued.packet as Ipv6Packet).src : undefined;
  const source = wanted !== undefined && isLocalAddress6(link.ns, wanted) ? wanted : linkLocalAddress(link);
  if (source === undefined) return;
  const unicast = neigh.probes < neigh.table.parms(link).ucast_solicit && neigh.valid;
  const to = unicast ? address : solicitedNode(address);
  const message: NeighborSolicitation = {
    kind: 'icmp6',
    type: 135,
    code: 0,
    target: address,
    options: [{ type: 1, mac: link.mac }],
  };
  sendNd(link, source, to, message, unicast ? neigh.lladdr : undefined);
}

/** Whether it was a message of neighbour discovery. Those count only when no router forwarded them. */
export function receiveNdisc(skb: Skb, message: Icmpv6Message): boolean {
  if (!isNeighborSolicitation(message) && !isNeighborAdvertisement(message)) return false;
  const packet = skb.packet as Ipv6Packet;
  if (packet.hopLimit !== 255 || message.code !== 0 || message.target.isMulticast) drop(skb.dev.ns, skb, 'IP_INHDR');
  else if (isNeighborSolicitation(message)) receiveSolicitation(skb, packet, message);
  else receiveAdvertisement(skb, packet, message);
  return true;
}

/** ndisc_recv_ns() */
function receiveSolicitation(skb: Skb, packet: Ipv6Packet, message: NeighborSolicitation): void {
  const { dev } = skb;
  const probe = packet.src === Ip.any6;
  const own = dev.inet6?.addrs.find((a) => a.local === message.target);
  if (own?.tentative === true) {
    // Two hosts probe for one address: neither gets it. Our own probe coming back says nothing.
    const nonce = nonceOf(message.options);
    const ours = nonce !== undefined && own.nonce !== undefined && nonce.every((byte, i) => byte === own.nonce?.[i]);
    if (probe && !ours) failDad(own);
    return;
  }
  if (own === undefined && !proxies(dev, message.target)) {
    drop(dev.ns, skb, 'ARP_IGNORED');
    return;
  }
  const solicited = !probe;
  if (solicited) {
    const lladdr = linkLayerOption(message.options, 1);
    if (lladdr !== undefined)
      findOrCreate(dev.ns.neigh6, dev, packet.src)?.update(lladdr, 'STALE', { override: true, weakOverride: true });
  }
  advertise(dev, solicited ? packet.src : ALL_NODES, message.target, {
    solicited,
    override: own !== undefined && (packet.dst.isMulticast || !solicited),
    withAddress: packet.dst.isMulticast || !solicited,
  });
}

const nonceOf = (options: readonly NdOption[]): Uint8Array | undefined =>
  options.map((o) => (o.type === 14 && o.mac === undefined ? o.bytes : undefined)).find((b) => b !== undefined);

const proxies = (dev: Link, target: Ip): boolean =>
  dev.inet6 !== undefined &&
  (dev.inet6.conf.proxy_ndp !== 0 || dev.ns.conf6.all.proxy_ndp !== 0) &&
  dev.inet6.conf.forwarding !== 0 &&
  dev.ns.neigh6.proxies.some((p) => p.address === target && (p.link === undefined || p.link === dev));

function advertise(
  dev: Link,
  to: Ip,
  target: Ip,
  how: { solicited: boolean; override: boolean; withAddress: boolean },
): void {
  const message: NeighborAdvertisement = {
    kind: 'icmp6',
    type: 136,
    code: 0,
    router: dev.inet6?.conf.forwarding !== 0,
    solicited: how.solicited,
    override: how.override,
    target,
    options: how.withAddress ? [{ type: 2, mac: dev.mac }] : [],
  };
  sendNd(dev, target, to, message);
}

/** ndisc_recv_na() */
function receiveAdvertisement(skb: Skb, packet: Ipv6Packet, message: NeighborAdvertisement): void {
  const { dev } = skb;
  if (packet.dst.isMulticast && message.solicited) return;
  const own = dev.inet6?.addrs.find((a) => a.local === message.target);
  if (own !== undefined) {
    if (own.tentative) failDad(own);
    return;
  }
  const neigh = dev.ns.neigh6.lookup(dev, message.target);
  if (neigh === undefined || neigh.state === 'FAILED') return;
  const flags = { weakOverride: true, override: message.override, router: message.router };
  neigh.update(linkLayerOption(message.options, 2), message.solicited ? 'REACHABLE' : 'STALE', flags);
}
