import { batchSchema, type EventResult, limits } from '../../progress/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type Database, db, withRetry } from '../db/index.ts';
import { type CheckedEvent, checkEvent } from './check-event.ts';
import type { CourseContent } from './content.ts';
import { ProgressWriter } from './writer.ts';

export type Batch = { learner: string | null; events: unknown[] };

/** @throws AppError `invalid-input` */
export function parseBatch(body: unknown): Batch {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success)
    throw new AppError('invalid-input', `Send {"learner": id or null, "events": [1 to ${limits.events} events]}.`);
  return parsed.data;
}

/**
 * Events that the browser noted for one account are not given to another that is signed in now; they wait until their
 * owner is back. Those of a guest go to whoever uses this browser.
 *
 * @throws AppError `other-learner`
 */
export async function requireOwn(batch: Batch, learnerId: string | undefined): Promise<void> {
  const { learner } = batch;
  if (!learner || learner === learnerId) return;
  const noted = await withRetry(() => db().learner.findUnique({ where: { id: learner }, select: { kind: true } }));
  if (noted?.kind === 'account')
    throw new AppError(
      'other-learner',
      'These steps belong to another account. They wait in this browser until it signs in again.',
    );
}

const kept = globalThis as { hopwiseWriter?: ProgressWriter };

function siteWriter(): ProgressWriter {
  kept.hopwiseWriter ??= new ProgressWriter(db);
  return kept.hopwiseWriter;
}

export function makeWriter(database: Database): ProgressWriter {
  return new ProgressWriter(() => database);
}

/** Checks and stores the events of one request. @returns one result for each event, in order */
export async function receive(
  learnerId: string,
  events: unknown[],
  content: CourseContent,
  writer = siteWriter(),
): Promise<EventResult[]> {
  const now = Date.now();
  const checks = await Promise.all(events.map((event) => checkEvent(event, content, now)));
  const accepted: CheckedEvent[] = checks.flatMap((check) => (check.ok ? [check.checked] : []));
  const stored = accepted.length > 0 ? await writer.submit({ learnerId, events: accepted }) : [];
  const results = stored.values();
  return checks.map((check) => (check.ok ? (results.next().value as EventResult) : check.result));
}
