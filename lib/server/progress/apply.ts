import { type EventOf, type EventResult, stateOf } from '../../progress/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Transaction } from '../db/index.ts';
import type { CheckedEvent } from './check-event.ts';
import { AttemptTable } from './quiz-attempts.ts';
import { type KeyedState, readStates, StateTable, writeStates } from './rows.ts';
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

  const learnerIds = [...new Set(events.map(({ learnerId }) => learnerId))];
  const states = new StateTable(
    await readStates(tx, learnerIds, [...new Set(events.map(({ event }) => event.lessonId))]),
  );
  const attempts = await AttemptTable.read(
    tx,
    events.flatMap(({ learnerId, event }) => (event.type === 'quiz.answered' ? [{ ...event, learnerId }] : [])),
  );
  const logs = await LogTable.read(
    tx,
    events.flatMap(({ learnerId, event }) => (isTerminal(event) ? [{ learnerId, event }] : [])),
  );

  const changed = new Set<string>();
  const results = owned.map(({ learnerId, events }) => {
    if (!learnerId) return gone();
    return events.map((checked) => applyOne(learnerId, checked, { states, attempts, logs, changed }, now));
  });

  await attempts.write(tx);
  await logs.write(tx);
  await writeStates(
    tx,
    states.all().filter(({ learnerId, lessonId }) => changed.has(`${learnerId} ${lessonId}`)),
  );
  return results;
}

type Tables = { states: StateTable; attempts: AttemptTable; logs: LogTable; changed: Set<string> };

function applyOne(
  learnerId: string,
  checked: CheckedEvent,
  { states, attempts, logs, changed }: Tables,
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
  if (event.type !== 'terminal.resumed' && !isNewsless(event, states.get({ learnerId, lessonId }))) {
    if (states.add({ learnerId, lessonId, state: stateOf(event) })) changed.add(`${learnerId} ${lessonId}`);
  }
  const quiz = attempts.add(learnerId, checked);
  return { id, status: 'accepted', ...(quiz && { quiz }) };
}

function isTerminal(event: CheckedEvent['event']): event is EventOf<'terminal.appended' | 'terminal.resumed'> {
  return event.type === 'terminal.appended' || event.type === 'terminal.resumed';
}

const minute = 60_000;

/** Typing says that somebody is at this lesson; once a minute is enough to know which one was the last. */
function isNewsless({ type, at }: CheckedEvent['event'], known: KeyedState | undefined): boolean {
  return type === 'terminal.appended' && known !== undefined && at - known.state.updatedAt.getTime() < minute;
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
