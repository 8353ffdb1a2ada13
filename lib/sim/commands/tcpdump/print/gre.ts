import type { Dissection } from './dissection.ts';

const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x8000, 'checksum present'],
  [0x4000, 'routing present'],
  [0x2000, 'key present'],
  [0x1000, 'sequence# present'],
  [0x0800, 'source routing present'],
];

/** gre_print() of print-gre.c: version 0, with IP inside. */
export function printGre(d: Dissection, at: number, length: number): void {
  d.protocol = 'gre';
  const flags = d.u16(at);
  const type = d.u16(at + 2);
  d.print(`GREv${flags & 7}`);
  if (d.options.verbose > 0) {
    const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
    d.print(`, Flags [${names.join(', ') || 'none'}]`);
  }
  let inner = at + 4;
  if ((flags & 0xc000) !== 0) {
    d.print(`, sum 0x${d.u16(inner).toString(16)}, off 0x${d.u16(inner + 2).toString(16)}`);
    inner += 4;
  }
  if ((flags & 0x2000) !== 0) {
    d.print(`, key=0x${d.u32(inner).toString(16)}`);
    inner += 4;
  }
  if ((flags & 0x1000) !== 0) {
    d.print(`, seq ${d.u32(inner)}`);
    inner += 4;
  }
  if (d.options.linkHeader)
    d.print(`, proto ${type === 0x86dd ? 'IPv6' : 'IPv4'} (0x${type.toString(16).padStart(4, '0')})`);
  d.print(`, length ${length}${d.options.verbose > 0 ? '\n    ' : ': '}`);
  const rest = length - (inner - at);
  if (type === 0x0800) d.network.ip4(d, inner, rest);
  else if (type === 0x86dd) d.network.ip6(d, inner, rest);
  else d.print(`gre-proto-0x${type.toString(16)}`);
}
