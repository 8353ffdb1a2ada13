import { hex4, shouldBe, transportSum } from './checksum.ts';
import type { Dissection } from './dissection.ts';
import { isDomain, printDomain } from './domain.ts';
import { isHttp, printHttp } from './http.ts';
import type { Segment } from './transport.ts';

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const URG = 0x20;
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [FIN, 'F'],
  [SYN, 'S'],
  [RST, 'R'],
  [0x08, 'P'],
  [ACK, '.'],
  [URG, 'U'],
  [0x40, 'E'],
  [0x80, 'W'],
];

/** TCP (tcp_print() of print-tcp.c), with sequence numbers relative to the first that was seen. */
export function printTcp(d: Dissection, segment: Segment): void {
  const { ip, at, version, fragmented } = segment;
  d.protocol = 'tcp';
  const [source, destination] =
    version === 4 ? [d.host4(ip + 12), d.host4(ip + 16)] : [d.host6(ip + 8), d.host6(ip + 24)];
  if (!d.has(at, 4)) {
    d.print(`${source} > ${destination}:`);
    return d.truncated();
  }
  d.print(`${source}.${d.port(d.u16(at), 'tcp')} > ${destination}.${d.port(d.u16(at + 2), 'tcp')}: `);
  d.need(at, 20);
  const header = (d.u8(at + 12) >>> 4) * 4;
  if (header < 20) return d.print(` tcp ${segment.length - header} [bad hdr length ${header} - too short, < 20]`);
  if (d.options.quiet) return d.print(`tcp ${segment.length - header}`);
  const flags = d.u8(at + 13);
  d.print(
    `Flags [${
      FLAGS.filter(([bit]) => (flags & bit) !== 0)
        .map(([, name]) => name)
        .join('') || 'none'
    }]`,
  );
  const numbers = relativeNumbers(d, segment, flags);
  if (header > segment.length) return d.print(` [bad hdr length ${header} - too long, > ${segment.length}]`);
  if (d.options.verbose > 0 && !fragmented) printChecksum(d, segment);
  const data = segment.length - header;
  if (d.options.verbose > 1 || data > 0 || (flags & (SYN | FIN | RST)) !== 0) {
    d.print(`, seq ${numbers.seq}${data > 0 ? `:${(numbers.seq + data) >>> 0}` : ''}`);
  }
  if ((flags & ACK) !== 0) d.print(`, ack ${numbers.ack}`);
  d.print(`, win ${d.u16(at + 14)}`);
  if ((flags & URG) !== 0) d.print(`, urg ${d.u16(at + 18)}`);
  if (header > 20) printOptions(d, at + 20, header - 20, numbers.sackBase);
  d.print(`, length ${data}`);
  if (data > 0 && !fragmented && (flags & RST) === 0) printData(d, at + header, data, d.u16(at), d.u16(at + 2));
}

/** What the ports say that the data is. */
function printData(d: Dissection, at: number, length: number, source: number, destination: number): void {
  if (isHttp(source, destination)) printHttp(d, at, length);
  else if (isDomain(source, destination) && length > 2) {
    d.print(' ');
    printDomain(d, at + 2, length - 2);
  }
}

function printChecksum(d: Dissection, { ip, at, length }: Segment): void {
  if (!d.has(at, length)) return;
  const sum = transportSum(d, ip, at, length, 6);
  const field = d.u16(at + 16);
  d.print(`, cksum ${hex4(field)}${sum === 0 ? ' (correct)' : ` (incorrect -> ${hex4(shouldBe(field, sum))})`}`);
}

type Numbers = { seq: number; ack: number; sackBase: number };

/** Both directions of a connection share an entry, under an order of their ends that is arbitrary but fixed. */
function relativeNumbers(d: Dissection, { ip, at, version }: Segment, flags: number): Numbers {
  const [seq, ack] = [d.u32(at + 4), d.u32(at + 8)];
  if (d.options.absoluteSequence || (flags & ACK) === 0) return { seq, ack, sackBase: 0 };
  const [source, destination] = version === 4 ? [d.ip4(ip + 12), d.ip4(ip + 16)] : [d.ip6(ip + 8), d.ip6(ip + 24)];
  const [sport, dport] = [d.u16(at), d.u16(at + 2)];
  const reversed = sport > dport || (sport === dport && String(source) > String(destination));
  const ends = [`${source} ${sport}`, `${destination} ${dport}`];
  const key = (reversed ? ends.reverse() : ends).join(' ');
  const known = d.conversations.get(key);
  if (known === undefined || (flags & SYN) !== 0) {
    const began = reversed ? { seq: (ack - 1) >>> 0, ack: seq } : { seq, ack: (ack - 1) >>> 0 };
    d.conversations.set(key, began);
    return { seq, ack, sackBase: reversed ? began.seq : began.ack };
  }
  const [seqBase, ackBase] = reversed ? [known.ack, known.seq] : [known.seq, known.ack];
  return { seq: (seq - seqBase) >>> 0, ack: (ack - ackBase) >>> 0, sackBase: ackBase };
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'eol',
  1: 'nop',
  2: 'mss',
  3: 'wscale',
  4: 'sackOK',
  5: 'sack',
  8: 'TS',
  30: 'mptcp',
  34: 'tfo',
};

function printOptions(d: Dissection, at: number, length: number, sackBase: number): void {
  const options: string[] = [];
  for (let i = 0; i < length; ) {
    const kind = d.u8(at + i);
    const size = kind <= 1 ? 1 : d.u8(at + i + 1);
    if (kind > 1 && (size < 2 || i + size > length)) {
      d.print(`, options [${options.join(',')}${options.length > 0 ? ',' : ''}bad opt]`);
      return;
    }
    options.push(`${OPTION_NAMES[kind] ?? `unknown-${kind}`}${optionValue(d, kind, at + i + 2, size - 2, sackBase)}`);
    i += size;
    if (kind === 0) break;
  }
  d.print(`, options [${options.join(',')}]`);
}

function optionValue(d: Dissection, kind: number, at: number, size: number, sackBase: number): string {
  if (kind === 2) return ` ${d.u16(at)}`;
  if (kind === 3) return ` ${d.u8(at)}`;
  if (kind === 8) return ` val ${d.u32(at)} ecr ${d.u32(at + 4)}`;
  if (kind === 5) {
    const blocks = Array.from(
      { length: Math.floor(size / 8) },
      (_, i) => `{${(d.u32(at + i * 8) - sackBase) >>> 0}:${(d.u32(at + i * 8 + 4) - sackBase) >>> 0}}`,
    );
    return ` ${blocks.length} ${blocks.join('')}`;
  }
  if (kind <= 4) return '';
  return ` 0x${[...d.slice(at, size)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
