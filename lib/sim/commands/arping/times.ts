import type { Micros } from '../../base/index.ts';

/** Round-trip times, as arping sums them up. */
export class Times {
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #sum = 0;
  #squares = 0;
  #count = 0;

  add(took: Micros): void {
    this.#min = Math.min(this.#min, took);
    this.#max = Math.max(this.#max, took);
    this.#sum += took;
    this.#squares += took * took;
    this.#count++;
  }

  /** Precondition: there was one. */
  summary(): string {
    const mean = this.#sum / this.#count;
    const deviation = Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
    const [min, avg, max, deviated] = [this.#min, mean, this.#max, deviation].map((micros) =>
      (micros / 1000).toFixed(3),
    );
    return `rtt min/avg/max/std-dev = ${min}/${avg}/${max}/${deviated} ms`;
  }
}
