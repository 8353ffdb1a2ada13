import { printArp } from './arp.ts';
import type { Dissection } from './dissection.ts';
import { printIpv4 } from './ipv4.ts';
import { printIpv6 } from './ipv6.ts';

const TYPE_NAMES: Readonly<Record<number, string>> = {
  2048: 'IPv4',
  2054: 'ARP',
  32821: 'Reverse ARP',
  33024: '802.1Q',
  34525: 'IPv6',
  34887: 'MPLS unicast',
  34984: '802.1Q-QinQ',
  35020: 'LLDP',
  36864: 'Loopback',
};
const VLAN_TYPES = [0x8100, 0x9100, 0x9200, 0x88a8];
const hex = (type: number): string => `0x${type.toString(16).padStart(4, '0')}`;

/** An Ethernet frame at `at`; returns the length of its header. */
export function printEthernet(d: Dissection, wireLength: number, at = 0): number {
  const { linkHeader } = d.options;
  d.protocol = 'ether';
  if (!d.has(at, 14)) {
    d.truncated();
    return d.bytes.length;
  }
  const addresses = `${d.mac(at + 6)} > ${d.mac(at)}, `;
  if (linkHeader) d.print(addresses);
  let type = d.u16(at + 12);
  let header = 14;
  let lengthPrinted = false;
  while (VLAN_TYPES.includes(type)) {
    if (linkHeader) {
      d.print(
        `${typeText(d, type)}${lengthPrinted ? ', ' : `, length ${wireLength}: `}${vlanText(d.u16(at + header))}, `,
      );
      lengthPrinted = true;
    }
    type = d.u16(at + header + 2);
    header += 4;
  }
  if (type <= 1500) {
    printLlc(d, at + header, type, wireLength - header);
    return header;
  }
  if (linkHeader) d.print(`${typeText(d, type)}${lengthPrinted ? '' : `, length ${wireLength}`}: `);
  if (!printNetwork(d, type, at + header, wireLength - header)) {
    if (!linkHeader) d.print(`${addresses}${typeText(d, type)}, length ${wireLength}: `);
    d.hexadecimal(at + header, d.end - at - header, '\n\t');
  }
  return header;
}

const typeText = (d: Dissection, type: number): string =>
  d.options.quiet
    ? (TYPE_NAMES[type] ?? `Unknown Ethertype (${hex(type)})`)
    : `ethertype ${TYPE_NAMES[type] ?? 'Unknown'} (${hex(type)})`;

const vlanText = (tag: number): string => `vlan ${tag & 0xfff}, p ${tag >>> 13}${(tag & 0x1000) !== 0 ? ', DEI' : ''}`;

/** Whether there is a printer for this type. */
function printNetwork(d: Dissection, type: number, at: number, length: number): boolean {
  if (type === 0x0800) printIpv4(d, at, length);
  else if (type === 0x0806 || type === 0x8035) printArp(d, at, length);
  else if (type === 0x86dd) printIpv6(d, at, length);
  else return false;
  return true;
}

/** IEEE 802.3 with an LLC header, as bridges send for spanning tree. */
function printLlc(d: Dissection, at: number, length: number, room: number): void {
  if (d.options.linkHeader) d.print(`802.3, length ${length}: `);
  const stp = d.has(at, 3) && d.u16(at) === 0x4242;
  if (d.options.linkHeader && stp) d.print('LLC, dsap STP (0x42) Individual, ssap STP (0x42) Command, ctrl 0x03: ');
  if (stp) printSpanningTree(d, at + 3);
  else d.hexadecimal(at, Math.min(length, room), '\n\t');
}

function printSpanningTree(d: Dissection, at: number): void {
  d.protocol = 'stp';
  const type = d.u8(at + 3);
  if (type === 0x80) return d.print('STP 802.1d, Topology Change, length 4');
  const flags = d.u8(at + 4);
  const names = [(flags & 1) !== 0 ? 'Topology change' : '', (flags & 0x80) !== 0 ? 'Topology change ACK' : ''].filter(
    (name) => name !== '',
  );
  const id = (offset: number): string => `${d.u16(offset).toString(16).padStart(4, '0')}.${d.mac(offset + 2)}`;
  d.print(
    `STP 802.1d, Config, Flags [${names.join(', ') || 'none'}], bridge-id ${id(at + 17)}.${d
      .u16(at + 25)
      .toString(16)
      .padStart(4, '0')}, length 35`,
  );
  if (d.options.verbose === 0) return;
  const seconds = (offset: number): string => (d.u16(offset) / 256).toFixed(2);
  d.print(
    `\n\tmessage-age ${seconds(at + 27)}s, max-age ${seconds(at + 29)}s, hello-time ${seconds(at + 31)}s, forwarding-delay ${seconds(at + 33)}s`,
  );
  d.print(`\n\troot-id ${id(at + 5)}, root-pathcost ${d.u32(at + 13)}`);
}

const PACKET_TYPES = ['In', 'B', 'M', 'P', 'Out'];

/** Linux cooked capture v2, of the pseudo device `any`; returns the length of its header. */
export function printCooked(d: Dissection, wireLength: number): number {
  d.protocol = 'sll2';
  if (!d.has(0, 20)) {
    d.truncated();
    return d.bytes.length;
  }
  const ifindex = d.u32(4);
  const device = d.options.deviceName(ifindex);
  d.print(`${(device ?? `if${ifindex}`).padEnd(5)} ${(PACKET_TYPES[d.u8(10)] ?? '?').padEnd(3)} `);
  const type = d.u16(0);
  if (d.options.linkHeader) {
    d.print(`ifindex ${ifindex} ${d.u8(11) === 6 ? `${d.mac(12)} ` : ''}`);
    if (!d.options.quiet) d.print(`${typeText(d, type)}, length ${wireLength}: `);
  }
  if (!printNetwork(d, type, 20, wireLength - 20)) {
    if (!d.options.linkHeader)
      d.print(
        `ifindex ${ifindex} ${d.u8(11) === 6 ? `${d.mac(12)} ` : ''}${typeText(d, type)}, length ${wireLength}: `,
      );
    d.hexadecimal(20, d.bytes.length - 20, '\n\t');
  }
  return 20;
}

/** A packet of a device without a link layer, as an IP tunnel is (raw_if_print()). */
export function printRaw(d: Dissection, wireLength: number): number {
  if (d.options.linkHeader) d.print('ip: ');
  if (d.u8(0) >>> 4 === 6) printIpv6(d, 0, wireLength);
  else printIpv4(d, 0, wireLength);
  return 0;
}
