import { hex4, shouldBe, transportSum } from './checksum.ts';
import type { Dissection } from './dissection.ts';
import { isDomain, printDomain } from './domain.ts';
import { overlayOf, printOverlay } from './overlay.ts';
import type { Segment } from './transport.ts';

/** UDP's header and length, or what of its payload is known here. */
export function printUdp(d: Dissection, { ip, at, length, version, fragmented }: Segment): void {
  d.protocol = 'udp';
  const [source, destination] =
    version === 4 ? [d.host4(ip + 12), d.host4(ip + 16)] : [d.host6(ip + 8), d.host6(ip + 24)];
  if (!d.has(at, 4)) {
    d.print(`${source} > ${destination}: `);
    return d.truncated();
  }
  d.print(`${source}.${d.port(d.u16(at), 'udp')} > ${destination}.${d.port(d.u16(at + 2), 'udp')}: `);
  d.need(at, 8);
  if (length < 8) return d.print(`truncated-udp ${length}`);
  const size = d.u16(at + 4);
  if (size < 8) return d.print(`truncated-udplength ${size}`);
  const { verbose } = d.options;
  if (verbose > (version === 4 ? 1 : 0) && !fragmented) {
    const field = d.u16(at + 6);
    if (field === 0 && version === 4) d.print('[no cksum] ');
    else if (d.has(at, Math.min(length, size))) {
      const sum = transportSum(d, ip, at, Math.min(length, size), 17);
      d.print(sum === 0 ? '[udp sum ok] ' : `[bad udp cksum ${hex4(field)} -> ${hex4(shouldBe(field, sum))}!] `);
    }
  }
  const overlay = d.options.quiet ? undefined : overlayOf(d.u16(at), d.u16(at + 2));
  if (overlay !== undefined) return printOverlay(d, at + 8, size - 8, overlay);
  if (!d.options.quiet && isDomain(d.u16(at), d.u16(at + 2)) && d.available(at + 8, size - 8) >= 12) {
    return printDomain(d, at + 8, size - 8);
  }
  d.print(`UDP, length ${size - 8}`);
}
