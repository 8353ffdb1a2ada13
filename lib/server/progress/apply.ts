import { LRUCache } from 'lru-cache';
import { type EventOf, type EventResult, type ProgressEvent, stateOf } from '../../progress/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Transaction } from '../db/index.ts';
import type { CheckedEvent } from './check-event.ts';
import { AttemptTable } from './quiz-attempts.ts';
import { keyOf, readStates, StateTable, writeStates } from './rows.ts';
import { LogTable } from './terminal-logs.ts';

/** Events of one learner that came in one request. */
export type Submission = { learnerId: string; events: CheckedEvent[] };
export type Applied = EventResult[] | AppError;

/**
 * Applies the submissions of many learners in one transaction, with a number of statements that does not grow with the
 * number of events: read what they touch, decide in memory, write what changed.
 *
 * @returns for each submission its results, or why none of it was applied
 */
export async function applySubmissions(
  tx: Transaction,
  submissions: readonly Submission[],
  now = new Date(),
): Promise<Applied[]> {
  const owners = await lockLearners(tx, submissions, now);
  const owned = submissions.map(({ learnerId, events }) => ({ learnerId: owners.get(learnerId), events }));
  const events = owned.flatMap(({ learnerId, events }) =>
    learnerId ? events.map((checked) => ({ learnerId, checked, event: checked.event })) : [],
  );

  const telling = events.filter(({ learnerId, event }) => !isKnownTyping(learnerId, event));
  const states = await knownStates(tx, telling);
  const attempts = await AttemptTable.read(
    tx,
    events.flatMap(({ learnerId, event }) => (event.type === 'quiz.answered' ? [{ ...event, learnerId }] : [])),
  );
  const logs = await LogTable.read(
    tx,
    events.flatMap(({ learnerId, event }) => (isTerminal(event) ? [{ learnerId, event }] : [])),
  );

  const changed = new Set<string>();
  const tables = { states, attempts, logs, changed, telling: new Set(telling.map(({ event }) => event)) };
  const results = owned.map(({ learnerId, events }) => {
    if (!learnerId) return gone();
    return events.map((checked) => applyOne(learnerId, checked, tables, now));
  });

  await attempts.write(tx);
  await logs.write(tx);
  await writeStates(
    tx,
    states.all().filter(({ learnerId, lessonId }) => changed.has(keyOf({ learnerId, lessonId }))),
  );
  return results;
}

type Tables = {
  states: StateTable;
  attempts: AttemptTable;
  logs: LogTable;
  changed: Set<string>;
  /** Events that may change a lesson's state: of these it was read. */
  telling: Set<ProgressEvent>;
};

function applyOne(
  learnerId: string,
  checked: CheckedEvent,
  { states, attempts, logs, changed, telling }: Tables,
  now: Date,
): EventResult {
  const { event } = checked;
  const { id, lessonId } = event;
  if (isTerminal(event)) {
    const outcome =
      event.type === 'terminal.resumed'
        ? logs.resume(learnerId, event, now)
        : logs.append(learnerId, event, checked.bytes, now);
    if (!outcome.ok) return { id, status: 'rejected', reason: outcome.reason, message: outcome.message };
  }
  const mayTell = telling.has(event) && !isNewsless(event, states.get({ learnerId, lessonId })?.state.updatedAt);
  if (mayTell && event.type !== 'terminal.resumed') {
    if (states.add({ learnerId, lessonId, state: stateOf(event) })) changed.add(keyOf({ learnerId, lessonId }));
  }
  const quiz = attempts.add(learnerId, checked);
  return { id, status: 'accepted', ...(quiz && { quiz }) };
}

function isTerminal(event: CheckedEvent['event']): event is EventOf<'terminal.appended' | 'terminal.resumed'> {
  return event.type === 'terminal.appended' || event.type === 'terminal.resumed';
}

const minute = 60_000;

/** When lessons were last found to be worked at, as the database said: while somebody types, it need not be asked again. */
const active = new LRUCache<string, Date>({ max: 10_000, ttl: minute });

async function knownStates(tx: Transaction, events: { learnerId: string; event: ProgressEvent }[]) {
  const rows = await readStates(
    tx,
    [...new Set(events.map(({ learnerId }) => learnerId))],
    [...new Set(events.map(({ event }) => event.lessonId))],
  );
  for (const row of rows) active.set(keyOf(row), row.state.updatedAt);
  return new StateTable(rows);
}

function isKnownTyping(learnerId: string, event: ProgressEvent): boolean {
  return isNewsless(event, active.get(keyOf({ learnerId, lessonId: event.lessonId })));
}

/** Typing says that somebody is at this lesson; once a minute is enough to know which one was the last. */
function isNewsless({ type, at }: ProgressEvent, known: Date | undefined): boolean {
  return type === 'terminal.appended' && known !== undefined && at - known.getTime() < minute;
}

/**
 * Notes that the learners were here; being the first write, this also keeps other transactions from writing for them.
 *
 * @returns whose row each one's events belong to: a guest's that was merged a moment ago go to the account
 */
async function lockLearners(
  tx: Transaction,
  submissions: readonly Submission[],
  now: Date,
): Promise<Map<string, string>> {
  const ids = [...new Set(submissions.map(({ learnerId }) => learnerId))].sort();
  const rows = await tx.learner.updateManyAndReturn({
    where: { id: { in: ids } },
    data: { lastSeenAt: now },
    select: { id: true, mergedIntoId: true },
  });
  return new Map(rows.map(({ id, mergedIntoId }) => [id, mergedIntoId ?? id]));
}

function gone(): AppError {
  return new AppError('unauthenticated', 'This learner is no longer known here.');
}
