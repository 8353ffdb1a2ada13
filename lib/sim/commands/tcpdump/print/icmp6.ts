import { hex4, shouldBe, transportSum } from './checksum.ts';
import type { Dissection } from './dissection.ts';
import type { Segment } from './transport.ts';

const TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded in-transit',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbor solicitation',
  136: 'neighbor advertisement',
  137: 'redirect',
  143: 'multicast listener report v2',
};
const NEIGHBOUR_DISCOVERY = [133, 134, 135, 136, 137];
const UNREACHABLE = [
  'unreachable route',
  'unreachable prohibited',
  'beyond scope',
  'unreachable address',
  'unreachable port',
];

/** ICMPv6 with neighbour discovery and listener reports (icmp6_print() of print-icmp6.c). */
export function printIcmp6(d: Dissection, segment: Segment): void {
  const { at, length } = segment;
  const { verbose } = d.options;
  d.protocol = 'icmp6';
  if (length === 0) return d.print('ICMP6, length 0 (invalid)');
  if (verbose > 0) printChecksum(d, segment);
  const type = d.u8(at);
  d.print(`ICMP6, ${TYPES[type] ?? `unknown icmp6 type (${type})`}`);
  if (verbose > 0 && NEIGHBOUR_DISCOVERY.includes(type)) d.print(`, length ${length}`);
  if (TYPES[type] === undefined) {
    d.print(`, length ${length}`);
    if (verbose <= 1) d.hexadecimal(at, length, '\n\t');
    return;
  }
  printBody(d, type, segment);
  if (verbose === 0) d.print(`, length ${length}`);
}

function printChecksum(d: Dissection, { ip, at, length, fragmented }: Segment): void {
  if (fragmented || !d.has(at, length)) return;
  const sum = transportSum(d, ip, at, length, 58);
  const field = d.u16(at + 2);
  d.print(sum === 0 ? '[icmp6 sum ok] ' : `[bad icmp6 cksum ${hex4(field)} -> ${hex4(shouldBe(field, sum))}!] `);
}

function printBody(d: Dissection, type: number, { at, length }: Segment): void {
  const verbose = d.options.verbose > 0;
  if (type === 1) printUnreachable(d, at);
  else if (type === 2) d.print(`, mtu ${d.u32(at + 4)}`);
  else if (type === 3)
    d.print([` for ${d.host6(at + 32)}`, ' (reassembly)'][d.u8(at + 1)] ?? `, unknown code (${d.u8(at + 1)})`);
  else if (type === 4)
    d.print(
      `, ${['erroneous', 'next header', 'option'][d.u8(at + 1)] ?? `code-#${d.u8(at + 1)}`} - octet ${d.u32(at + 4)}`,
    );
  else if (type === 128 || type === 129) d.print(`, id ${d.u16(at + 4)}, seq ${d.u16(at + 6)}`);
  else if (type >= 130 && type <= 132) d.print(`max resp delay: ${d.u16(at + 4)} addr: ${d.host6(at + 8)}`);
  else if (type === 133 && verbose) printOptions(d, at + 8, length - 8);
  else if (type === 134 && verbose) printRouterAdvertisement(d, at, length);
  else if (type === 135) {
    d.print(`, who has ${d.host6(at + 8)}`);
    if (verbose) printOptions(d, at + 24, length - 24);
  } else if (type === 136) {
    d.print(`, tgt is ${d.host6(at + 8)}`);
    if (verbose) {
      d.print(`, Flags [${advertisementFlags(d.u8(at + 4))}]`);
      printOptions(d, at + 24, length - 24);
    }
  } else if (type === 137) {
    d.print(`, ${d.host6(at + 24)} to ${d.host6(at + 8)}`);
    if (verbose) printOptions(d, at + 40, length - 40);
  } else if (type === 143) printListenerReport(d, at, length);
}

function advertisementFlags(bits: number): string {
  const names = (['router', 'solicited', 'override'] as const).filter((_, i) => (bits & (0x80 >> i)) !== 0);
  return names.join(', ') || 'none';
}

/** The quoted IPv6 header stands at 8, its destination at 32. */
function printUnreachable(d: Dissection, at: number): void {
  const code = d.u8(at + 1);
  d.print(`, ${UNREACHABLE[code] ?? `unknown unreach code (${code})`}`);
  if (code === 0 || code === 1 || code === 3) d.print(` ${d.host6(at + 32)}`);
  else if (code === 2) d.print(` ${d.host6(at + 32)}, source address ${d.host6(at + 16)}`);
  else if (code === 4) {
    const protocol = d.u8(at + 8 + 6);
    const port = d.u16(at + 8 + 40 + 2);
    const destination = d.host6(at + 32);
    if (protocol === 6) d.print(`, ${destination} tcp port ${d.port(port, 'tcp')}`);
    else if (protocol === 17) d.print(`, ${destination} udp port ${d.port(port, 'udp')}`);
    else d.print(`, ${destination} protocol ${protocol} port ${port} unreachable`);
  }
}

function printRouterAdvertisement(d: Dissection, at: number, length: number): void {
  const flags = d.u8(at + 5);
  const names = (['managed', 'other stateful', 'home agent'] as const).filter((_, i) => (flags & (0x80 >> i)) !== 0);
  const preference = ['medium', 'high', '*reserved*', 'low'][(flags >>> 3) & 3];
  d.print(`\n\thop limit ${d.u8(at + 4)}, Flags [${names.join(', ') || 'none'}], pref ${preference}`);
  d.print(`, router lifetime ${d.u16(at + 6)}s, reachable time ${d.u32(at + 8)}ms, retrans timer ${d.u32(at + 12)}ms`);
  printOptions(d, at + 16, length - 16);
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  1: 'source link-address',
  2: 'destination link-address',
  3: 'prefix info',
  4: 'redirected header',
  5: 'mtu',
  7: 'advertisement interval',
  8: 'homeagent information',
  24: 'route info',
  25: 'rdnss',
  31: 'dnssl',
};

/** icmp6_opt_print() */
function printOptions(d: Dissection, from: number, length: number): void {
  const { verbose } = d.options;
  for (let at = from; at < from + length && at < d.end; ) {
    const type = d.u8(at);
    const units = d.u8(at + 1);
    const size = units * 8;
    if (units === 0 || at + size > d.end) return d.truncated();
    d.print(`\n\t  ${OPTION_NAMES[type] ?? 'unknown'} option (${type}), length ${size} (${units}): `);
    if (type === 1 || type === 2)
      d.print([...d.slice(at + 2, size - 2)].map((byte) => byte.toString(16).padStart(2, '0')).join(':'));
    else if (type === 3) printPrefix(d, at);
    else if (type === 5) d.print(` ${d.u32(at + 4)}`);
    else if (OPTION_NAMES[type] === undefined && verbose <= 1) return d.hexadecimal(at + 2, size - 2, '\n\t  ');
    if (verbose > 1) d.hexadecimal(at + 2, size - 2, '\n\t    ');
    at += size;
  }
}

function printPrefix(d: Dissection, at: number): void {
  const names = (['onlink', 'auto', 'router'] as const).filter((_, i) => (d.u8(at + 3) & (0x80 >> i)) !== 0);
  const lifetime = (seconds: number): string => (seconds === 0xffff_ffff ? 'infinity' : `${seconds}s`);
  d.print(`${d.host6(at + 16)}/${d.u8(at + 2)}, Flags [${names.join(', ') || 'none'}]`);
  d.print(`, valid time ${lifetime(d.u32(at + 4))}, pref. time ${lifetime(d.u32(at + 8))}`);
}

const RECORD_TYPES: Readonly<Record<number, string>> = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
};

/** mldv2_report_print() */
function printListenerReport(d: Dissection, at: number, length: number): void {
  const groups = d.u16(at + 6);
  d.print(`, ${groups} group record(s)`);
  if (d.options.verbose === 0) return;
  let record = at + 8;
  for (let i = 0; i < groups; i++) {
    if (at + length < record + 20) return d.print(' [invalid number of groups]');
    const type = d.u8(record);
    const sources = d.u16(record + 2);
    d.print(` [gaddr ${d.host6(record + 4)} ${RECORD_TYPES[type] ?? ` [v2-report-#${type}]`}`);
    if (d.options.verbose === 1) d.print(`, ${sources} source(s)`);
    else d.print(` {${Array.from({ length: sources }, (_, j) => ` ${d.host6(record + 20 + j * 16)}`).join('')} }`);
    d.print(']');
    record += 20 + sources * 16;
  }
}
