import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { providerOf } from '../../shared/env.ts';

/** The database in words, without its password. */
export function describe(url: string): string {
  if (providerOf(url) === 'sqlite') return `SQLite at ${path.relative(process.cwd(), sqliteFile(url)) || url}`;
  const { hostname, port, pathname } = new URL(url);
  return `PostgreSQL at ${hostname}:${port || 5432}${pathname}`;
}

export function sqliteFile(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : path.resolve(url.slice('file:'.length).split('?')[0] ?? '');
}
