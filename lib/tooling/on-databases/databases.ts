/**
 * Runs a suite on both databases: SQLite in a temporary file, and a real PostgreSQL. Each suite gets an empty migrated
 * database of its own, which is also what `db()` gives while the suite runs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Database, openDatabase, setDatabase } from '../../server/db/index.ts';
import { migrate } from '../db/migrate.ts';
import { startPostgres, type TemporaryPostgres } from '../postgres.ts';

export type TestDatabase = { kind: 'sqlite' | 'postgresql'; url: string; db: Database };

let postgres: Promise<TemporaryPostgres> | undefined;
let count = 0;

export function onBothDatabases(name: string, suite: (test: () => TestDatabase) => void): void {
  for (const kind of ['sqlite', 'postgresql'] as const) {
    describe(`${name} (${kind})`, () => {
      let opened: TestDatabase | undefined;
      let remove: () => Promise<void> = async () => {};
      beforeAll(async () => {
        const made = kind === 'sqlite' ? sqliteFile() : await postgresDatabase();
        remove = made.remove;
        await migrate(made.url);
        opened = { kind, url: made.url, db: openDatabase(made.url) };
        setDatabase(opened.db);
      });
      afterAll(async () => {
        setDatabase(undefined);
        await opened?.db.$disconnect();
        await remove();
      });
      suite(() => {
        if (!opened) throw new Error('the database is open inside tests only');
        return opened;
      });
    });
  }
  afterAll(async () => {
    await (await postgres)?.stop();
    postgres = undefined;
  });
}

type Made = { url: string; remove: () => Promise<void> };

function sqliteFile(): Made {
  const folder = mkdtempSync(path.join(tmpdir(), 'hopwise-test-'));
  return {
    url: `file:${path.join(folder, 'test.db')}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function postgresDatabase(): Promise<Made> {
  postgres ??= startPostgres();
  const server = await postgres;
  count += 1;
  const name = `test_${process.pid}_${count}`;
  return { url: await server.create(name), remove: async () => await server.drop(name) };
}
