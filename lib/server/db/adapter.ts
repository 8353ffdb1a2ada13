import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { providerOf } from '../../shared/env.ts';
import { SqliteAdapter } from './sqlite.ts';

/** Milliseconds. What waits longer is an outage and is reported as one, while everything else goes on. */
const postgres = {
  // Enough for a server of a few cores.
  max: 10,
  connectionTimeoutMillis: 2_000,
  idleTimeoutMillis: 30_000,
  lock_timeout: 1_000,
  statement_timeout: 8_000,
};

/** @param url as DATABASE_URL: `file:…` or `postgresql://…` */
export function adapterFor(url: string): SqlMigrationAwareDriverAdapterFactory {
  return providerOf(url) === 'sqlite' ? new SqliteAdapter(url) : new PrismaPg({ connectionString: url, ...postgres });
}
