/** What the pacer moves: a session, or anything that runs in virtual microseconds. */
export type Paced = {
  advance(
    until: number,
    budget: number,
  ): { now: number; phase: 'setup' | 'replay' | 'live'; busy: boolean; loading: boolean; nextAt: number | undefined };
};

export type Turn =
  /** Take the next turn as soon as messages have had theirs. */
  | { readonly after: 'now' }
  /** Take it in so many milliseconds. */
  | { readonly after: number }
  /** Nothing will happen until somebody types. */
  | { readonly after: 'input' };

/** A turn shall take about so long: short enough that a key pressed meanwhile is not felt to wait. */
const TURN_MS = 10;
const EVENTS_PER_TURN = { first: 1_000, least: 200, most: 50_000 } as const;
/** While a program loads, time stands still; this is how long until the next look. */
const LOOK_AGAIN_MS = 15;
/** Before a key is taken, time comes up to now; work that would take longer waits until after it. */
const EVENTS_BEFORE_INPUT = 500;
/** While the machine works, time that the browser took away (a sleeping laptop, a throttled tab) is not caught up with. */
const LONGEST_WORKING_GAP_MS = 1_000;
/** At rest a longer gap may pass at once: nothing but timers are due. */
const LONGEST_RESTING_GAP_MS = 60_000;
/** After so long without a key, time stands still: a forgotten ping shall not run all night. */
export const PAUSE_AFTER_MS = 10 * 60_000;

/**
 * Ties virtual time to wall time, one to one, so that ping prints once a second. Wall time is an argument (milliseconds
 * of any monotonic clock). Work that takes longer than its virtual time slows virtual time down; it never piles up.
 */
export class Pacer {
  readonly #session: Paced;
  /** Virtual time that corresponds to `#wall`. */
  #virtual = 0;
  #wall: number | undefined;
  #lastInput: number;
  #resting = false;
  #busy = false;
  #budget: number = EVENTS_PER_TURN.first;

  constructor(session: Paced, wall: number) {
    this.#session = session;
    this.#lastInput = wall;
  }

  isPaused(wall: number): boolean {
    return wall - this.#lastInput > PAUSE_AFTER_MS;
  }

  /** Somebody is there: call before what they did goes to the session, so that it happens at the right virtual time. */
  input(wall: number): void {
    if (this.isPaused(wall)) this.#wall = wall;
    this.#lastInput = wall;
    if (this.#wall !== undefined && !this.#busy) this.#work(wall, EVENTS_BEFORE_INPUT);
  }

  /** One slice of work. Says when to come again. */
  turn(wall: number): Turn {
    if (this.isPaused(wall)) return { after: 'input' };
    return this.#work(wall, this.#budget);
  }

  /** How long the last turn took: turns of a busy machine become shorter or longer by it. */
  took(milliseconds: number): void {
    if (!this.#busy) return;
    const fitting = this.#budget * Math.min(2, TURN_MS / Math.max(0.1, milliseconds));
    this.#budget = Math.round(Math.min(EVENTS_PER_TURN.most, Math.max(EVENTS_PER_TURN.least, fitting)));
  }

  #work(wall: number, budget: number): Turn {
    const { now, phase, busy, loading, nextAt } = this.#session.advance(this.#due(wall), budget);
    if (phase !== 'live') {
      this.#busy = busy;
      this.#wall = undefined;
      return { after: loading ? LOOK_AGAIN_MS : 'now' };
    }
    this.#virtual = now;
    this.#wall = wall;
    this.#busy = busy;
    this.#resting = !busy && nextAt === undefined;
    if (loading) return { after: LOOK_AGAIN_MS };
    if (busy) return { after: 'now' };
    return nextAt === undefined ? { after: 'input' } : { after: Math.max(1, (nextAt - now) / 1_000) };
  }

  /** The virtual time that it should be. */
  #due(wall: number): number {
    if (this.#wall === undefined) return this.#virtual;
    const gap = Math.min(wall - this.#wall, this.#resting ? LONGEST_RESTING_GAP_MS : LONGEST_WORKING_GAP_MS);
    return Math.floor(this.#virtual + Math.max(0, gap) * 1_000);
  }
}
