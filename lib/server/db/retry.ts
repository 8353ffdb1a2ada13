import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';

/** Locked, unreachable, too busy, or lost a race with another transaction: the same call may succeed in a moment. */
const transientCodes = new Set([
  'P1001', // cannot reach the server
  'P1002', // reached, timed out
  'P1008', // operation timed out; the SQLite adapter says this for SQLITE_BUSY
  'P1017', // server closed the connection
  'P2024', // no connection free in time
  'P2028', // no transaction begun in time
  'P2034', // write conflict or deadlock
]);
const transientTexts = [
  /SQLITE_BUSY|database is locked|SocketTimeout/,
  /SQLITE_CANTOPEN|unable to open (database|connection)|disk I\/O error/i,
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/,
  /ConnectionClosed|DatabaseNotReachable|TooManyConnections|TransactionWriteConflict/,
  /Connection terminated|terminating connection|timeout exceeded when trying to connect|Client has encountered a connection error/,
  /the database system is (starting up|shutting down|in recovery)|too many clients/,
  /canceling statement due to (lock|statement) timeout/,
];

export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AppError) return error.code === 'unavailable';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && transientCodes.has(code)) return true;
  const meta = JSON.stringify((error as { meta?: unknown }).meta ?? '');
  const text = `${error.message} ${meta}`;
  return transientTexts.some((pattern) => pattern.test(text)) || isOutage(error.cause);
}

const firstPause = 15;
const longestPause = 250;

/**
 * Runs `work` again, with growing pauses, while the database is locked or away. `work` must be safe to repeat: one
 * statement, or one transaction.
 * @param patience milliseconds after which it gives up
 * @throws AppError 'unavailable' when patience ends; any other error at once
 */
export async function withRetry<T>(work: () => Promise<T>, patience = 1_000): Promise<T> {
  const end = performance.now() + patience;
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await work();
    } catch (error) {
      // An AppError was decided further inside, with all patience there was.
      if (error instanceof AppError || !isOutage(error)) throw error;
      if (performance.now() + pause > end) throw unavailable(error);
      // Half of it by chance, so that those who wait do not all come back at once.
      await sleep(pause / 2 + (Math.random() * pause) / 2);
    }
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError(
    'unavailable',
    'The server cannot reach its database right now. Nothing is lost; it will be tried again.',
    { retryAfter: 2, cause },
  );
}
