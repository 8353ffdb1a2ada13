import path from 'node:path';
import { expect, test } from 'vitest';
import { parseEnv } from './env.ts';

test('nothing needs to be set', () => {
  const env = parseEnv({});
  expect(env).toMatchObject({ provider: 'sqlite', DATA_DIR: path.resolve('data'), TRUSTED_PROXIES: 0 });
  expect(env.DATABASE_URL).toBe(`file:${path.resolve('data/hopwise.db')}`);
});

test('an empty variable is not set', () => {
  expect(parseEnv({ DATABASE_URL: '', NEXTAUTH_SECRET: '' }).provider).toBe('sqlite');
});

test('PostgreSQL is known by its address', () => {
  expect(parseEnv({ DATABASE_URL: 'postgres://a:b@db/hopwise' }).provider).toBe('postgresql');
});

test('every bad variable is named, with what to write', () => {
  const bad = { DATABASE_URL: 'mysql://x', NEXTAUTH_SECRET: 'short', NEXTAUTH_URL: 'learn', TRUSTED_PROXIES: 'two' };
  const parse = () => parseEnv(bad);
  for (const name of Object.keys(bad)) expect(parse).toThrow(new RegExp(`^  ${name}: .{10,}$`, 'm'));
});
