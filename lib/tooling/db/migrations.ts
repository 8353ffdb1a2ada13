import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';

/** A migrations folder as the schema engine wants it: read by us, since the engine in WebAssembly reads no files. */
export function readMigrations(baseDir: string): MigrationList {
  const names = existsSync(baseDir)
    ? readdirSync(baseDir, { withFileTypes: true })
        .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
        .sort()
    : [];
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: readLock(baseDir) },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: readScript(baseDir, name) },
    })),
  };
}

function readLock(baseDir: string): string | null {
  const file = path.join(baseDir, 'migration_lock.toml');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function readScript(baseDir: string, name: string): { tag: 'ok'; value: string } | { tag: 'error'; value: string } {
  try {
    return { tag: 'ok', value: readFileSync(path.join(baseDir, name, 'migration.sql'), 'utf8') };
  } catch (error) {
    return { tag: 'error', value: String(error) };
  }
}
