import type { LogEntry } from '@/lib/sim/session';
import type { LogStore } from './log-store';

/** An empty log cannot be stored; this entry does nothing, and says that the terminal was begun anew. */
const BEGINNING: LogEntry = { at: 0, tty: 0, kind: 'tick', data: '' };
/** What a person did is stored at once, as far as it can be; where the world has come to is stored with the next of these. */
const GATHER_MS = 30;
const GATHER_TICKS_MS = 800;

/**
 * The page's own copy of the log, which outlives any crash of the worker, and its way to the store: new entries are
 * appended in order; when somebody else went on with the branch, everything is stored as a branch of its own.
 */
export class LogKeeper {
  readonly #store: LogStore;
  readonly #simVersion: () => number;
  readonly seed: number;
  #branch: string;
  #entries: LogEntry[];
  #stored: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #off: () => void;

  constructor(
    store: LogStore,
    options: { simVersion: () => number; seed: number; branch?: string; entries?: readonly LogEntry[] },
  ) {
    this.#store = store;
    this.#simVersion = options.simVersion;
    this.seed = options.seed;
    this.#branch = options.branch ?? crypto.randomUUID();
    this.#entries = [...(options.entries ?? [])];
    this.#stored = this.#entries.length;
    this.#off = store.onConflict((branch) => {
      if (branch === this.#branch) this.#fork();
    });
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  append(entry: LogEntry): void {
    this.#entries.push(entry);
    if (entry.kind !== 'tick') this.#flushWithin(GATHER_MS);
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_TICKS_MS);
  }

  #flushWithin(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), milliseconds);
  }

  /** Hands over what has gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#stored === this.#entries.length) return;
    const entries = this.#entries.slice(this.#stored);
    this.#append(this.#stored, entries);
    this.#stored = this.#entries.length;
  }

  /** Begins a new branch with these entries. What was stays stored; the result makes it the one to go on with again. */
  replace(entries: readonly LogEntry[]): () => void {
    this.flush();
    const before = { branch: this.#branch, entries: this.#entries };
    this.#begin(entries);
    return () => {
      this.flush();
      this.#branch = before.branch;
      this.#entries = before.entries;
      this.#stored = before.entries.length;
      this.#store.resume(before.branch);
    };
  }

  end(): void {
    this.flush();
    this.#off();
  }

  #begin(entries: readonly LogEntry[]): void {
    this.#entries = entries.length > 0 ? [...entries] : [BEGINNING];
    this.#fork();
  }

  #fork(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#branch = crypto.randomUUID();
    this.#append(0, this.#entries);
    this.#stored = this.#entries.length;
  }

  #append(from: number, entries: readonly LogEntry[]): void {
    this.#store.append({ branch: this.#branch, from, entries, simVersion: this.#simVersion(), seed: this.seed });
  }
}
