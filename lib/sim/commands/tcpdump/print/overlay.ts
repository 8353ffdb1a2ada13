import type { Dissection } from './dissection.ts';

export type Overlay = 'VXLAN' | 'OTV';

/** IANA's port of VXLAN, and of OTV, which Linux' VXLAN takes when nobody names one: tcpdump decides by the port alone. */
const PORTS: Readonly<Record<number, Overlay>> = { 4789: 'VXLAN', 8472: 'OTV' };

export const overlayOf = (source: number, destination: number): Overlay | undefined =>
  PORTS[destination] ?? PORTS[source];

/** vxlan_print(), otv_print(): the header, and the frame inside on a line of its own. */
export function printOverlay(d: Dissection, at: number, length: number, overlay: Overlay): void {
  const name = overlay.toLowerCase();
  d.protocol = name;
  d.print(`${overlay}, `);
  if (length < 8) return d.print(' (invalid)');
  d.need(at, 8);
  const flags = d.u8(at);
  d.print(`flags [${(flags & 0x08) !== 0 ? 'I' : '.'}] (0x${flags.toString(16).padStart(2, '0')}), `);
  const id = d.u32(at + 4) >>> 8;
  d.print(overlay === 'VXLAN' ? `vni ${id}\n` : `overlay ${d.u32(at) & 0xff_ffff}, instance ${id}\n`);
  d.network.ether(d, at + 8, length - 8);
}
