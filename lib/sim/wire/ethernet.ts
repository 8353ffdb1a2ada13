import { formatMac, type Mac, macBytes, macFromBytes } from '../base/index.ts';
import { type ArpPacket, arpLength, describeArp, emitArp, parseArp } from './arp.ts';
import { get16, put16 } from './bytes.ts';
import { describeIpv4, emitIpv4, type Ipv4Packet, ipv4Length, parseIpv4 } from './ipv4.ts';
import { describeIpv6, emitIpv6, type Ipv6Packet, ipv6Length, parseIpv6 } from './ipv6.ts';

/**
 * Ethernet II frames (IEEE 802.3), without preamble and check sequence, as a capture shows them.
 *
 *   | destination 6 | source 6 | type 2 | payload |
 */
export type EthernetFrame = {
  readonly dst: Mac;
  readonly src: Mac;
  readonly payload: EthernetPayload;
};

export type EthernetPayload = ArpPacket | Ipv4Packet | Ipv6Packet | VlanPayload | UnknownPayload;

/** IEEE 802.1Q: | tag protocol 2 | priority 3 bits, drop eligible 1, VLAN id 12 | type 2 | payload |. 802.1ad has another protocol. */
export type VlanPayload = {
  readonly kind: 'vlan';
  readonly tpid: number;
  readonly tci: number;
  readonly payload: EthernetPayload;
};

/** A type that nothing here speaks, or a payload that did not parse. */
export type UnknownPayload = { readonly kind: 'unknown'; readonly ethertype: number; readonly bytes: Uint8Array };

export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd, vlan: 0x8100, qinq: 0x88a8 } as const;

export const ETHERNET_HEADER = 14;

export function ethertypeOf(payload: EthernetPayload): number {
  if (payload.kind === 'unknown') return payload.ethertype;
  return payload.kind === 'vlan' ? payload.tpid : ETHERTYPE[payload.kind];
}

/** Tells VLANs apart: the tag's protocol and id. */
export const vlanKey = ({ tpid, tci }: { readonly tpid: number; readonly tci: number }): number =>
  tpid * 4096 + (tci & 0xfff);

export const VLAN_HEADER = 4;

/** Bytes behind the Ethernet header: what the MTU limits. An outer VLAN tag counts as part of the header, as in the kernel. */
export function payloadLength(payload: EthernetPayload): number {
  switch (payload.kind) {
    case 'ipv4':
      return ipv4Length(payload);
    case 'arp':
      return arpLength(payload);
    case 'ipv6':
      return ipv6Length(payload);
    case 'vlan':
      return (payload.payload.kind === 'vlan' ? VLAN_HEADER : 0) + payloadLength(payload.payload);
    case 'unknown':
      return payload.bytes.length;
  }
}

/** undefined: shorter than the header. */
export function parseEthernet(b: Uint8Array): EthernetFrame | undefined {
  if (b.length < ETHERNET_HEADER) return undefined;
  return {
    dst: macFromBytes(b, 0),
    src: macFromBytes(b, 6),
    payload: parseEthernetPayload(get16(b, 12), b.slice(ETHERNET_HEADER)),
  };
}

export function parseEthernetPayload(ethertype: number, body: Uint8Array): EthernetPayload {
  if ((ethertype === ETHERTYPE.vlan || ethertype === ETHERTYPE.qinq) && body.length >= VLAN_HEADER) {
    const payload = parseEthernetPayload(get16(body, 2), body.slice(VLAN_HEADER));
    return { kind: 'vlan', tpid: ethertype, tci: get16(body, 0), payload };
  }
  const known =
    ethertype === ETHERTYPE.ipv4
      ? parseIpv4(body)
      : ethertype === ETHERTYPE.arp
        ? parseArp(body)
        : ethertype === ETHERTYPE.ipv6
          ? parseIpv6(body)
          : undefined;
  return known ?? { kind: 'unknown', ethertype, bytes: body };
}

export function emitEthernetPayload(payload: EthernetPayload): Uint8Array {
  switch (payload.kind) {
    case 'ipv4':
      return emitIpv4(payload);
    case 'arp':
      return emitArp(payload);
    case 'ipv6':
      return emitIpv6(payload);
    case 'vlan': {
      const inner = emitEthernetPayload(payload.payload);
      const b = new Uint8Array(VLAN_HEADER + inner.length);
      put16(b, 0, payload.tci);
      put16(b, 2, ethertypeOf(payload.payload));
      b.set(inner, VLAN_HEADER);
      return b;
    }
    case 'unknown':
      return payload.bytes;
  }
}

export function emitEthernet(frame: EthernetFrame): Uint8Array {
  const body = emitEthernetPayload(frame.payload);
  const b = new Uint8Array(ETHERNET_HEADER + body.length);
  b.set(macBytes(frame.dst), 0);
  b.set(macBytes(frame.src), 6);
  put16(b, 12, ethertypeOf(frame.payload));
  b.set(body, ETHERNET_HEADER);
  return b;
}

export function describePayload(payload: EthernetPayload): string {
  switch (payload.kind) {
    case 'ipv4':
      return describeIpv4(payload);
    case 'arp':
      return describeArp(payload);
    case 'ipv6':
      return describeIpv6(payload);
    case 'vlan':
      return `vlan ${payload.tci & 0xfff} ${describePayload(payload.payload)}`;
    case 'unknown':
      return `ethertype 0x${payload.ethertype.toString(16).padStart(4, '0')} length ${payload.bytes.length}`;
  }
}

export const describeEthernet = (f: EthernetFrame): string =>
  `${formatMac(f.src)} > ${formatMac(f.dst)} ${describePayload(f.payload)}`;
