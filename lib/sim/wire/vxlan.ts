import { get32, put32 } from './bytes.ts';

/**
 * Virtual eXtensible LAN (RFC 7348): an Ethernet frame in a UDP datagram.
 *
 *   | flags 1 | reserved 3 | network identifier 3 | reserved 1 | Ethernet frame |
 */
export type VxlanHeader = { readonly vni: number; readonly flags: number };

export const VXLAN_HEADER = 8;
/** The I flag: the identifier is valid. */
const HAS_VNI = 0x08;

/** undefined: shorter than the header, or without an identifier. */
export function parseVxlan(b: Uint8Array): VxlanHeader | undefined {
  const flags = b[0] ?? 0;
  if (b.length < VXLAN_HEADER || (flags & HAS_VNI) === 0) return undefined;
  return { flags, vni: get32(b, 4) >>> 8 };
}

export function emitVxlan(vni: number, frame: Uint8Array): Uint8Array {
  const b = new Uint8Array(VXLAN_HEADER + frame.length);
  b[0] = HAS_VNI;
  put32(b, 4, vni * 256);
  b.set(frame, VXLAN_HEADER);
  return b;
}
