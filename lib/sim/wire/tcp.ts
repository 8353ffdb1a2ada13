import type { Ip } from '../base/index.ts';
import { get16, get32, put16, put32 } from './bytes.ts';
import { fold, pseudoHeaderSum, sum16 } from './checksum.ts';

/**
 * Transmission Control Protocol (RFC 9293).
 *
 *   | source port 2 | destination port 2 | sequence 4 | acknowledgment 4 | offset, flags 2 | window 2 | checksum 2 | urgent 2 | options | data |
 *
 * IP packets carry a segment as raw bytes: routers look at two ports and a byte of flags, only the ends take it apart.
 */
export type TcpSegment = {
  readonly srcPort: number;
  readonly dstPort: number;
  /** uint32 */
  readonly seq: number;
  /** uint32, 0 without ACK */
  readonly ack: number;
  /** TCP_FLAG bits */
  readonly flags: number;
  /** As carried: not yet shifted by the window scale. */
  readonly window: number;
  readonly options: TcpOptions;
  readonly data: Uint8Array;
};

export type TcpOptions = {
  readonly mss?: number;
  /** RFC 7323: a shift of 0 … 14. */
  readonly windowScale?: number;
  readonly sackPermitted?: boolean;
  readonly timestamps?: { readonly value: number; readonly echo: number };
  /** RFC 2018: at most four blocks. */
  readonly sack?: readonly SackBlock[];
};

/** Sequence numbers received: `start` up to, without, `end`. */
export type SackBlock = { readonly start: number; readonly end: number };

export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

export const TCP_HEADER = 20;
const PROTOCOL = 6;
const KIND = { end: 0, nop: 1, mss: 2, windowScale: 3, sackPermitted: 4, sack: 5, timestamps: 8 } as const;

/** Bytes that the options take up in the header, as Linux lays them out. */
export function tcpOptionsLength(o: TcpOptions): number {
  const sackOk = o.sackPermitted === true && o.timestamps === undefined ? 4 : 0;
  return (
    (o.mss === undefined ? 0 : 4) +
    (o.timestamps === undefined ? 0 : 12) +
    sackOk +
    (o.windowScale === undefined ? 0 : 4) +
    (o.sack === undefined || o.sack.length === 0 ? 0 : 4 + 8 * o.sack.length)
  );
}

/** undefined: shorter than its header says, or a wrong checksum. */
export function parseTcp(b: Uint8Array, src: Ip, dst: Ip): TcpSegment | undefined {
  const header = tcpHeaderLength(b);
  if (b.length < TCP_HEADER || header < TCP_HEADER || header > b.length) return undefined;
  if (fold(sum16(b, 0, b.length, pseudoHeaderSum(src, dst, PROTOCOL, b.length))) !== 0) return undefined;
  return {
    srcPort: get16(b, 0),
    dstPort: get16(b, 2),
    seq: get32(b, 4),
    ack: get32(b, 8),
    flags: b[13] as number,
    window: get16(b, 14),
    options: parseOptions(b, header),
    data: b.subarray(header),
  };
}

export const tcpHeaderLength = (b: Uint8Array): number => ((b[12] ?? 0) >> 4) * 4;

/** What follows a malformed option is not read (tcp_parse_options). */
function parseOptions(b: Uint8Array, end: number): TcpOptions {
  const options: { -readonly [K in keyof TcpOptions]: TcpOptions[K] } = {};
  for (let at = TCP_HEADER; at < end; ) {
    const kind = b[at] as number;
    if (kind === KIND.end) break;
    const size = kind === KIND.nop ? 1 : (b[at + 1] ?? 0);
    if (kind !== KIND.nop && (size < 2 || at + size > end)) break;
    if (kind === KIND.mss && size === 4) options.mss = get16(b, at + 2);
    else if (kind === KIND.windowScale && size === 3) options.windowScale = Math.min(14, b[at + 2] as number);
    else if (kind === KIND.sackPermitted && size === 2) options.sackPermitted = true;
    else if (kind === KIND.timestamps && size === 10)
      options.timestamps = { value: get32(b, at + 2), echo: get32(b, at + 6) };
    else if (kind === KIND.sack && size >= 10 && (size - 2) % 8 === 0) options.sack = parseSack(b, at + 2, size - 2);
    at += size;
  }
  return options;
}

const parseSack = (b: Uint8Array, at: number, length: number): SackBlock[] =>
  Array.from({ length: length / 8 }, (_, i) => ({ start: get32(b, at + 8 * i), end: get32(b, at + 8 * i + 4) }));

export function emitTcp(t: TcpSegment, src: Ip, dst: Ip): Uint8Array {
  const header = TCP_HEADER + tcpOptionsLength(t.options);
  const b = new Uint8Array(header + t.data.length);
  put16(b, 0, t.srcPort);
  put16(b, 2, t.dstPort);
  put32(b, 4, t.seq);
  put32(b, 8, t.ack);
  b[12] = (header / 4) << 4;
  b[13] = t.flags;
  put16(b, 14, t.window);
  emitOptions(b, t.options);
  b.set(t.data, header);
  put16(b, 16, fold(sum16(b, 0, b.length, pseudoHeaderSum(src, dst, PROTOCOL, b.length))));
  return b;
}

/** In Linux's order, padded with NOP to 32 bits (tcp_options_write). */
function emitOptions(b: Uint8Array, o: TcpOptions): void {
  let at = TCP_HEADER;
  const put = (...bytes: number[]): void => {
    b.set(bytes, at);
    at += bytes.length;
  };
  const word = (value: number): void => {
    put32(b, at, value);
    at += 4;
  };
  if (o.mss !== undefined) put(KIND.mss, 4, o.mss >> 8, o.mss & 255);
  if (o.sackPermitted === true && o.timestamps !== undefined) put(KIND.sackPermitted, 2, KIND.timestamps, 10);
  else if (o.sackPermitted === true) put(KIND.nop, KIND.nop, KIND.sackPermitted, 2);
  else if (o.timestamps !== undefined) put(KIND.nop, KIND.nop, KIND.timestamps, 10);
  if (o.timestamps !== undefined) {
    word(o.timestamps.value);
    word(o.timestamps.echo);
  }
  if (o.windowScale !== undefined) put(KIND.nop, KIND.windowScale, 3, o.windowScale);
  if (o.sack !== undefined && o.sack.length > 0) {
    put(KIND.nop, KIND.nop, KIND.sack, 2 + 8 * o.sack.length);
    for (const { start, end } of o.sack) {
      word(start);
      word(end);
    }
  }
}
