import type { Micros } from '../../base/index.ts';

/** What bounds a rate: full at first, one token more every `interval`, never more than `burst`. */
export class TokenBucket {
  readonly #interval: Micros;
  readonly #most: Micros;
  #credit: Micros;
  #before: Micros | undefined;

  constructor(interval: Micros, burst: number) {
    this.#interval = interval;
    this.#most = interval * burst;
    this.#credit = this.#most;
  }

  /** Takes `tokens` if there are as many. */
  take(now: Micros, tokens = 1): boolean {
    this.#credit = this.creditAt(now);
    this.#before = now;
    if (this.#credit < this.#interval * tokens) return false;
    this.#credit -= this.#interval * tokens;
    return true;
  }

  /** What it holds, in time: `interval` for each token. */
  creditAt(now: Micros): Micros {
    return Math.min(this.#most, this.#credit + now - (this.#before ?? now));
  }
}
