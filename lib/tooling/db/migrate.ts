import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { adapterFor } from '../../server/db/adapter.ts';
import { providerOf } from '../../shared/env.ts';
import { migrationsDir } from './compose.ts';
import { describe, sqliteFile } from './describe.ts';
import { withEngine } from './engine.ts';
import { explain } from './explain.ts';
import { readMigrations } from './migrations.ts';
import { SetupError } from './setup-error.ts';

/** No table of the database belongs to somebody else. */
const nothingExternal = { externalTables: [], externalEnums: [] };

/**
 * Applies what is pending, and keeps the books in `_prisma_migrations` as Prisma's own command line does.
 * @returns one line on what was done
 */
export async function migrate(url: string): Promise<string> {
  const provider = providerOf(url);
  if (provider === 'sqlite') makeFolder(url);
  const migrationsList = readMigrations(migrationsDir(provider));
  const count = migrationsList.migrationDirectories.length;
  try {
    const { appliedMigrationNames } = await withEngine(adapterFor(url), (engine) =>
      engine.applyMigrations({ migrationsList, filters: nothingExternal }),
    );
    return `database: ${describe(url)}, ${count} migrations, ${appliedMigrationNames.length} new`;
  } catch (error) {
    throw explain(error, url);
  }
}

function makeFolder(url: string): void {
  const folder = path.dirname(sqliteFile(url));
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `The folder ${folder} for the database cannot be made. Set DATA_DIR to a folder that this user may write to.`,
      String(error),
    );
  }
}
