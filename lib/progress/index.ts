/**
 * What a learner has done: the events a browser reports, what the server answers, and how states of a lesson merge.
 * Pure: no database (lib/server/progress keeps it), no React (components/progress sends it).
 */
export type {
  CourseProgress,
  EventResult,
  EventsAnswer,
  LessonProgress,
  Me,
  Position,
  QuizState,
  Rejection,
  StoredLog,
} from './answers.ts';
export {
  batchSchema,
  type EventOf,
  type EventType,
  eventSchema,
  type LogEntryJson,
  type ProgressEvent,
} from './events.ts';
export { type LessonState, mergeStates, stateOf } from './lesson-state.ts';
export { limits } from './limits.ts';
