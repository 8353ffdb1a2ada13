import { expect, test } from 'vitest';
import { paths, safeNext, withNext } from './paths.ts';

test('after signing in one comes back, but never to another site', () => {
  expect(safeNext('/courses/a/b#c')).toBe('/courses/a/b#c');
  for (const bad of [
    null,
    '',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a\nb',
    '\\/x',
  ]) {
    expect(safeNext(bad)).toBe('/');
  }
  expect(withNext(paths.signIn, '/a?b=c&d')).toBe('/sign-in?next=%2Fa%3Fb%3Dc%26d');
});

test('whatever an id holds, it stays one part of the path', () => {
  expect(paths.lesson('a/b', 'c d', 'e#f')).toBe('/courses/a%2Fb/c%20d#e%23f');
});
