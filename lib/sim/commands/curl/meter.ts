import { type Micros, SECOND } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';

const HEAD = `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
`;

/** curl's progress meter on standard error (lib/progress.c). One head for all transfers of a run. */
export class Meter {
  down = 0;
  up = 0;
  /** What is to come, where that is known. */
  downTotal = 0;
  upTotal = 0;
  #shownAt: Micros | undefined;

  constructor(
    private readonly process: Process,
    private readonly on: boolean,
    private readonly startedAt: Micros,
  ) {}

  *begin(first: boolean): Generator<Wait, void, void> {
    if (this.on && first) yield* this.process.printError(HEAD);
    yield* this.show();
  }

  /** At most once a second while it goes on. */
  *tick(): Generator<Wait, void, void> {
    const { now } = this.process.machine.events;
    if (this.#shownAt !== undefined && now - this.#shownAt >= SECOND) yield* this.show();
  }

  *show(): Generator<Wait, void, void> {
    if (!this.on) return;
    const { now } = this.process.machine.events;
    this.#shownAt = now;
    const seconds = Math.max((now - this.startedAt) / SECOND, 1e-6);
    const [downSpeed, upSpeed] = [this.down / seconds, this.up / seconds].map(Math.floor) as [number, number];
    const total = this.downTotal + this.upTotal;
    const done = this.down + this.up;
    const rate = this.downTotal > 0 ? this.downTotal / Math.max(downSpeed, 1) : 0;
    const left = rate > 0 && downSpeed > 0 ? Math.floor(rate - seconds) : 0;
    yield* this.process.printError(
      [
        `\r${percent(done, total)} ${size(total)}`,
        `${percent(this.down, this.downTotal)} ${size(this.down)}`,
        `${percent(this.up, this.upTotal)} ${size(this.up)}`,
        `${size(downSpeed)}`,
        `${size(upSpeed)} ${clock(Math.floor(rate))} ${clock(Math.floor(seconds))} ${clock(left)} ${size(downSpeed + upSpeed)}`,
      ].join('  '),
    );
  }

  /** The last state, and the end of its line. */
  *end(): Generator<Wait, void, void> {
    yield* this.show();
    if (this.on) yield* this.process.printError('\n');
  }
}

const percent = (part: number, whole: number): string =>
  String(whole > 0 ? Math.floor((part * 100) / whole) : 0).padStart(3);

/** max5data(): five characters for any number of bytes. */
function size(bytes: number): string {
  if (bytes < 100_000) return String(bytes).padStart(5);
  const kibi = bytes / 1024;
  if (kibi < 10_000) return `${String(Math.floor(kibi)).padStart(4)}k`;
  const mebi = kibi / 1024;
  if (mebi < 100) return `${String(Math.floor(mebi)).padStart(2)}.${Math.floor((mebi % 1) * 10)}M`;
  return mebi < 10_000 ? `${String(Math.floor(mebi)).padStart(4)}M` : `${String(Math.floor(mebi / 1024)).padStart(4)}G`;
}

function clock(seconds: number): string {
  if (seconds <= 0) return '--:--:--';
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
