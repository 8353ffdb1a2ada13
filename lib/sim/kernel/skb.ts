import type { Mac } from '../base/index.ts';
import { type DropReason, dropCode, EVENT_CODE, type PacketRef } from '../trace/index.ts';
import { ETHERNET_HEADER, type EthernetPayload, payloadLength } from '../wire/index.ts';
import type { CtRef } from './ct-ref.ts';
import type { Link } from './link/link.ts';
import type { NetNs } from './netns.ts';

/**
 * A packet on its way through a kernel (struct sk_buff): a frame's fields, and what the kernel notes beside it.
 * `packet` never changes in place, so a clone is shallow; whoever alters a packet puts a new one here.
 */
export type Skb = {
  /** The same for all copies of one packet, along its whole way. */
  readonly id: number;
  dst: Mac;
  src: Mac;
  packet: EthernetPayload;
  /** Length of `packet`; the frame is ETHERNET_HEADER longer. */
  length: number;
  /** A packet of several TCP segments that a device will cut (gso_size): what it has above its longest segment. */
  excess: number;
  /** The device it came in on, or goes out by. */
  dev: Link;
  type: PacketType;
  mark: number;
  /** Its connection, once connection tracking saw it. */
  ct: CtRef | undefined;
  /**
   * The bridge ports that it passes while IP's netfilter sees it. `resume`: its sender, where the bridge itself looks up the
   * MAC address of a new destination; then the frame goes on from its port (nf_bridge->bridged_dnat).
   */
  bridged: { readonly from: Link; to: Link | undefined; readonly resume?: Mac } | undefined;
  /** Devices passed without the backlog between them (stacked devices): bounded. */
  depth: number;
};

/** To whom a frame is addressed (PACKET_* of packet(7)); 'loopback' is this host's copy of what it sends to many. */
export type PacketType = 'host' | 'broadcast' | 'multicast' | 'otherhost' | 'outgoing' | 'loopback';

export function newSkb(id: number, dev: Link, packet: EthernetPayload): Skb {
  return {
    id,
    dst: 0 as Mac,
    src: dev.mac,
    packet,
    length: payloadLength(packet),
    excess: 0,
    dev,
    type: 'host',
    mark: 0,
    ct: undefined,
    bridged: undefined,
    depth: 0,
  };
}

export const cloneSkb = (skb: Skb): Skb => ({ ...skb });

/** Puts an altered packet in. */
export function setPacket(skb: Skb, packet: EthernetPayload): void {
  skb.packet = packet;
  skb.length = payloadLength(packet);
}

/** As the device counts it: with its header, without a VLAN tag, which travels beside the frame. */
export const frameLength = (skb: Skb): number => skb.length + (skb.dev.kind.header ?? ETHERNET_HEADER);

/** What must fit into an MTU: the packet, or the longest segment of it (skb_gso_network_seglen). */
export const segmentLength = (skb: Skb): number => skb.length - skb.excess;

export const packetRef = (skb: Skb): PacketRef => ({
  id: skb.id,
  src: skb.src,
  dst: skb.dst,
  payload: skb.packet,
  length: frameLength(skb),
});

/** The end of a packet, with its reason (kfree_skb_reason). */
export function drop(ns: NetNs, skb: Skb, reason: DropReason): void {
  const { trace } = ns.kernel;
  trace.fold(EVENT_CODE.drop, ns.number, dropCode(reason), skb.dev.ifindex, skb.id);
  if (trace.live) {
    trace.publish({
      type: 'drop',
      at: trace.now,
      node: ns.kernel.name,
      netns: ns.inode,
      reason,
      dev: skb.dev.name,
      packet: packetRef(skb),
    });
  }
}
