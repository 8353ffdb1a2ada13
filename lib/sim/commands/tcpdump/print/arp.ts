import type { Dissection } from './dissection.ts';

const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Reply',
  3: 'Reverse Request',
  4: 'Reverse Reply',
  8: 'Inverse Request',
  9: 'Inverse Reply',
};
const HARDWARE: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  6: 'TokenRing',
  7: 'ArcNet',
  15: 'FrameRelay',
  24: 'IEEE1394',
};

/** ARP of Ethernet and IPv4 (arp_print() of print-arp.c). `length` is that of the whole payload, padding included. */
export function printArp(d: Dissection, at: number, length: number): void {
  d.protocol = 'arp';
  d.need(at, 8);
  const [hardware, protocol, hardwareLength, protocolLength, operation] = [
    d.u16(at),
    d.u16(at + 2),
    d.u8(at + 4),
    d.u8(at + 5),
    d.u16(at + 6),
  ];
  const sender = at + 8;
  const target = sender + hardwareLength + protocolLength;
  d.need(target, hardwareLength + protocolLength);
  if (!d.options.linkHeader) d.print('ARP, ');
  const usual = protocol === 0x0800 && protocolLength === 4 && hardwareLength > 0;
  if (!usual || d.options.verbose > 0) {
    const hardwareName = HARDWARE[hardware] ?? `Unknown Hardware (${hardware})`;
    const protocolName =
      protocol === 0x0800 ? 'IPv4' : `Unknown Protocol (0x${protocol.toString(16).padStart(4, '0')})`;
    d.print(`${hardwareName} (len ${hardwareLength}), ${protocolName} (len ${protocolLength})`);
    if (d.options.verbose === 0) return d.print(`, length ${length}`);
    d.print(', ');
  }
  d.print(`${OPERATIONS[operation] ?? `Unknown (${operation})`} `);
  printOperation(d, operation, { sender, target, hardwareLength, usual });
  d.print(`, length ${length}`);
}

type Addresses = { sender: number; target: number; hardwareLength: number; usual: boolean };

function printOperation(d: Dissection, operation: number, { sender, target, hardwareLength, usual }: Addresses): void {
  const protocolAddress = (at: number): string => (usual ? d.host4(at + hardwareLength) : '<wrong proto type>');
  const hardwareAddress = (at: number): string =>
    [...d.slice(at, hardwareLength)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  if (operation === 1) {
    const known = d.slice(target, hardwareLength).some((byte) => byte !== 0);
    d.print(
      `who-has ${protocolAddress(target)}${known ? ` (${hardwareAddress(target)})` : ''} tell ${protocolAddress(sender)}`,
    );
  } else if (operation === 2) d.print(`${protocolAddress(sender)} is-at ${hardwareAddress(sender)}`);
  else if (operation === 3 || operation === 8) {
    d.print(`who-is ${hardwareAddress(target)} tell ${hardwareAddress(sender)}`);
  } else if (operation === 4) d.print(`${hardwareAddress(target)} at ${protocolAddress(target)}`);
  else if (operation === 9) d.print(`${hardwareAddress(sender)} at ${protocolAddress(sender)}`);
}
