import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export type Provider = 'sqlite' | 'postgresql';
export const providers: Provider[] = ['sqlite', 'postgresql'];

export const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Git-ignored: the two clients and the schemas they were made from. */
export const generatedDir = path.join(root, 'lib/server/db/generated');
export const modelsFile = path.join(root, 'prisma/models.prisma');

export function migrationsDir(provider: Provider): string {
  return path.join(root, 'prisma', provider, 'migrations');
}

/** Prisma knows one provider a schema: the models get a head for each. */
export function composeSchema(provider: Provider): string {
  const head = [
    '// Composed from prisma/models.prisma; do not edit.',
    `datasource db {\n  provider = "${provider}"\n}`,
    `generator client {\n  provider = "prisma-client"\n  output   = "./client"\n  runtime  = "nodejs"\n}`,
  ];
  return `${head.join('\n\n')}\n\n${readFileSync(modelsFile, 'utf8')}`;
}

/** Writes the composed schema where Prisma's own command line can read it. @returns its path */
export function writeSchema(provider: Provider): string {
  const file = path.join(generatedDir, provider, 'schema.prisma');
  const text = composeSchema(provider);
  mkdirSync(path.dirname(file), { recursive: true });
  if (read(file) !== text) writeFileSync(file, text);
  return file;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
