import type { CourseProgress, LessonProgress, LogEntryJson, Me, QuizState, StoredLog } from '../../progress/index.ts';
import { limits } from '../../progress/index.ts';
import { grade, shownGrade, versionOf } from '../../quiz/index.ts';
import { db, type LessonState as LessonRow, withRetry } from '../db/index.ts';
import type { CourseContent } from './content.ts';

/** What a learner sees of the own progress. */

export async function lessonOf(
  learnerId: string,
  lessonId: string,
  content: CourseContent,
): Promise<Pick<Me, 'lesson' | 'quiz' | 'terminals'>> {
  return await withRetry(async () => {
    const [row, quiz, terminals] = await Promise.all([
      db().lessonState.findUnique({ where: { learnerId_lessonId: { learnerId, lessonId } } }),
      quizOf(learnerId, lessonId, content),
      terminalsOf(learnerId, lessonId),
    ]);
    return { ...(row && { lesson: toProgress(row) }), quiz, terminals };
  });
}

export function toProgress(
  row: Pick<LessonRow, 'startedAt' | 'completedAt' | 'position' | 'confidence'>,
): LessonProgress {
  const position = row.position as LessonProgress['position'] | null;
  return {
    startedAt: row.startedAt.toISOString(),
    ...(row.completedAt && { completedAt: row.completedAt.toISOString() }),
    ...(position && { position: { ratio: position.ratio, ...(position.anchor && { anchor: position.anchor }) } }),
    ...(row.confidence && { confidence: row.confidence }),
  };
}

async function quizOf(learnerId: string, lessonId: string, content: CourseContent): Promise<Record<string, QuizState>> {
  const attempts = await db().quizAttempt.findMany({
    where: { learnerId, lessonId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  const quiz: Record<string, QuizState> = {};
  for (const { questionId, questionVersion, answer } of attempts) {
    quiz[questionId] = {
      tries: (quiz[questionId]?.tries ?? 0) + 1,
      version: questionVersion,
      answer: answer as string[],
    };
  }
  for (const [questionId, state] of Object.entries(quiz)) {
    const question = await content.findQuestion(lessonId, questionId);
    const result = question && versionOf(question) === state.version ? grade(question, state.answer) : undefined;
    if (result) state.grade = shownGrade(result, state.tries);
  }
  return quiz;
}

async function terminalsOf(learnerId: string, lessonId: string): Promise<Me['terminals']> {
  const logs = await db().terminalLog.findMany({
    where: { learnerId, lessonId },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
  });
  const terminals: Me['terminals'] = {};
  for (const { id, terminalId, branch, length, bytes, simVersion, seed } of logs) {
    const latest = terminals[terminalId];
    if (latest) latest.previous.push(branch);
    else
      terminals[terminalId] = {
        branch,
        length,
        simVersion,
        seed,
        previous: [],
        ...(bytes <= limits.logInline && { entries: await entriesOf(id) }),
      };
  }
  return terminals;
}

/** @param branch the one that resumes, when not given */
export async function terminalLog(
  learnerId: string,
  lessonId: string,
  terminalId: string,
  branch?: string,
): Promise<StoredLog | null> {
  return await withRetry(async () => {
    const where = { learnerId, lessonId, terminalId, ...(branch && { branch }) };
    const log = await db().terminalLog.findFirst({ where, orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }] });
    if (!log) return null;
    const { length, simVersion, seed } = log;
    return { branch: log.branch, length, simVersion, seed, entries: await entriesOf(log.id) };
  });
}

async function entriesOf(logId: string): Promise<LogEntryJson[]> {
  const chunks = await db().terminalChunk.findMany({
    where: { logId },
    orderBy: { start: 'asc' },
    select: { entries: true },
  });
  return chunks.flatMap(({ entries }) => JSON.parse(entries) as LogEntryJson[]);
}

export async function lessonsOf(learnerId: string): Promise<{ lessons: CourseProgress['lessons']; latest: string[] }> {
  const rows = await withRetry(() =>
    db().lessonState.findMany({ where: { learnerId }, orderBy: { updatedAt: 'desc' } }),
  );
  return {
    lessons: Object.fromEntries(rows.map((row) => [row.lessonId, toProgress(row)])),
    latest: rows.map(({ lessonId }) => lessonId),
  };
}
