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

export type EthernetPayload = ArpPacket | Ipv4Packet | Ipv6Packet | UnknownPayload;

/** A type that nothing here speaks, or a payload that did not parse. */
export type UnknownPayload = { readonly kind: 'unknown'; readonly ethertype: number; readonly bytes: Uint8Array };

export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

export const ETHERNET_HEADER = 14;

export function ethertypeOf(payload: EthernetPayload): number {
  return payload.kind === 'unknown' ? payload.ethertype : ETHERTYPE[payload.kind];
}

/** Bytes behind the Ethernet header: what the MTU limits. */
export function payloadLength(payload: EthernetPayload): number {
  switch (payload.kind) {
    case 'ipv4':
      return ipv4Length(payload);
    case 'arp':
      return arpLength(payload);
    case 'ipv6':
      return ipv6Length(payload);
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
    case 'unknown':
      return `ethertype 0x${payload.ethertype.toString(16).padStart(4, '0')} length ${payload.bytes.length}`;
  }
}

export const describeEthernet = (f: EthernetFrame): string =>
  `${formatMac(f.src)} > ${formatMac(f.dst)} ${describePayload(f.payload)}`;
