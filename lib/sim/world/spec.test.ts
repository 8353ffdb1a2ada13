import { expect, test } from 'vitest';
import { parseWorldSpec, WorldSpecError } from './spec.ts';

test('a world is named with its options', () => {
  expect(parseWorldSpec('host', 's')).toEqual({ kind: 'host', seed: 's' });
  expect(parseWorldSpec('  host  seed=7 ', 's')).toEqual({ kind: 'host', seed: '7' });
});

test.each([
  ['cluster cni=flannel', 'not simulated here: the world "cluster" is in preparation'],
  ['hsot', 'no world is named "hsot". Write "host".'],
  ['host cni=flannel', 'the world "host" has no option "cni=flannel"'],
  ['host seed=', 'has no option "seed="'],
  ['', 'no world is named ""'],
])('%j is refused with what can be written instead', (text, message) => {
  expect(() => parseWorldSpec(text, 's')).toThrow(WorldSpecError);
  expect(() => parseWorldSpec(text, 's')).toThrow(message);
});
