import { type LessonState, mergeStates } from '../../progress/index.ts';
import type { LessonState as LessonRow, Transaction } from '../db/index.ts';
import { Prisma } from '../db/index.ts';

/** LessonState as it is stored, one row for a learner and a lesson. */
export type LessonKey = { learnerId: string; lessonId: string };
export type KeyedState = LessonKey & { state: LessonState };

export function stateOfRow(row: LessonRow): LessonState {
  const { startedAt, completedAt, confidence, ratedAt, updatedAt } = row;
  return { startedAt, completedAt, confidence, ratedAt, updatedAt, position: row.position as LessonState['position'] };
}

export async function readStates(tx: Transaction, learnerIds: string[], lessonIds: string[]): Promise<KeyedState[]> {
  if (lessonIds.length === 0) return [];
  const rows = await tx.lessonState.findMany({ where: { learnerId: { in: learnerIds }, lessonId: { in: lessonIds } } });
  return rows.map((row) => ({ learnerId: row.learnerId, lessonId: row.lessonId, state: stateOfRow(row) }));
}

/** Writes each row whole. Deleting and inserting are two statements for any number of rows; updating would be one each. */
export async function writeStates(tx: Transaction, states: KeyedState[]): Promise<void> {
  if (states.length === 0) return;
  const keys = states.map(({ learnerId, lessonId }) => ({ learnerId, lessonId }));
  await tx.lessonState.deleteMany({ where: { OR: keys } });
  await tx.lessonState.createMany({
    data: states.map(({ state: { position, ...state }, ...key }) => ({
      ...key,
      ...state,
      position: position ?? Prisma.DbNull,
    })),
  });
}

/** States by learner and lesson, each further one merged into what is there. */
export class StateTable {
  readonly #states = new Map<string, KeyedState>();

  constructor(known: KeyedState[] = []) {
    for (const entry of known) this.#states.set(keyOf(entry), entry);
  }

  /** @returns whether that changed anything */
  add(entry: KeyedState): boolean {
    const known = this.#states.get(keyOf(entry));
    const state = known ? mergeStates(known.state, entry.state) : entry.state;
    if (known && JSON.stringify(known.state) === JSON.stringify(state)) return false;
    this.#states.set(keyOf(entry), { ...entry, state });
    return true;
  }

  get({ learnerId, lessonId }: LessonKey): KeyedState | undefined {
    return this.#states.get(keyOf({ learnerId, lessonId }));
  }

  all(): KeyedState[] {
    return [...this.#states.values()];
  }
}

export function keyOf({ learnerId, lessonId }: LessonKey): string {
  return `${learnerId} ${lessonId}`;
}
