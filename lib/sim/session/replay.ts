import type { Micros } from '../base/index.ts';
import { isLogEntry, type LogEntry } from './log.ts';

/**
 * Where a replay stands. An entry is due at its time; if the world behaves otherwise than when it was recorded, the
 * entry may find no prompt yet and waits, later entries follow it, and that is told once.
 */
export class Replay {
  readonly #log: readonly LogEntry[];
  readonly #patience: Micros;
  readonly #onDiverged: () => void;
  #diverged = false;
  #waitingUntil: Micros | undefined;
  done = 0;

  /** `patience`: how long an entry that finds no prompt waits for one. */
  constructor(log: readonly LogEntry[], patience: Micros, onDiverged: () => void) {
    this.#patience = patience;
    this.#log = log.filter(isLogEntry);
    this.#onDiverged = onDiverged;
    if (this.#log.length < log.length) this.#diverge();
  }

  get next(): LogEntry | undefined {
    return this.#log[this.done];
  }

  /** Up to when to run before the next entry. */
  dueAt(now: Micros): Micros {
    if (this.#waitingUntil !== undefined) return Math.min(this.#waitingUntil, now + WAITING_STEP);
    return Math.max(now, this.next?.at ?? now);
  }

  /** The entry is done, as it was when it was recorded or not. */
  took(asBefore: boolean): void {
    this.done++;
    this.#waitingUntil = undefined;
    if (!asBefore) this.#diverge();
  }

  /** Whether to run on and try the entry again. */
  wait(now: Micros): boolean {
    this.#diverge();
    this.#waitingUntil ??= now + this.#patience;
    return now < this.#waitingUntil;
  }

  #diverge(): void {
    if (this.#diverged) return;
    this.#diverged = true;
    this.#onDiverged();
  }
}

const WAITING_STEP: Micros = 10_000;
