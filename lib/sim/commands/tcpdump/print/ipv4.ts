import { internetChecksum, shouldBe } from './checksum.ts';
import type { Dissection } from './dissection.ts';
import { IP_PROTOCOL_NAMES, printTransport } from './transport.ts';

const FRAGMENT_FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x2000, '+'],
  [0x4000, 'DF'],
  [0x8000, 'rsvd'],
];
const ECN = ['', ',ECT(1)', ',ECT(0)', ',CE'];

/** IPv4 (ip_print() of print-ip.c). `length` is what the layer below left. */
export function printIpv4(d: Dissection, at: number, length: number): void {
  d.protocol = 'ip';
  const version = d.u8(at) >>> 4;
  if (version !== 4)
    return d.print(version === 6 ? 'IP6, wrong link-layer encapsulation (invalid)' : `IP${version} (invalid)`);
  if (!d.options.linkHeader) d.print('IP ');
  d.need(at, 20);
  if (length < 20) return d.print(`truncated-ip ${length}`);
  const header = (d.u8(at) & 0x0f) * 4;
  if (header < 20) return d.print(`bad-hlen ${header}`);
  const total = d.u16(at + 2);
  if (length < total) d.print(`truncated-ip - ${total - length} bytes missing! `);
  if (total < header) return d.print(`bad-len ${total}`);
  const end = d.end;
  d.end = Math.min(d.end, at + total);
  if (d.options.verbose > 0) printHeader(d, at, header);
  printPayload(d, at, header, total - header);
  d.end = end;
}

function printHeader(d: Dissection, at: number, header: number): void {
  const tos = d.u8(at + 1);
  const ttl = d.u8(at + 8);
  const fragment = d.u16(at + 6);
  const protocol = d.u8(at + 9);
  const flags = FRAGMENT_FLAGS.filter(([bit]) => (fragment & bit) !== 0).map(([, name]) => name);
  d.print(`(tos 0x${tos.toString(16)}${ECN[tos & 3]}${ttl >= 1 ? `, ttl ${ttl}` : ''}`);
  d.print(`, id ${d.u16(at + 4)}, offset ${(fragment & 0x1fff) * 8}, flags [${flags.join(', ') || 'none'}]`);
  d.print(`, proto ${IP_PROTOCOL_NAMES[protocol] ?? 'unknown'} (${protocol}), length ${d.u16(at + 2)}`);
  if (header > 20) d.print(`, options (${optionNames(d, at + 20, header - 20)})`);
  if (d.has(at, header)) {
    const sum = internetChecksum(d.slice(at, header));
    const field = d.u16(at + 10);
    if (sum !== 0) d.print(`, bad cksum ${field.toString(16)} (->${shouldBe(field, sum).toString(16)})!`);
  }
  d.print(')\n    ');
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
};

function optionNames(d: Dissection, at: number, length: number): string {
  const names: string[] = [];
  for (let i = 0; i < length; ) {
    const type = d.u8(at + i);
    names.push(OPTION_NAMES[type] ?? `unknown ${type}`);
    if (type === 0) break;
    i += type === 1 ? 1 : Math.max(2, d.u8(at + i + 1));
  }
  return names.join(',');
}

function printPayload(d: Dissection, at: number, header: number, length: number): void {
  const fragment = d.u16(at + 6);
  const protocol = d.u8(at + 9);
  const addresses = `${d.host4(at + 12)} > ${d.host4(at + 16)}`;
  if ((fragment & 0x1fff) !== 0) {
    const name = d.options.numeric ? undefined : NETDB_NAMES[protocol];
    return d.print(`${addresses}: ${name ?? `ip-proto-${protocol}`}`);
  }
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) d.print(`${addresses}: `);
  if (!d.has(at, header)) d.print(` [remaining caplen(${d.end - at}) < header length(${header})]`);
  d.need(at, header);
  const fragmented = (fragment & 0x2000) !== 0;
  printTransport(d, { ip: at, at: at + header, length, protocol, version: 4, fragmented });
}

/** getprotobynumber(3), for later fragments without -n. */
const NETDB_NAMES: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  89: 'ospf',
  132: 'sctp',
};
