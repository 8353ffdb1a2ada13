import type { QuizState } from '../../progress/index.ts';
import { shownGrade } from '../../quiz/index.ts';
import type { Prisma, Transaction } from '../db/index.ts';
import type { CheckedEvent } from './check-event.ts';

type AttemptKey = { learnerId: string; lessonId: string; questionId: string };
type Attempt = AttemptKey & { id: string; questionVersion: string; answer: unknown; at: Date };

/** The answers of a batch of events: what was known before, what is new, how many tries that makes. */
export class AttemptTable {
  readonly #byQuestion = new Map<string, Set<string>>();
  readonly #fresh: Prisma.QuizAttemptCreateManyInput[] = [];

  static async read(tx: Transaction, keys: AttemptKey[]): Promise<AttemptTable> {
    const table = new AttemptTable();
    if (keys.length === 0) return table;
    const where = {
      learnerId: { in: unique(keys, 'learnerId') },
      lessonId: { in: unique(keys, 'lessonId') },
      questionId: { in: unique(keys, 'questionId') },
    };
    const rows = await tx.quizAttempt.findMany({
      where,
      select: { id: true, learnerId: true, lessonId: true, questionId: true },
    });
    for (const row of rows) table.#ids(row).add(row.id);
    return table;
  }

  /** @returns what the learner sees of it. An event that was stored before counts as the try it was. */
  add(learnerId: string, { event, graded }: CheckedEvent): QuizState | undefined {
    if (event.type !== 'quiz.answered' || !graded) return undefined;
    const { id, lessonId, questionId, answer, at } = event;
    const { grade, version } = graded;
    const ids = this.#ids({ learnerId, lessonId, questionId });
    if (!ids.has(id)) {
      ids.add(id);
      this.#fresh.push({
        id,
        learnerId,
        lessonId,
        questionId,
        questionVersion: version,
        answer,
        score: grade.score,
        correct: grade.correct,
        at: new Date(at),
      });
    }
    return { tries: ids.size, version, answer, grade: shownGrade(grade, ids.size) };
  }

  async write(tx: Transaction): Promise<void> {
    if (this.#fresh.length > 0) await tx.quizAttempt.createMany({ data: this.#fresh });
  }

  #ids({ learnerId, lessonId, questionId }: AttemptKey): Set<string> {
    const key = `${learnerId} ${lessonId} ${questionId}`;
    const ids = this.#byQuestion.get(key) ?? new Set();
    this.#byQuestion.set(key, ids);
    return ids;
  }
}

export type { Attempt };

function unique<K extends keyof AttemptKey>(keys: AttemptKey[], name: K): string[] {
  return [...new Set(keys.map((key) => key[name]))];
}
