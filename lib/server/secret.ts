import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { env } from '../shared/env.ts';

let known: string | undefined;

/** What signs cookies: NEXTAUTH_SECRET, else made once and kept in DATA_DIR/secret, readable by its owner only. */
export function secret(): string {
  known ??= env().NEXTAUTH_SECRET ?? keptSecret(env().DATA_DIR);
  return known;
}

export function keptSecret(dataDir: string): string {
  const file = path.join(dataDir, 'secret');
  const kept = read(file);
  if (kept) return kept;
  mkdirSync(dataDir, { recursive: true });
  // Written whole under another name, then linked: of two processes that start at once one wins and both read the same.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, randomBytes(33).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return read(file) ?? keptSecret(dataDir);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param purpose keeps a signature for one thing from passing for another */
export function sign(purpose: string, text: string): string {
  return createHmac('sha256', secret()).update(`${purpose}\0${text}`).digest('base64url');
}

export function isSigned(purpose: string, text: string, signature: string): boolean {
  const expected = Buffer.from(sign(purpose, text));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
