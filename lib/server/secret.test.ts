import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isSigned, keptSecret, sign } from './secret.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hopwise-secret-'));
process.env.NEXTAUTH_SECRET = 'x'.repeat(40);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the secret is made once and readable by its owner only', () => {
  const secret = keptSecret(path.join(folder, 'data'));
  expect(secret).toMatch(/^[\w-]{44}$/);
  expect(keptSecret(path.join(folder, 'data'))).toBe(secret);
  expect(statSync(path.join(folder, 'data/secret')).mode & 0o777).toBe(0o600);
});

test('a signature is for one text and one purpose', () => {
  const signature = sign('guest', 'learner-1');
  expect(isSigned('guest', 'learner-1', signature)).toBe(true);
  expect(isSigned('guest', 'learner-2', signature)).toBe(false);
  expect(isSigned('invite', 'learner-1', signature)).toBe(false);
  for (const forged of ['', signature.slice(0, -1), `${signature}a`, signature.toLowerCase()]) {
    expect(isSigned('guest', 'learner-1', forged)).toBe(false);
  }
});
