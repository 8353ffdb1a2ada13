import type { Micros } from '../../base/index.ts';
import { ETHERNET_HEADER, emitEthernet, emitEthernetPayload, ethertypeOf, VLAN_HEADER } from '../../wire/index.ts';
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';
import type { PacketType, Skb } from '../skb.ts';

/** A packet socket's ear at one device, or at all of a namespace. */
export type Tap = { readonly onFrame: (frame: TappedFrame) => void; readonly onGone: (() => void) | undefined };

/** One frame as a packet socket (packet(7), SOCK_RAW) gets it. */
export type TappedFrame = {
  readonly at: Micros;
  readonly ifindex: number;
  readonly direction: 'in' | 'out';
  /** sll_pkttype. libpcap leaves 'outgoing' out on lo, where every frame is seen twice. */
  readonly packetType: PacketType;
  /** Bytes of the frame from its Ethernet header, where the device has one. */
  readonly length: number;
  /** The device has no link-layer header: `bytes` begin with what `ethertype` says. */
  readonly headless: boolean;
  readonly ethertype: number;
  /** The frame itself, checksums and all; made when asked for. */
  readonly bytes: () => Uint8Array;
};

export type TapOptions = {
  /** 0: all devices of the namespace. */
  readonly ifindex: number;
  /** PACKET_MR_PROMISC */
  readonly promiscuous?: boolean;
  readonly onFrame: (frame: TappedFrame) => void;
  /** The device was deleted, or moved to another namespace: no more frames will come. */
  readonly onGone?: () => void;
};

/** Opens a packet socket. Closing it twice is harmless. */
export function openTap(ns: NetNs, options: TapOptions): { close(): void } {
  const tap: Tap = { onFrame: options.onFrame, onGone: options.onGone };
  const link = options.ifindex === 0 ? undefined : ns.linkByIndex(options.ifindex);
  const list = link === undefined ? ns.taps : link.taps;
  list.push(tap);
  const promiscuous = options.promiscuous === true && link !== undefined;
  if (promiscuous) link.promiscuity++;
  return {
    close() {
      const at = list.indexOf(tap);
      if (at === -1) return;
      list.splice(at, 1);
      if (promiscuous) link.promiscuity--;
    },
  };
}

/** The device leaves its namespace: its packet sockets hear no more of it. */
export function dropTaps(link: Link): void {
  for (const tap of link.taps.splice(0)) tap.onGone?.();
}

/** Shows a frame to whoever listens. Preconditions: somebody does; no copy of what this host sends to many. */
export function tapFrame(link: Link, skb: Skb, direction: 'in' | 'out'): void {
  const { dst, src, packet } = skb;
  const headless = link.kind.header === 0;
  const frame: TappedFrame = {
    at: link.ns.kernel.events.now,
    ifindex: link.ifindex,
    direction,
    packetType: direction === 'out' ? 'outgoing' : skb.type,
    length: skb.length + (headless ? 0 : ETHERNET_HEADER) + (packet.kind === 'vlan' ? VLAN_HEADER : 0),
    headless,
    ethertype: ethertypeOf(packet),
    bytes: () => (headless ? emitEthernetPayload(packet) : emitEthernet({ dst, src, payload: packet })),
  };
  for (const tap of [...link.taps, ...link.ns.taps]) tap.onFrame(frame);
}
