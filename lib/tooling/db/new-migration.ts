import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../postgres.ts';
import { composeSchema, generatedDir, migrationsDir, type Provider, providers, root } from './compose.ts';
import { withEngine } from './engine.ts';
import { readMigrations } from './migrations.ts';
import { SetupError } from './setup-error.ts';
import { throwawayAdapter } from './throwaway-adapter.ts';

/** Writes the step from the last migration to today's models, for both databases under one name. */
export async function newMigration(name: string | undefined): Promise<string> {
  if (!name || !/^[a-z0-9_]+$/.test(name))
    throw new SetupError('Say what changes, in lower case with underscores: db.ts new add_badges');
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const written: string[] = [];
  for (const provider of providers) {
    const script = await diffFromMigrations(provider);
    if (!script) continue;
    const folder = path.join(migrationsDir(provider), `${time}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'migration.sql'), script);
    written.push(path.relative(root, folder));
  }
  return written.length > 0
    ? `written: ${written.join(', ')}. Read them before you commit them.`
    : 'nothing to do: the migrations lead to prisma/models.prisma already';
}

/**
 * What the migrations lack. The models as they were are rebuilt by replaying the migrations into an empty database: a
 * file that is thrown away, or a PostgreSQL started for it.
 */
export async function diffFromMigrations(provider: Provider): Promise<string | undefined> {
  const { url, stop } = await openThrowaway(provider);
  try {
    return await diff(provider, url);
  } finally {
    await stop();
  }
}

async function openThrowaway(provider: Provider): Promise<{ url: string; stop: () => Promise<void> }> {
  if (provider === 'postgresql') return await startPostgres();
  const folder = mkdtempSync(path.join(tmpdir(), 'hopwise-diff-'));
  return {
    url: `file:${path.join(folder, 'shadow.db')}`,
    stop: async () => await rm(folder, { recursive: true, force: true }),
  };
}

async function diff(provider: Provider, url: string): Promise<string | undefined> {
  const schema = { path: path.join(generatedDir, provider, 'schema.prisma'), text: composeSchema(provider) };
  const from = { tag: 'migrations' as const, ...readMigrations(migrationsDir(provider)) };
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: schema.path, content: schema.text }] };
  const filters = { externalTables: [], externalEnums: [] };
  const result = await withEngine(
    throwawayAdapter(provider, url),
    (engine) => engine.diff({ from, to, script: true, exitCode: true, filters }),
    schema,
  );
  return result.exitCode === 2 ? (result.stdout ?? undefined) : undefined;
}
