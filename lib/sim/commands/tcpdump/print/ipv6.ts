import type { Dissection } from './dissection.ts';
import { IP_PROTOCOL_NAMES, printTransport } from './transport.ts';

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;

/** IPv6 (ip6_print() of print-ip6.c) */
export function printIpv6(d: Dissection, at: number, length: number): void {
  d.protocol = 'ip6';
  d.need(at, 40);
  if (length < 40) return d.print(`truncated-ip6 ${length}`);
  if (!d.options.linkHeader) d.print('IP6 ');
  const version = d.u8(at) >>> 4;
  if (version !== 6) return d.print(`version error: ${version} != 6`);
  const payload = d.u16(at + 4);
  if (length < payload + 40) d.print(`truncated-ip6 - ${payload + 40 - length} bytes missing!`);
  if (d.options.verbose > 0) printHeader(d, at, payload);
  const end = d.end;
  d.end = Math.min(d.end, at + 40 + payload);
  printChain(d, at, payload);
  d.end = end;
}

function printHeader(d: Dissection, at: number, payload: number): void {
  const first = d.u32(at);
  const trafficClass = (first >>> 20) & 0xff;
  const label = first & 0xfffff;
  const next = d.u8(at + 6);
  d.print('(');
  if (trafficClass !== 0) d.print(`class 0x${trafficClass.toString(16).padStart(2, '0')}, `);
  if (label !== 0) d.print(`flowlabel 0x${label.toString(16).padStart(5, '0')}, `);
  d.print(
    `hlim ${d.u8(at + 7)}, next-header ${IP_PROTOCOL_NAMES[next] ?? 'unknown'} (${next}) payload length: ${payload}) `,
  );
}

/** The extension headers, each of which names the next, then the payload. */
function printChain(d: Dissection, at: number, payload: number): void {
  let next = d.u8(at + 6);
  let cursor = at + 40;
  let left = payload;
  let fragmented = false;
  if (next !== 6 && next !== 17 && next !== 132) d.print(`${d.host6(at + 8)} > ${d.host6(at + 24)}: `);
  for (;;) {
    if (next === HOP_BY_HOP || next === DESTINATION_OPTIONS) {
      const size = (d.u8(cursor + 1) + 1) * 8;
      d.print(next === HOP_BY_HOP ? 'HBH ' : 'DSTOPT ');
      printOptions(d, cursor + 2, size - 2);
      [next, cursor, left] = [d.u8(cursor), cursor + size, left - size];
    } else if (next === FRAGMENT) {
      const info = d.u16(cursor + 2);
      const identification =
        d.options.verbose > 0
          ? `0x${d
              .u32(cursor + 4)
              .toString(16)
              .padStart(8, '0')}:`
          : '';
      d.print(`frag (${identification}${info & 0xfff8}|${left - 8}) `);
      if ((info & 0xfff8) !== 0) return;
      fragmented = true;
      [next, cursor, left] = [d.u8(cursor), cursor + 8, left - 8];
    } else if (next === ROUTING) {
      const size = (d.u8(cursor + 1) + 1) * 8;
      d.print(`srcrt (len=${d.u8(cursor + 1)}, type=${d.u8(cursor + 2)}, segleft=${d.u8(cursor + 3)}) `);
      [next, cursor, left] = [d.u8(cursor), cursor + size, left - size];
    } else return printTransport(d, { ip: at, at: cursor, length: left, protocol: next, version: 6, fragmented });
    d.protocol = 'ip6';
  }
}

/** ip6_opt_print(): shown with -v only. */
function printOptions(d: Dissection, at: number, length: number): void {
  if (d.options.verbose === 0) return;
  for (let i = 0; i < length; ) {
    const type = d.u8(at + i);
    if (type === 0) {
      d.print('(pad1) ');
      i++;
      continue;
    }
    const size = d.u8(at + i + 1);
    if (type === 1) d.print('(padn) ');
    else if (type === 5)
      d.print(
        `(rtalert: 0x${d
          .u16(at + i + 2)
          .toString(16)
          .padStart(4, '0')}) `,
      );
    else d.print(`(opt_type 0x${type.toString(16).padStart(2, '0')}: len=${size}) `);
    i += 2 + size;
  }
}
