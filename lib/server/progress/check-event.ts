import { type EventResult, eventSchema, limits, type ProgressEvent, type Rejection } from '../../progress/index.ts';
import { type Grade, grade, versionOf } from '../../quiz/index.ts';
import type { CourseContent } from './content.ts';

/** An event that may be stored, with all that content says about it; no database was asked yet. */
export type CheckedEvent = {
  event: ProgressEvent;
  /** Bytes of the event's entries as JSON. */
  bytes: number;
  graded?: { grade: Grade; version: string };
};

export type Checked = { ok: true; checked: CheckedEvent } | { ok: false; result: EventResult };

/** Browsers' clocks are off; a time in the future would be "the latest" for ever. */
const oldest = 400 * 24 * 3600 * 1000;

export async function checkEvent(input: unknown, content: CourseContent, now: number): Promise<Checked> {
  const bytes = Buffer.byteLength(JSON.stringify(input) ?? '');
  if (bytes > limits.event) return refuse(input, 'too-large', `An event may have ${limits.event / 1024} KB.`);
  const parsed = eventSchema.safeParse(input);
  if (!parsed.success) return refuse(input, 'malformed', firstIssue(parsed.error.issues));
  const event = { ...parsed.data, at: Math.min(Math.max(parsed.data.at, now - oldest), now) };
  if (!(await content.hasLesson(event.lessonId)))
    return refuse(event, 'unknown-lesson', `There is no lesson "${event.lessonId}".`);
  if (event.type !== 'quiz.answered')
    return {
      ok: true,
      checked: { event, bytes: event.type === 'terminal.appended' ? JSON.stringify(event.entries).length : 0 },
    };
  return await checkAnswer(event, content);
}

async function checkAnswer(
  event: Extract<ProgressEvent, { type: 'quiz.answered' }>,
  content: CourseContent,
): Promise<Checked> {
  const question = await content.findQuestion(event.lessonId, event.questionId);
  if (!question)
    return refuse(
      event,
      'unknown-question',
      'This question is no longer in the lesson. Reload the page to see what is.',
    );
  const version = versionOf(question);
  const result = grade(question, event.answer);
  if (result) return { ok: true, checked: { event, bytes: 0, graded: { grade: result, version } } };
  if (version !== event.version)
    return refuse(
      event,
      'question-changed',
      'This question was changed meanwhile. Reload the page to answer the new one.',
    );
  return refuse(event, 'malformed', 'These options do not make an answer to this question.');
}

function refuse(input: unknown, reason: Rejection, message: string): Checked {
  const id = (input as { id?: unknown } | null | undefined)?.id;
  return {
    ok: false,
    result: { id: typeof id === 'string' ? id.slice(0, 64) : '', status: 'rejected', reason, message },
  };
}

function firstIssue(issues: { path: PropertyKey[]; message: string }[]): string {
  const [issue] = issues;
  return issue ? `${issue.path.join('.') || 'event'}: ${issue.message}` : 'The event cannot be read.';
}
