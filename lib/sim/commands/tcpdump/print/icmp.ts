import { internetChecksum, shouldBe } from './checksum.ts';
import type { Dissection } from './dissection.ts';
import type { Segment } from './transport.ts';

const ERRORS = [3, 4, 5, 11, 12];

/** ICMP (icmp_print() of print-icmp.c); with -v an error shows the packet it quotes. */
export function printIcmp(d: Dissection, { at, length, fragmented }: Segment): void {
  d.protocol = 'icmp';
  const type = d.u8(at);
  d.print(`ICMP ${describe(d, at, type, d.u8(at + 1))}, length ${length}`);
  if (d.options.verbose === 0) return;
  if (!fragmented && d.has(at, length)) {
    const sum = internetChecksum(d.slice(at, length));
    const field = d.u16(at + 2);
    if (sum !== 0) d.print(` (wrong icmp cksum ${field.toString(16)} (->${shouldBe(field, sum).toString(16)})!)`);
  }
  if (!ERRORS.includes(type)) return;
  d.print('\n\t');
  const end = d.end;
  const quoted = d.u16(at + 10);
  d.end = Math.min(at + 8 + quoted, end);
  d.network.ip4(d, at + 8, quoted);
  d.end = end;
  d.protocol = 'icmp';
}

function describe(d: Dissection, at: number, type: number, code: number): string {
  if (type === 8 || type === 0)
    return `echo ${type === 8 ? 'request' : 'reply'}, id ${d.u16(at + 4)}, seq ${d.u16(at + 6)}`;
  if (type === 3) return unreachable(d, at, code);
  if (type === 5) return redirect(d, at, code);
  if (type === 11) {
    d.need(at + 24, 4);
    return ['time exceeded in-transit', 'ip reassembly time exceeded'][code] ?? `time exceeded-#${code}`;
  }
  if (type === 12) return code === 0 ? `parameter problem - octet ${d.u8(at + 4)}` : `parameter problem - code ${code}`;
  if (type === 13) return `time stamp query id ${d.u16(at + 4)} seq ${d.u16(at + 6)}`;
  return (
    {
      4: 'source quench',
      9: 'router advertisement',
      10: 'router solicitation',
      15: 'information request',
      16: 'information reply',
      17: 'address mask request',
    }[type] ?? `type-#${type}`
  );
}

const UNREACHABLE: Readonly<Record<number, (destination: string) => string>> = {
  0: (dst) => `net ${dst} unreachable`,
  1: (dst) => `host ${dst} unreachable`,
  5: (dst) => `${dst} unreachable - source route failed`,
  6: (dst) => `net ${dst} unreachable - unknown`,
  7: (dst) => `host ${dst} unreachable - unknown`,
  8: (dst) => `${dst} unreachable - source host isolated`,
  9: (dst) => `net ${dst} unreachable - admin prohibited`,
  10: (dst) => `host ${dst} unreachable - admin prohibited`,
  11: (dst) => `net ${dst} unreachable - tos prohibited`,
  12: (dst) => `host ${dst} unreachable - tos prohibited`,
  13: (dst) => `host ${dst} unreachable - admin prohibited filter`,
  14: (dst) => `host ${dst} unreachable - host precedence violation`,
  15: (dst) => `host ${dst} unreachable - precedence cutoff`,
};

/** The quoted IP header stands at 8, its destination at 24. */
function unreachable(d: Dissection, at: number, code: number): string {
  const quoted = at + 8;
  const destination = d.host4(quoted + 16);
  if (code === 2) return `${destination} protocol ${d.u8(quoted + 9)} unreachable`;
  if (code === 3) {
    const port = d.u16(quoted + (d.u8(quoted) & 0x0f) * 4 + 2);
    const protocol = d.u8(quoted + 9);
    if (protocol === 6) return `${destination} tcp port ${d.port(port, 'tcp')} unreachable`;
    if (protocol === 17) return `${destination} udp port ${d.port(port, 'udp')} unreachable`;
    return `${destination} protocol ${protocol} port ${port} unreachable`;
  }
  if (code === 4) {
    const mtu = d.u16(at + 6);
    return `${destination} unreachable - need to frag${mtu === 0 ? '' : ` (mtu ${mtu})`}`;
  }
  return UNREACHABLE[code]?.(destination) ?? `${destination} unreachable - #${code}`;
}

function redirect(d: Dissection, at: number, code: number): string {
  const [destination, gateway] = [d.host4(at + 24), d.host4(at + 4)];
  const forms = [
    `redirect ${destination} to net`,
    `redirect ${destination} to host`,
    `redirect-tos ${destination} to net`,
    `redirect-tos ${destination} to host`,
  ];
  return `${forms[code] ?? `redirect-#${code} ${destination} to`} ${gateway}`;
}
