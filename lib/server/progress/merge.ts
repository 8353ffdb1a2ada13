import { randomUUID } from 'node:crypto';
import { db, type Transaction, withRetry } from '../db/index.ts';
import { StateTable, stateOfRow, writeStates } from './rows.ts';

/**
 * Gives an account what a guest has done, and loses none of it: of a lesson known to both the states are merged, every
 * answer to a question and every branch of a terminal is kept. Doing it again changes nothing.
 */
export async function mergeGuest(guestId: string, accountId: string): Promise<void> {
  await withRetry(() => db().$transaction((tx) => merge(tx, guestId, accountId)));
}

async function merge(tx: Transaction, guestId: string, accountId: string): Promise<void> {
  // Writing first takes the rows: whoever else merges this guest or writes for it waits here.
  await tx.learner.updateMany({ where: { id: { in: [guestId, accountId] } }, data: { lastSeenAt: new Date() } });
  const guest = await tx.learner.findUnique({ where: { id: guestId }, select: { kind: true, mergedIntoId: true } });
  if (guest?.kind !== 'guest' || guest.mergedIntoId) return;
  await mergeLessons(tx, guestId, accountId);
  await mergeAttempts(tx, guestId, accountId);
  await mergeTerminals(tx, guestId, accountId);
  await tx.learner.update({ where: { id: guestId }, data: { mergedIntoId: accountId } });
}

async function mergeLessons(tx: Transaction, guestId: string, accountId: string): Promise<void> {
  const rows = await tx.lessonState.findMany({ where: { learnerId: { in: [guestId, accountId] } } });
  const table = new StateTable();
  for (const row of rows) table.add({ learnerId: accountId, lessonId: row.lessonId, state: stateOfRow(row) });
  await tx.lessonState.deleteMany({ where: { learnerId: guestId } });
  await writeStates(tx, table.all());
}

async function mergeAttempts(tx: Transaction, guestId: string, accountId: string): Promise<void> {
  // An event that was sent by the guest and again by the account is one event.
  const own = await tx.quizAttempt.findMany({ where: { learnerId: accountId }, select: { id: true } });
  const known = new Set(own.map(({ id }) => id));
  const guests = await tx.quizAttempt.findMany({ where: { learnerId: guestId }, select: { id: true } });
  const twice = guests.flatMap(({ id }) => (known.has(id) ? [id] : []));
  if (twice.length > 0) await tx.quizAttempt.deleteMany({ where: { learnerId: guestId, id: { in: twice } } });
  await tx.quizAttempt.updateMany({ where: { learnerId: guestId }, data: { learnerId: accountId } });
}

async function mergeTerminals(tx: Transaction, guestId: string, accountId: string): Promise<void> {
  const own = await tx.terminalLog.findMany({ where: { learnerId: accountId }, select: branchKey });
  const known = new Set(own.map((log) => JSON.stringify(log)));
  const guests = await tx.terminalLog.findMany({ where: { learnerId: guestId }, select: { id: true, ...branchKey } });
  for (const { id, ...key } of guests) {
    if (known.has(JSON.stringify(key))) await tx.terminalLog.update({ where: { id }, data: { branch: randomUUID() } });
  }
  await tx.terminalLog.updateMany({ where: { learnerId: guestId }, data: { learnerId: accountId } });
}

const branchKey = { lessonId: true, terminalId: true, branch: true } as const;
