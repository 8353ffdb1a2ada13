import type { Micros } from '../../../base/index.ts';
import { add } from './sequence.ts';

/**
 * A piece of the outgoing stream that travels as one packet (an sk_buff of the write queue): up to 64 KB of data, which
 * counts as as many segments as the peer's MSS makes of it. It waits in the write queue, then, sent, in the
 * retransmission queue until it is acknowledged.
 */
export class Piece {
  seq: number;
  data: Uint8Array;
  readonly syn: boolean;
  fin: boolean;
  /** PSH: the end of what the application wrote at once. */
  push = false;
  /** When it was sent last, and how often. */
  sentAt: Micros = 0;
  sends = 0;
  /** The peer said that it has it (SACK). */
  sacked = false;
  lost = false;
  /** Sent again since it was taken for lost, and not acknowledged yet. */
  retransmitted = false;

  constructor(seq: number, data: Uint8Array, flags: { readonly syn?: boolean; readonly fin?: boolean } = {}) {
    this.seq = seq;
    this.data = data;
    this.syn = flags.syn === true;
    this.fin = flags.fin === true;
  }

  /** Sequence numbers it takes up. */
  get length(): number {
    return this.data.length + (this.syn ? 1 : 0) + (this.fin ? 1 : 0);
  }

  get end(): number {
    return add(this.seq, this.length);
  }

  segments(mss: number): number {
    return Math.max(1, Math.ceil(this.data.length / mss));
  }

  append(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.data.length + bytes.length);
    joined.set(this.data);
    joined.set(bytes, this.data.length);
    this.data = joined;
  }

  /** Keeps the first `size` bytes and gives the rest as a piece of its own (tcp_fragment). */
  split(size: number): Piece {
    const rest = new Piece(add(this.seq, size + (this.syn ? 1 : 0)), this.data.subarray(size), { fin: this.fin });
    rest.push = this.push;
    rest.sentAt = this.sentAt;
    rest.sends = this.sends;
    rest.sacked = this.sacked;
    rest.lost = this.lost;
    rest.retransmitted = this.retransmitted;
    this.data = this.data.subarray(0, size);
    this.fin = false;
    this.push = false;
    return rest;
  }

  /** Drops what was acknowledged of it (tcp_trim_head). */
  trimTo(seq: number): void {
    const acknowledged = (seq - this.seq) | 0;
    this.data = this.data.subarray(acknowledged);
    this.seq = seq;
  }
}
