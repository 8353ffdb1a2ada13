import type { Grade } from '../quiz/index.ts';
import type { LogEntryJson } from './events.ts';

/** Why an event was not taken. The browser drops it, except for `conflict`, which it answers with a branch of its own. */
export type Rejection =
  | 'malformed'
  | 'too-large'
  | 'unknown-lesson'
  | 'unknown-question'
  /** The question was changed since the page was loaded and has no such options now. */
  | 'question-changed'
  | 'unknown-branch'
  /** Somebody else appended to this branch: another tab or device. */
  | 'conflict'
  | 'log-full';

export type QuizState = {
  tries: number;
  /** Version of the question that the last answer was for; when it is not today's there is no grade. */
  version: string;
  answer: string[];
  grade?: Grade;
};

/** The server's answer to one event. */
export type EventResult =
  | { id: string; status: 'accepted'; quiz?: QuizState }
  | { id: string; status: 'rejected'; reason: Rejection; message: string };

export type EventsAnswer = { learner: Me['learner']; results: EventResult[] };

export type Position = { anchor?: string; ratio: number };

export type LessonProgress = {
  /** ISO 8601 */
  startedAt: string;
  completedAt?: string;
  position?: Position;
  confidence?: number;
};

export type StoredLog = { branch: string; length: number; simVersion: number; seed: number; entries: LogEntryJson[] };

/** The personal part of a lesson page, in one request. */
export type Me = {
  learner: { id: string; kind: 'guest' | 'account'; name?: string } | null;
  lesson?: LessonProgress;
  quiz: Record<string, QuizState>;
  /** Without `entries` when the log is long: ask /api/terminal-log. `previous`: branches of before, latest first. */
  terminals: Record<string, Omit<StoredLog, 'entries'> & { entries?: LogEntryJson[]; previous: string[] }>;
};

/** For the map and for "Continue". */
export type CourseProgress = {
  learner: Me['learner'];
  lessons: Record<string, LessonProgress>;
  /** Where the learner was last, in any course. */
  latest: {
    lessonId: string;
    courseId: string;
    slug: string;
    title: string;
    position?: Position;
    completed: boolean;
  } | null;
};
