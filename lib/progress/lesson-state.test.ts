import { expect, test } from 'vitest';
import { eventSchema, mergeStates, type ProgressEvent, stateOf } from './index.ts';

const base = { id: '3f2b8a90-5c1d-4e6f-8a7b-9c0d1e2f3a4b', lessonId: 'a' };
type LessonEvent = Parameters<typeof stateOf>[0];

const events: LessonEvent[] = [
  { ...base, type: 'lesson.viewed', at: 100 },
  { ...base, type: 'lesson.position', at: 200, ratio: 0.2, anchor: 'two' },
  { ...base, type: 'lesson.completed', at: 300, confidence: 2 },
  { ...base, type: 'lesson.completed', at: 400, confidence: 5 },
  { ...base, type: 'lesson.position', at: 350, ratio: 0.9 },
  { ...base, type: 'lesson.completed', at: 500 },
];

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

test('events in any order, each once or twice, lead to the same state', () => {
  const expected = {
    startedAt: new Date(100),
    completedAt: new Date(300),
    position: { at: 350, ratio: 0.9 },
    confidence: 5,
    ratedAt: new Date(400),
    updatedAt: new Date(500),
  };
  for (const order of permutations(events)) {
    expect([...order, ...order].map(stateOf).reduce(mergeStates)).toEqual(expected);
  }
});

test('what a browser must not send is refused', () => {
  const good: ProgressEvent = { ...base, type: 'lesson.viewed', at: 1 };
  expect(eventSchema.safeParse(good).success).toBe(true);
  for (const bad of [
    { ...good, at: -1 },
    { ...good, at: 1.5 },
    { ...good, at: Number.MAX_VALUE },
    { ...good, lessonId: '../../etc' },
    { ...good, lessonId: 'a'.repeat(101) },
    { ...good, id: '1' },
    { ...good, learnerId: 'somebody-else' },
    { ...base, type: 'lesson.position', at: 1, ratio: 2 },
    { ...base, type: 'lesson.position', at: 1, ratio: 0.5, anchor: 'a\u0000b' },
    { ...base, type: 'lesson.completed', at: 1, confidence: 6 },
    { ...base, type: 'quiz.answered', at: 1, questionId: 'q', version: '', answer: [] },
  ]) {
    expect(eventSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  }
});
