import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../server/db/index.ts';
import { startPostgres, type TemporaryPostgres } from '../postgres.ts';
import { composeSchema, providers } from './compose.ts';
import { migrate } from './migrate.ts';
import { diffFromMigrations } from './new-migration.ts';
import { SetupError } from './setup-error.ts';

let folder = '';
let postgres: TemporaryPostgres;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hopwise-db-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await postgres.stop();
});

const file = (name: string) => `file:${path.join(folder, name)}`;

async function refusal(url: string): Promise<string> {
  const error: unknown = await migrate(url).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SetupError);
  return (error as SetupError).message;
}

describe('models and migrations', () => {
  test.each(providers)('the migrations for %s lead to prisma/models.prisma', async (provider) => {
    expect(await diffFromMigrations(provider)).toBeUndefined();
  });

  test('the two schemas differ in their head only', () => {
    const [a, b] = providers.map((provider) => composeSchema(provider).replace(provider, 'any'));
    expect(a).toBe(b);
  });

  test.each(['SQLite', 'PostgreSQL'])('%s is made, and made once', async (kind) => {
    const url = kind === 'SQLite' ? file('new/folder/hopwise.db') : postgres.url;
    expect(await migrate(url)).toMatch(new RegExp(`^database: ${kind} at .*, \\d+ migrations, [1-9]\\d* new$`));
    expect(await migrate(url)).toMatch(/, 0 new$/);
  });

  test('several servers that start at once on one PostgreSQL do not get in each other’s way', async () => {
    const url = await postgres.create('together');
    const lines = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(lines.filter((line) => !line.endsWith(', 0 new'))).toHaveLength(1);
  });
});

describe('what a person can put right is said in plain words', () => {
  test('nobody listens', async () => {
    expect(await refusal('postgresql://a:b@127.0.0.1:9/hopwise')).toMatch(/127.0.0.1:9\/hopwise does not answer/);
  });

  test('wrong password, which is not shown', async () => {
    const message = await refusal(postgres.url.replace(':hopwise@', ':secret@'));
    expect(message).toMatch(/refuses the user or password/);
    expect(message).not.toContain('secret');
  });

  test('no such database', async () => {
    expect(await refusal(postgres.url.replace(/hopwise$/, 'nothing'))).toMatch(/does not exist. Create it first/);
  });

  test('a database of somebody else', async () => {
    const url = await postgres.create('foreign');
    const db = openDatabase(url);
    await db.$executeRawUnsafe('CREATE TABLE "Team" (name text)');
    await db.$disconnect();
    expect(await refusal(url)).toMatch(/other tables|failed/);
  });

  test('a file that is no database', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'letter.db'), 'Dear database, this is a letter and not a table at all.'.repeat(20));
    expect(await refusal(file('letter.db'))).toMatch(/is not a database/);
  });
});
