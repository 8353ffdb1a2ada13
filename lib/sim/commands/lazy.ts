import type { Process, Wait } from '../os/index.ts';

/** Something that is imported when it is first needed. */
export class Lazy<T> {
  readonly #source: () => Promise<T>;
  #loading: Promise<T> | undefined;
  /** Once it is there. */
  value: T | undefined;

  constructor(source: () => Promise<T>) {
    this.#source = source;
  }

  load(): Promise<T> {
    this.#loading ??= this.#source().then(
      (value) => {
        this.value = value;
        return value;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }
}

/**
 * Waits for something that is imported. It passes through the event queue once whether or not it is there, so that the
 * order of what happens in a world does not depend on what was loaded before.
 */
export function* arrival<T>(process: Process, lazy: Lazy<T>): Generator<Wait, T, void> {
  if (lazy.value === undefined) loadInPause(process, lazy);
  yield { until: process.machine.events.now };
  return lazy.value as T;
}

function loadInPause<T>(process: Process, lazy: Lazy<T>): void {
  const release = process.machine.events.hold();
  // Without the network it stays paused: the holder of the session says so, and tries again by `retryLoading`.
  const attempt = () => lazy.load().then(release, () => void failed.add(attempt));
  void attempt();
}

const failed = new Set<() => void>();

/** Tries again what could not be loaded; how much that was. */
export function retryLoading(): number {
  const attempts = [...failed];
  failed.clear();
  for (const attempt of attempts) attempt();
  return attempts.length;
}
