import { formatMac, Ip, type Mac, macBytes, macFromBytes } from '../base/index.ts';
import { get16, put16 } from './bytes.ts';

/**
 * Address resolution for IPv4 on Ethernet (RFC 826): hardware type 1, protocol 0x0800, lengths 6 and 4.
 *
 *   | htype 2 | ptype 2 | 6 | 4 | op 2 | sender MAC 6 | sender IP 4 | target MAC 6 | target IP 4 |
 */
export type ArpPacket = {
  readonly kind: 'arp';
  readonly op: number;
  readonly senderMac: Mac;
  readonly senderIp: Ip;
  readonly targetMac: Mac;
  readonly targetIp: Ip;
  /** Zero bytes behind it, as some senders fill frames up; absent: none. */
  readonly padding?: number;
};

export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;
export const ARP_LENGTH = 28;

export const arpLength = (arp: ArpPacket): number => ARP_LENGTH + (arp.padding ?? 0);

/** undefined: too short, or not IPv4 on Ethernet. */
export function parseArp(b: Uint8Array): ArpPacket | undefined {
  if (b.length < ARP_LENGTH || get16(b, 0) !== 1 || get16(b, 2) !== 0x0800 || b[4] !== 6 || b[5] !== 4)
    return undefined;
  return {
    kind: 'arp',
    op: get16(b, 6),
    senderMac: macFromBytes(b, 8),
    senderIp: Ip.fromBytes(b.subarray(14, 18)),
    targetMac: macFromBytes(b, 18),
    targetIp: Ip.fromBytes(b.subarray(24, 28)),
    ...(b.length > ARP_LENGTH && { padding: b.length - ARP_LENGTH }),
  };
}

export function emitArp(arp: ArpPacket): Uint8Array {
  const b = new Uint8Array(arpLength(arp));
  put16(b, 0, 1);
  put16(b, 2, 0x0800);
  b[4] = 6;
  b[5] = 4;
  put16(b, 6, arp.op);
  b.set(macBytes(arp.senderMac), 8);
  b.set(arp.senderIp.bytes, 14);
  b.set(macBytes(arp.targetMac), 18);
  b.set(arp.targetIp.bytes, 24);
  return b;
}

export function describeArp(arp: ArpPacket): string {
  if (arp.op === ARP_REQUEST) return `ARP who has ${arp.targetIp}? tell ${arp.senderIp}`;
  if (arp.op === ARP_REPLY) return `ARP ${arp.senderIp} is at ${formatMac(arp.senderMac)}`;
  return `ARP operation ${arp.op}`;
}
