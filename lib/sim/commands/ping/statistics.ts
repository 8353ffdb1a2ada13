import type { Micros } from '../../base/index.ts';

/** The counters of one run of ping (struct ping_rts) and the summary they give. */
export class Statistics {
  transmitted = 0;
  received = 0;
  repeats = 0;
  corrupted = 0;
  errors = 0;
  /** Most packets that were under way at once. */
  pipe = -1;
  /** Eight times the moving average of the round-trip time, in µs. */
  rtt = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;
  #sum = 0;
  #squares = 0;
  #acknowledged = 0;
  #seen = new Set<number>();

  /** Sequence numbers are of 16 bits and come again. */
  sent(): void {
    this.transmitted++;
  }

  forget(seq: number): void {
    this.#seen.delete(seq & 0xffff);
  }

  has(seq: number): boolean {
    return this.#seen.has(seq & 0xffff);
  }

  /** Whether it was the first reply with this sequence number. */
  reply(seq: number): boolean {
    if (this.#seen.has(seq)) {
      this.repeats++;
      return false;
    }
    this.#seen.add(seq);
    this.received++;
    return true;
  }

  acknowledge(seq: number): void {
    const behind = (this.transmitted - seq) & 0xffff;
    if (behind > 0x7fff) return;
    if (behind + 1 > this.pipe) this.pipe = behind + 1;
    const ahead = ((seq - this.#acknowledged) << 16) >> 16;
    if (ahead > 0 || ((this.transmitted - this.#acknowledged) & 0xffff) > 0x7fff) this.#acknowledged = seq;
  }

  get inFlight(): number {
    const difference = (this.transmitted - this.#acknowledged) & 0xffff;
    return difference <= 0x7fff ? difference : this.transmitted - this.received - this.errors;
  }

  time(trip: Micros): void {
    this.#sum += trip;
    this.#squares += trip * trip;
    this.min = Math.min(this.min, trip);
    this.max = Math.max(this.max, trip);
    this.rtt = this.rtt === 0 ? trip * 8 : this.rtt + trip - Math.floor(this.rtt / 8);
  }

  get average(): Micros {
    const total = this.received + this.repeats;
    return total === 0 ? 0 : Math.floor(this.#sum / total);
  }

  get deviation(): Micros {
    const total = this.received + this.repeats;
    if (total === 0) return 0;
    return Math.floor(Math.sqrt(Math.max(0, (this.#squares - (this.#sum * this.#sum) / total) / total)));
  }

  /** `elapsed` is the time from the first packet to the last. `paced` is false where the interval was not kept. */
  summary(hostname: string, elapsed: Micros, options: { timed: boolean; paced: boolean }): string {
    const parts = [`${this.transmitted} packets transmitted`, `${this.received} received`];
    if (this.repeats > 0) parts.push(`+${this.repeats} duplicates`);
    if (this.corrupted > 0) parts.push(`+${this.corrupted} corrupted`);
    if (this.errors > 0) parts.push(`+${this.errors} errors`);
    if (this.transmitted > 0) {
      const loss = ((this.transmitted - this.received) * 100) / this.transmitted;
      parts.push(`${significant(loss)}% packet loss`, `time ${Math.floor((elapsed + 500) / 1000)}ms`);
    }
    return `\n--- ${hostname} ping statistics ---\n${parts.join(', ')}\n${this.#times(elapsed, options)}\n`;
  }

  #times(elapsed: Micros, { timed, paced }: { timed: boolean; paced: boolean }): string {
    const parts: string[] = [];
    if (this.received > 0 && timed) {
      const values = [this.min, this.average, this.max, this.deviation].map(milliseconds).join('/');
      parts.push(`rtt min/avg/max/mdev = ${values} ms`);
    }
    if (this.pipe > 1) parts.push(`pipe ${this.pipe}`);
    if (this.received > 0 && !paced && this.transmitted > 1) {
      const gap = Math.floor(elapsed / (this.transmitted - 1));
      parts.push(`ipg/ewma ${milliseconds(gap)}/${milliseconds(Math.floor(this.rtt / 8))} ms`);
    }
    return parts.join(', ');
  }
}

/** `0.088`: milliseconds with three digits. */
export const milliseconds = (micros: Micros): string =>
  `${Math.floor(micros / 1000)}.${String(Math.floor(micros % 1000)).padStart(3, '0')}`;

/** printf's %g: six significant digits without zeros at the end. */
const significant = (value: number): string => String(Number(value.toPrecision(6)));

/** The time of one reply, with fewer digits the longer it took (gather_statistics()). */
export function roundTrip(trip: Micros): string {
  if (trip >= 100_000 - 50) return String(Math.floor((trip + 500) / 1000));
  if (trip >= 10_000 - 5) return ((Math.floor((trip + 50) / 100) * 100) / 1000).toFixed(1);
  if (trip >= 1000) return ((Math.floor((trip + 5) / 10) * 10) / 1000).toFixed(2);
  return milliseconds(trip);
}
