import { z } from 'zod';

/**
 * What a browser reports. Each event has an id of its own, made where it happened: sending it twice, from a second tab or
 * after a lost answer, changes nothing.
 */
const id = z.uuid();
const lessonId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(100);
const contentId = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/)
  .max(100);
/** When it happened, by the browser's clock; milliseconds since 1970. */
const at = z.int().min(0).max(8_640_000_000_000_000);
/** Text that every database can store: no control characters, no half surrogate pairs. */
const printable = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u);
const base = { id, lessonId, at };

const logEntry = z.looseObject({
  at: z.number().min(0),
  tty: z.int().min(0).max(1000),
  kind: z.string().min(1).max(20),
});

const branch = { terminalId: contentId, branch: z.uuid() };

export const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('lesson.viewed'), ...base }),
  z.strictObject({ type: z.literal('lesson.completed'), ...base, confidence: z.int().min(1).max(5).optional() }),
  z.strictObject({
    type: z.literal('lesson.position'),
    ...base,
    /** The heading above the reader's eyes, and how far down the page that is (0 … 1). */
    anchor: printable.max(200).optional(),
    ratio: z.number().min(0).max(1),
  }),
  z.strictObject({
    type: z.literal('quiz.answered'),
    ...base,
    questionId: contentId,
    version: printable.max(64),
    answer: z.array(contentId).min(1).max(20),
  }),
  z.strictObject({
    type: z.literal('terminal.appended'),
    ...base,
    ...branch,
    /** Length of the log before these entries. */
    from: z.int().min(0),
    entries: z.array(logEntry).min(1).max(5000),
    simVersion: z.int().min(0).max(1_000_000),
    seed: z.int().min(0),
  }),
  /** Makes a branch that is there already the one that resumes: undo of a reset. */
  z.strictObject({ type: z.literal('terminal.resumed'), ...base, ...branch }),
]);

export type ProgressEvent = z.infer<typeof eventSchema>;
export type EventType = ProgressEvent['type'];
export type EventOf<T extends EventType> = Extract<ProgressEvent, { type: T }>;
export type LogEntryJson = z.infer<typeof logEntry>;

/** `learner`: for whom the browser noted the events, if it knew; see the server's rule for other learners' events. */
export const batchSchema = z.strictObject({
  learner: z.uuid().nullable().default(null),
  events: z.array(z.unknown()).min(1).max(100),
});
