import type { SackBlock } from '../../../wire/index.ts';
import { add, after, before, distance, later } from './sequence.ts';

type Range = { start: number; end: number; data: Uint8Array; fin: boolean };

const SACK_BLOCKS = 4;

/**
 * What came in: in order for the application, and out of order for what is still missing (sk_receive_queue,
 * out_of_order_queue).
 *
 *   read ◀── chunks, in order │ copied … next │ gap │ ranges, sorted, apart from one another
 */
export class ReceiveQueue {
  #chunks: Uint8Array[] = [];
  /** Bytes in order that nobody read yet. */
  length = 0;
  /** The next sequence number expected (rcv_nxt). */
  next: number;
  /** The peer's FIN came, in order. */
  finished = false;
  #ranges: Range[] = [];
  /** Ranges in the order in which they changed last, which is how they are reported (RFC 2018 section 4). */
  #recent: Range[] = [];
  /** Bytes that wait out of order. */
  waiting = 0;

  constructor(next: number) {
    this.next = next;
  }

  get hasGap(): boolean {
    return this.#ranges.length > 0;
  }

  /** Bytes that the read position is behind `next`. */
  take(size: number): Uint8Array {
    const first = this.#chunks[0];
    if (first === undefined || size === 0) return new Uint8Array();
    if (first.length >= size || this.#chunks.length === 1) return this.#takeFirst(first, size);
    const out = new Uint8Array(Math.min(size, this.length));
    let at = 0;
    while (at < out.length) {
      const part = this.#takeFirst(this.#chunks[0] as Uint8Array, out.length - at);
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #takeFirst(first: Uint8Array, size: number): Uint8Array {
    const part = first.subarray(0, size);
    if (part.length === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(size);
    this.length -= part.length;
    return part;
  }

  /** Where the `delimiter` is among what can be read, as a count of bytes up to and with it; -1: nowhere. */
  find(delimiter: number): number {
    let passed = 0;
    for (const chunk of this.#chunks) {
      const at = chunk.indexOf(delimiter);
      if (at !== -1) return passed + at + 1;
      passed += chunk.length;
    }
    return -1;
  }

  /** A segment that overlaps [next, …): its data goes to the reader, and what it fills the gap for. */
  addInOrder(seq: number, data: Uint8Array, fin: boolean): void {
    this.#append(seq, data, fin);
    while (this.#ranges.length > 0) {
      const range = this.#ranges[0] as Range;
      if (after(range.start, this.next)) break;
      this.#ranges.shift();
      this.#recent.splice(this.#recent.indexOf(range), 1);
      this.waiting -= range.data.length;
      this.#append(range.start, range.data, range.fin);
    }
  }

  #append(seq: number, data: Uint8Array, fin: boolean): void {
    const known = distance(this.next, seq);
    if (known > data.length || this.finished) return;
    const fresh = data.subarray(known);
    if (fresh.length > 0) {
      this.#chunks.push(fresh);
      this.length += fresh.length;
    }
    this.next = add(this.next, fresh.length);
    if (!fin) return;
    this.next = add(this.next, 1);
    this.finished = true;
  }

  /** A segment past a gap; the part of it that was there already (D-SACK), if any. */
  addOutOfOrder(seq: number, data: Uint8Array, fin: boolean): SackBlock | undefined {
    let added: Range = { start: seq, end: add(seq, data.length), data, fin };
    const touching = this.#ranges.filter((r) => !before(r.end, added.start) && !after(r.start, added.end));
    const duplicate = touching.find((r) => !after(r.start, added.start) && !before(r.end, added.end));
    if (duplicate !== undefined) return { start: added.start, end: added.end };
    for (const range of touching) {
      this.waiting -= range.data.length;
      added = join(range, added);
    }
    this.waiting += added.data.length;
    this.#ranges = this.#ranges.filter((r) => !touching.includes(r));
    const at = this.#ranges.findIndex((r) => after(r.start, added.start));
    this.#ranges.splice(at === -1 ? this.#ranges.length : at, 0, added);
    this.#recent = [added, ...this.#recent.filter((r) => !touching.includes(r))];
    return undefined;
  }

  /** What the peer need not send again. */
  sackBlocks(most = SACK_BLOCKS): SackBlock[] {
    return this.#recent.slice(0, most).map(({ start, end }) => ({ start, end }));
  }
}

function join(a: Range, b: Range): Range {
  const start = before(a.start, b.start) ? a.start : b.start;
  const end = later(a.end, b.end);
  const data = new Uint8Array(distance(end, start));
  data.set(a.data, distance(a.start, start));
  data.set(b.data, distance(b.start, start));
  return { start, end, data, fin: (a.fin && a.end === end) || (b.fin && b.end === end) };
}
