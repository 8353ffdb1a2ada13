import type { Process, Wait } from '../../os/index.ts';

const DOTS = 50;
const ROW = DOTS * 1024;

/** wget's progress where standard error is no terminal: a dot for each KiB, 50 in a row (progress.c). */
export class Progress {
  #shown = 0;
  #bytes = 0;
  readonly #startedAt: number;

  constructor(
    private readonly process: Process,
    private readonly on: boolean,
    private readonly total: number | undefined,
  ) {
    this.#startedAt = process.machine.events.now;
  }

  get seconds(): number {
    return (this.process.machine.events.now - this.#startedAt) / 1e6;
  }

  *begin(): Generator<Wait, void, void> {
    if (this.on) yield* this.process.printError('\n     0K');
  }

  *add(bytes: number): Generator<Wait, void, void> {
    this.#bytes += bytes;
    if (!this.on) return;
    let text = '';
    for (; (this.#shown + 1) * 1024 <= this.#bytes; this.#shown++) {
      if (this.#shown > 0 && this.#shown % DOTS === 0) text += `${this.#stats(false)}\n${rowHead(this.#shown)}`;
      text += this.#shown % 10 === 0 ? ' .' : '.';
    }
    yield* this.process.printError(text);
  }

  *end(): Generator<Wait, void, void> {
    if (!this.on) return;
    let text = '';
    if (this.#shown > 0 && this.#shown % DOTS === 0 && this.#bytes % ROW !== 0) {
      text += `${this.#stats(false)}\n${rowHead(this.#shown)}`;
    }
    const dots = this.#shown % DOTS;
    const full = this.#shown > 0 && dots === 0 && this.#bytes % ROW === 0;
    const used = full ? 55 : dots + Math.ceil(dots / 10);
    yield* this.process.printError(`${text}${' '.repeat(55 - used)}${this.#stats(true)}\n\n`);
  }

  #stats(last: boolean): string {
    const done = last ? this.#bytes : this.#shown * 1024;
    const percent =
      this.total === undefined
        ? ''
        : `${String(this.total === 0 ? 100 : Math.floor((done * 100) / this.total)).padStart(3)}%`;
    const { number, unit } = rate(done, this.seconds);
    const speed = ` ${number.padStart(4)}${unit}`;
    return last ? `${percent}${speed}=${duration(this.seconds)}` : `${percent}${speed} 0s`;
  }
}

const rowHead = (dots: number): string => `${String(dots).padStart(6)}K`;

/** Bytes in a second, with three digits and the letter of their unit. */
export function rate(bytes: number, seconds: number): { number: string; unit: string } {
  let value = bytes / Math.max(seconds, 1e-6);
  const units = ['B', 'K', 'M', 'G', 'T'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return { number: value.toFixed(digits), unit: units[unit] as string };
}

/** Seconds as wget prints them; less than half a millisecond is nothing. */
export function duration(seconds: number): string {
  if (seconds >= 9.95) return `${seconds.toFixed(0)}s`;
  if (seconds >= 0.95) return `${seconds.toFixed(1)}s`;
  return seconds < 0.0005 ? '0s' : `${Number(seconds.toPrecision(1))}s`;
}
