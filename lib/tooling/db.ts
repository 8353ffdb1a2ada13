/**
 * Sets the database up: `db.ts generate`, `db.ts migrate`, and for developers `db.ts new <name>`, which writes the
 * migrations that lead from the last ones to prisma/models.prisma.
 */
import { EnvironmentError, env } from '../shared/env.ts';
import { SetupError } from './db/setup-error.ts';

/** Loaded when used: `generate` with nothing to do must be quick. */
const commands: Record<string, (argument?: string) => Promise<string>> = {
  generate: async () => {
    const { generate } = await import('./db/generate.ts');
    return (await generate()) === 'made' ? 'database: clients made for SQLite and PostgreSQL' : '';
  },
  migrate: async () => {
    const { migrate } = await import('./db/migrate.ts');
    return await migrate(env().DATABASE_URL);
  },
  new: async (name) => {
    const { newMigration } = await import('./db/new-migration.ts');
    return await newMigration(name);
  },
};

async function main([name = '', argument]: string[]): Promise<number> {
  const command = commands[name];
  if (!command) {
    process.stderr.write(`usage: db.ts ${Object.keys(commands).join(' | ')}\n`);
    return 2;
  }
  try {
    const line = await command(argument);
    if (line) process.stdout.write(`${line}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError || error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n${error instanceof SetupError && error.detail ? `${error.detail}\n` : ''}`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
