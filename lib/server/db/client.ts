import { env, providerOf } from '../../shared/env.ts';
import { adapterFor } from './adapter.ts';
import { PrismaClient as PostgresClient } from './generated/postgresql/client/client.ts';
import { PrismaClient as SqliteClient } from './generated/sqlite/client/client.ts';

/**
 * Both clients come from the same models, so the code is written against one type: SQLite's, which is the narrower (what
 * it allows, PostgreSQL allows). Which of them runs is decided when the process starts, not when it is built.
 */
export type Database = SqliteClient;
export type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0];

/** @param url as DATABASE_URL */
export function openDatabase(url: string): Database {
  const adapter = adapterFor(url);
  // A transaction that waits longer for its turn is an outage and is answered as one.
  const transactionOptions = { maxWait: 2_000, timeout: 8_000 };
  if (providerOf(url) === 'sqlite') return new SqliteClient({ adapter, transactionOptions });
  return new PostgresClient({ adapter, transactionOptions }) as unknown as SqliteClient;
}

/** Kept on globalThis, because `next dev` loads modules anew with each change and would open one more each time. */
const kept = globalThis as { hopwiseDatabase?: Database };

/** The database of DATABASE_URL. */
export function db(): Database {
  kept.hopwiseDatabase ??= openDatabase(env().DATABASE_URL);
  return kept.hopwiseDatabase;
}

/** For tests: everything that asks for the database from now on gets this one. */
export function setDatabase(database: Database | undefined): void {
  kept.hopwiseDatabase = database;
}
