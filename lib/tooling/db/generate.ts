import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { composeSchema, generatedDir, type Provider, providers, root, writeSchema } from './compose.ts';
import { SetupError } from './setup-error.ts';

const require = createRequire(import.meta.url);

/** Makes the Prisma client of each database; does nothing if the models and Prisma are those of last time. */
export async function generate(): Promise<'made' | 'kept'> {
  const stamp = path.join(generatedDir, 'stamp');
  const key = stampKey();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return 'kept';
  await Promise.all(providers.map(generateOne));
  writeFileSync(stamp, key);
  return 'made';
}

async function generateOne(provider: Provider): Promise<void> {
  const schema = writeSchema(provider);
  rmSync(path.join(generatedDir, provider, 'client'), { recursive: true, force: true });
  const prisma = require.resolve('prisma/build/index.js');
  // Prisma's command line wants to download its schema engine even where it has no use for it. Any existing program
  // in its place keeps it from the network.
  const environment = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  try {
    await promisify(execFile)(process.execPath, [prisma, 'generate', '--schema', schema, '--no-hints'], {
      cwd: root,
      env: environment,
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new SetupError(
      `The database client for ${provider} could not be made from prisma/models.prisma.`,
      stderr?.trim() || message,
    );
  }
}

function stampKey(): string {
  const hash = createHash('sha256');
  const { version } = require('prisma/package.json') as { version: string };
  hash.update(version);
  for (const provider of providers) hash.update(composeSchema(provider));
  return hash.digest('hex');
}
