import { expect, test } from 'vitest';
import { splitAppend } from './split-append';

const base = {
  type: 'terminal.appended' as const,
  lessonId: 'a',
  terminalId: 't',
  branch: 'b',
  simVersion: 1,
  seed: 1,
};
const entry = (data: string) => ({ at: 0, tty: 0, kind: 'line', data });

test('a long append becomes several that follow each other and hold the same', () => {
  const entries = Array.from({ length: 5_000 }, (_, n) => entry(`${n} ${'x'.repeat(n % 100)}`));
  const parts = splitAppend({ ...base, from: 7, entries });
  expect(parts.flatMap((part) => part.entries)).toEqual(entries);
  let from = 7;
  for (const part of parts) {
    expect(part.from).toBe(from);
    expect(JSON.stringify(part).length).toBeLessThan(64_000);
    from += part.entries.length;
  }
});

test('a short one stays one, nothing is nothing, and an entry is never cut', () => {
  expect(splitAppend({ ...base, from: 0, entries: [entry('a'), entry('b')] })).toHaveLength(1);
  expect(splitAppend({ ...base, from: 0, entries: [] })).toEqual([]);
  expect(splitAppend({ ...base, from: 0, entries: [entry('x'.repeat(200_000)), entry('b')] })).toHaveLength(2);
});
