import path from 'node:path';
import { z } from 'zod';

/**
 * The environment, parsed once. A bad variable stops the process with its name, what is wrong and what to write
 * instead; all bad ones are named together.
 */
const databaseUrl = z
  .string()
  .regex(
    /^(file:.+|postgres(ql)?:\/\/.+)$/,
    'write file:/path/to/hopwise.db (SQLite) or postgresql://user:password@host:5432/name',
  );

const schema = z.object({
  /** Folder for the embedded database and the secret. */
  DATA_DIR: z.string().min(1).default('./data'),
  /** `file:…` for SQLite or `postgresql://…`; by default the SQLite file `hopwise.db` in DATA_DIR. */
  DATABASE_URL: databaseUrl.optional(),
  /** The address people type, e.g. https://learn.example.org; without it the request's own host is believed. */
  NEXTAUTH_URL: z.url('write the whole address, e.g. https://learn.example.org').optional(),
  /** Signs cookies. Without it one is made once and kept in DATA_DIR/secret. */
  NEXTAUTH_SECRET: z
    .string()
    .min(32, 'use at least 32 characters, e.g. the output of: openssl rand -base64 33')
    .optional(),
  /** How many reverse proxies of ours stand in front; the client's address is read that far from the right of X-Forwarded-For. */
  TRUSTED_PROXIES: z.coerce.number('write a whole number, e.g. 1').int().min(0).max(8).default(0),
  /** Set by the test harness: limits per address are widened a hundredfold, nothing else. */
  HOPWISE_TEST: z.enum(['0', '1']).default('0'),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
});

export type Env = Omit<z.infer<typeof schema>, 'DATABASE_URL' | 'DATA_DIR'> & {
  /** Absolute. */
  DATA_DIR: string;
  DATABASE_URL: string;
  provider: 'sqlite' | 'postgresql';
};

export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/** @throws EnvironmentError with a line for each bad variable */
export function parseEnv(source: Record<string, string | undefined>): Env {
  // An empty variable (`DATABASE_URL=` in a .env file) means "not set".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new EnvironmentError(`The environment is not usable:\n${lines.join('\n')}`);
  }
  const DATA_DIR = path.resolve(parsed.data.DATA_DIR);
  const DATABASE_URL = parsed.data.DATABASE_URL ?? `file:${path.join(DATA_DIR, 'hopwise.db')}`;
  return { ...parsed.data, DATA_DIR, DATABASE_URL, provider: providerOf(DATABASE_URL) };
}

export function providerOf(url: string): 'sqlite' | 'postgresql' {
  return url.startsWith('file:') ? 'sqlite' : 'postgresql';
}

let parsed: Env | undefined;

/** The process's environment. Parsed at first use, so that `next build` needs none of it. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}
