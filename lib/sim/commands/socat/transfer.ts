import { type Micros, strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { Failure } from './failure.ts';
import type { Channel } from './open.ts';

const BLOCK = 8_192;

/** One direction: what was read and not written yet, and whether it is over. */
class Pump {
  #pending: Uint8Array = new Uint8Array();
  over: boolean;

  constructor(
    readonly from: Channel,
    readonly to: Channel,
  ) {
    this.over = from.input === undefined || to.output === undefined;
  }

  /** Moves what can be moved; whether anything was. */
  *step(): Generator<Wait, boolean, void> {
    const { input } = this.from;
    const { output } = this.to;
    if (this.over || input === undefined || output === undefined) return false;
    if (this.#pending.length === 0) {
      const read = input.read(BLOCK);
      if (read.ok && read.value === 'again') return false;
      // The address of the buffer says nothing; the real one prints it all the same.
      if (!read.ok) throw new Failure(`read(${this.from.fd}, 0x55d0c5a01000, ${BLOCK}): ${strerror(read.error.errno)}`);
      if (read.value === 'eof') {
        this.over = true;
        this.to.endOutput();
        return true;
      }
      this.#pending = (read.value as Uint8Array).slice();
    }
    const written = output.write(this.#pending);
    if (output.settle !== undefined) yield* output.settle();
    if (!written.ok) this.over = true;
    else this.#pending = this.#pending.subarray(written.value);
    return !written.ok || written.value > 0;
  }

  get queues() {
    if (this.over) return [];
    const queue = this.#pending.length > 0 ? this.to.output?.writable : this.from.input?.readable;
    return queue === undefined ? [] : [queue];
  }
}

/**
 * Carries data both ways, or with `oneWay` from the first to the second. Behind the end of one direction the other has
 * `grace` left; `idle` ends both when nothing comes for so long.
 */
export function* transfer(
  process: Process,
  first: Channel,
  second: Channel,
  how: { readonly oneWay: boolean; readonly grace: Micros; readonly idle: Micros | undefined },
): Generator<Wait, void, void> {
  const { events } = process.machine;
  const pumps = how.oneWay ? [new Pump(first, second)] : [new Pump(first, second), new Pump(second, first)];
  let endsAt: Micros | undefined;
  for (;;) {
    let moved = false;
    for (const pump of pumps) if (yield* pump.step()) moved = true;
    const open = pumps.filter((pump) => !pump.over);
    if (open.length === 0) return;
    if (open.length < pumps.length) endsAt ??= events.now + how.grace;
    if (endsAt !== undefined && events.now >= endsAt) return;
    if (moved) continue;
    const idleAt = how.idle === undefined ? undefined : events.now + how.idle;
    const until = Math.min(endsAt ?? Number.POSITIVE_INFINITY, idleAt ?? Number.POSITIVE_INFINITY);
    const queues = open.flatMap((pump) => pump.queues);
    yield Number.isFinite(until) ? { queues, until } : { queues };
    if (idleAt !== undefined && events.now >= idleAt) return;
  }
}
