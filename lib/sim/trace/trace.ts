import type { Micros } from '../base/index.ts';
import type { TraceEvent } from './events.ts';
import { RollingHash } from './hash.ts';

/**
 * What everything that happens to packets in a world is told to, in order.
 *
 * Each occurrence is folded into the hash, always: `fold` takes its numbers and is cheap. The event object is made only
 * when somebody listens: callers write `if (trace.live) trace.publish({…})` behind their fold.
 */
export class Trace {
  readonly #clock: { readonly now: Micros };
  readonly #hash = new RollingHash();
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  /** True while somebody listens. */
  live = false;

  constructor(clock: { readonly now: Micros }) {
    this.#clock = clock;
  }

  get now(): Micros {
    return this.#clock.now;
  }

  /** One occurrence: its EVENT_CODE, where (a number of the namespace), and what tells it from others of its kind. */
  fold(code: number, netns: number, a: number, b: number, c: number): void {
    const hash = this.#hash;
    hash.fold(code);
    hash.fold(this.#clock.now);
    hash.fold(netns);
    hash.fold(a);
    hash.fold(b);
    hash.fold(c);
  }

  publish(event: TraceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls `listener` for every event from now on; the returned function ends it. */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    this.live = true;
    return () => {
      this.#listeners.delete(listener);
      this.live = this.#listeners.size > 0;
    };
  }

  /** 16 hex digits over everything so far: same seed and same log give the same one. */
  hash(): string {
    return this.#hash.digest();
  }
}
