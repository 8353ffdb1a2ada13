import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT } from './bootstrap/root.mjs';

/** What the simulator must not touch is forbidden by lint.json; this shows that the rules bite, and only there. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopwise-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lint(file: string, source: string): string {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), source);
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const options = [`--config-path=${join(ROOT, 'lib/tooling/lint.json')}`, '--vcs-enabled=false', '--colors=off'];
  const { stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', ...options, file], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).toContain('Checked 1 file');
  return `${stdout}${stderr}`;
}

const FORBIDDEN = /noRestrictedGlobals|noJsRestrictedProperties|noNodejsModules/;

it.each([
  'Date.now()',
  'new Date()',
  'Math.random()',
  'performance.now()',
  'setTimeout(() => {}, 1)',
  'crypto.randomUUID()',
  'window.location',
  'document.title',
  'globalThis.Date',
  'process.env.HOME',
  "await import('node:fs')",
])('%s is an error in lib/sim', (expression) => {
  expect(lint('lib/sim/kernel/clock.ts', `export const x = ${expression};\n`)).toMatch(FORBIDDEN);
});

it('lets the rest of the product read clocks', () => {
  expect(lint('lib/server/clock.ts', 'export const now = Date.now();\n')).not.toMatch(FORBIDDEN);
});
