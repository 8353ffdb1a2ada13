import type { EventResult } from '../../progress/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type Database, isOutage, withRetry } from '../db/index.ts';
import { type Applied, applySubmissions, type Submission } from './apply.ts';

/** Learners written for in one transaction at most. */
const batchSize = 50;
/** More than this waiting means that the database is much too slow or away: say so instead of piling up. */
const longestQueue = 2_000;

type Waiting = { submission: Submission; resolve: (results: EventResult[]) => void; reject: (error: unknown) => void };

/**
 * Writes progress, one transaction after another, each with all that came in while the last one ran. One learner alone
 * does not wait; fifty at once share the price of a transaction. What `submit` resolves to is committed.
 */
export class ProgressWriter {
  readonly #database: () => Database;
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(database: () => Database) {
    this.#database = database;
  }

  /** @throws AppError `unavailable` when the database stays away; `unauthenticated` when there is no such learner */
  submit(submission: Submission): Promise<EventResult[]> {
    if (this.#waiting.length >= longestQueue)
      return Promise.reject(
        new AppError('unavailable', 'The server is too busy to keep progress right now. It will be tried again.', {
          retryAfter: 5,
        }),
      );
    return new Promise((resolve, reject) => {
      this.#waiting.push({ submission, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Whatever else arrives in this turn of the event loop joins the first transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, batchSize));
    this.#running = false;
  }

  async #write(batch: Waiting[]): Promise<void> {
    try {
      const applied = await this.#apply(batch.map(({ submission }) => submission));
      for (const [index, waiting] of batch.entries()) settle(waiting, applied[index]);
    } catch (error) {
      // One that cannot be applied must not take the others with it.
      if (batch.length === 1 || isOutage(error)) for (const { reject } of batch) reject(error);
      else for (const waiting of batch) await this.#write([waiting]);
    }
  }

  async #apply(submissions: Submission[]): Promise<Applied[]> {
    return await withRetry(() => this.#database().$transaction((tx) => applySubmissions(tx, submissions)));
  }
}

function settle({ resolve, reject }: Waiting, applied: Applied | undefined): void {
  if (Array.isArray(applied)) resolve(applied);
  else reject(applied ?? new Error('a submission without results'));
}
