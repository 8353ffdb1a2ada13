import { randomUUID } from 'node:crypto';
import type { EventOf, ProgressEvent } from '../../progress/index.ts';
import type { Question } from '../../quiz/index.ts';
import type { Database } from '../../server/db/index.ts';

/** Content and events for tests: one lesson, `lesson-1` … `lesson-9`, each with the question `q`. */
export const question: Question = {
  id: 'q',
  kind: 'multiple',
  prompt: 'What does a cable have?',
  options: [
    { id: 'ends', text: 'Two ends', correct: true, feedback: 'Yes.' },
    { id: 'wire', text: 'A wire', correct: true, feedback: 'Yes.' },
    { id: 'address', text: 'An address', feedback: 'Devices have.' },
  ],
};

export const content = {
  hasLesson: async (id: string) => /^lesson-[1-9]$/.test(id),
  findQuestion: async (_lesson: string, id: string) => (id === 'q' ? question : undefined),
};

const at = () => Date.now();

export function viewed(lessonId = 'lesson-1', over: Partial<EventOf<'lesson.viewed'>> = {}): ProgressEvent {
  return { type: 'lesson.viewed', id: randomUUID(), at: at(), lessonId, ...over };
}

export function completed(
  lessonId = 'lesson-1',
  over: Partial<EventOf<'lesson.completed'>> = {},
): EventOf<'lesson.completed'> {
  return { type: 'lesson.completed', id: randomUUID(), at: at(), lessonId, ...over };
}

export function answered(answer: string[], over: Partial<EventOf<'quiz.answered'>> = {}): EventOf<'quiz.answered'> {
  const base = { lessonId: 'lesson-1', questionId: 'q', version: 'v' };
  return { type: 'quiz.answered', id: randomUUID(), at: at(), ...base, answer, ...over };
}

export function appended(
  from: number,
  lines: string[],
  over: Partial<EventOf<'terminal.appended'>> = {},
): EventOf<'terminal.appended'> {
  const base = { lessonId: 'lesson-1', terminalId: 'box', branch: '00000000-0000-4000-8000-000000000001' };
  const entries = lines.map((data, index) => ({ at: from + index, tty: 0, kind: 'line', data }));
  return {
    type: 'terminal.appended',
    id: randomUUID(),
    at: at(),
    ...base,
    from,
    entries,
    simVersion: 1,
    seed: 7,
    ...over,
  };
}

export async function newLearner(db: Database, kind: 'guest' | 'account' = 'guest'): Promise<string> {
  const email = kind === 'account' ? `${randomUUID()}@example.org` : null;
  return (await db.learner.create({ data: { kind, email } })).id;
}
