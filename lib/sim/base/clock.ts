import { invariant } from './invariant.ts';

/** Virtual time in whole microseconds since the world began. A plain number: exact for 285 years. */
export type Micros = number;

export const MICROSECOND = 1;
export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;

type Entry = { at: Micros; order: number; run: (() => void) | undefined };

export type Timer = { readonly at: Micros; cancel(): void };

/**
 * The one clock and event queue of a world: a binary heap ordered by time, then by order of insertion, so that two
 * events of one instant run in the order in which they were scheduled, on every machine.
 */
export class EventQueue {
  #now: Micros = 0;
  #order = 0;
  #heap: Entry[] = [];
  #holds = 0;
  /** Whoever runs this queue waits while it is held; a caller that just runs it would take a held queue for an empty one. */
  mayHold = false;

  get now(): Micros {
    return this.#now;
  }

  /** Runs `run` at `now + delay` (never in the past). */
  after(delay: Micros, run: () => void): Timer {
    const entry: Entry = { at: this.#now + Math.max(0, Math.round(delay)), order: this.#order++, run };
    this.#push(entry);
    return {
      at: entry.at,
      cancel: () => {
        entry.run = undefined;
      },
    };
  }

  /**
   * Stops time: no event runs until the hold is released. For what the world cannot wait for in virtual time, the code of
   * a program that is still being loaded. What happens afterwards is the same as if there had been nothing to wait for.
   */
  hold(): () => void {
    invariant(this.mayHold, 'nobody waits for what is being loaded: load it before the world runs');
    this.#holds++;
    return () => {
      this.#holds--;
    };
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  /** When the next event is due, or undefined when nothing is scheduled. */
  nextAt(): Micros | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.at;
  }

  /** Runs the next event if it is due at or before `limit`; tells whether one ran. Time moves to that event. */
  runNext(limit: Micros): boolean {
    this.#dropCancelled();
    const next = this.#holds > 0 ? undefined : this.#heap[0];
    if (next === undefined || next.at > limit) return false;
    this.#pop();
    this.#now = next.at;
    next.run?.();
    return true;
  }

  /** Moves time forward to `at` without running anything. Precondition: no event is due before `at`. */
  advanceTo(at: Micros): void {
    if (at > this.#now && this.#holds === 0) this.#now = at;
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]?.run === undefined) this.#pop();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const other = heap[parent] as Entry;
      if (before(other, entry)) break;
      heap[i] = other;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && before(heap[right] as Entry, heap[child] as Entry)) child = right;
      if (before(last, heap[child] as Entry)) break;
      heap[i] = heap[child] as Entry;
      i = child;
    }
    heap[i] = last;
  }
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
