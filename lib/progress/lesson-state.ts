import type { Position } from './answers.ts';
import type { EventOf } from './events.ts';

/** What is kept of a lesson for a learner. Any order of the same events leads to the same state. */
export type LessonState = {
  startedAt: Date;
  completedAt: Date | null;
  position: (Position & { at: number }) | null;
  confidence: number | null;
  /** When `confidence` was given. */
  ratedAt: Date | null;
  updatedAt: Date;
};

type LessonEvent = EventOf<
  'lesson.viewed' | 'lesson.completed' | 'lesson.position' | 'quiz.answered' | 'terminal.appended'
>;

/** The state that one event alone tells of. */
export function stateOf(event: LessonEvent): LessonState {
  const at = new Date(event.at);
  const seen: LessonState = {
    startedAt: at,
    completedAt: null,
    position: null,
    confidence: null,
    ratedAt: null,
    updatedAt: at,
  };
  if (event.type === 'lesson.completed') {
    const rating = event.confidence ? { confidence: event.confidence, ratedAt: at } : {};
    return { ...seen, completedAt: at, ...rating };
  }
  if (event.type === 'lesson.position')
    return { ...seen, position: { ratio: event.ratio, at: event.at, ...(event.anchor && { anchor: event.anchor }) } };
  return seen;
}

/** Nothing is lost: the earliest start, done once is done, of the rest the later. */
export function mergeStates(a: LessonState, b: LessonState): LessonState {
  const rated = (a.ratedAt?.getTime() ?? -1) > (b.ratedAt?.getTime() ?? -1) ? a : b;
  return {
    startedAt: earliest(a.startedAt, b.startedAt),
    completedAt:
      a.completedAt && b.completedAt ? earliest(a.completedAt, b.completedAt) : (a.completedAt ?? b.completedAt),
    position: (a.position?.at ?? -1) > (b.position?.at ?? -1) ? a.position : b.position,
    confidence: rated.confidence,
    ratedAt: rated.ratedAt,
    updatedAt: new Date(Math.max(a.updatedAt.getTime(), b.updatedAt.getTime())),
  };
}

function earliest(a: Date, b: Date): Date {
  return new Date(Math.min(a.getTime(), b.getTime()));
}
