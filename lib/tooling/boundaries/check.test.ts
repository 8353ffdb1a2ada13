import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkBoundaries } from './check.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hopwise-boundaries-'));
  for (const folder of ['app', 'components', 'lib', 'e2e']) mkdirSync(join(root, folder));
  write('lib/sim/base/index.ts', "export { ok } from './result.ts';");
  write('lib/sim/base/result.ts', 'export const ok = 1;');
  write('lib/sim/kernel/index.ts', 'export const kernel = 1; export type Kernel = number;');
  write('lib/quiz/index.ts', 'export const grade = 1; export type Question = string;');
  write('lib/server/db.ts', 'export const db = 1;');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const messages = () => checkBoundaries(root).violations.map(({ file, line, message }) => `${file}:${line} ${message}`);

it('lets a layer import what stands below it, by its door', () => {
  write('lib/sim/wire/arp.ts', "import { ok } from '../base/index.ts'; export const arp = ok;");
  expect(messages()).toEqual([]);
});

it.each([
  ['lib/sim/wire/arp.ts', "import { kernel } from '../kernel/index.ts';", 'lib/sim/wire may not import lib/sim/kernel'],
  [
    'lib/sim/wire/arp.ts',
    "import type { Kernel } from '../kernel/index.ts';",
    'lib/sim/wire may not import lib/sim/kernel',
  ],
  ['lib/sim/wire/arp.ts', "export { kernel } from '../kernel/index.ts';", 'lib/sim/wire may not import lib/sim/kernel'],
  [
    'lib/sim/wire/arp.ts',
    "const k = await import('../kernel/index.ts');",
    'lib/sim/wire may not import lib/sim/kernel',
  ],
  ['lib/sim/wire/arp.ts', "import { ok } from '../base/result.ts';", 'entered by its door'],
  ['lib/sim/wire/arp.ts', "import { readFileSync } from 'node:fs';", 'pure TypeScript'],
  ['lib/quiz/kinds/single.ts', "import { useState } from 'react';", 'knows no React'],
  ['components/quiz/quiz.tsx', "import { grade } from '@/lib/quiz';", 'only types of lib/quiz'],
  ['components/quiz/quiz.tsx', "import { db } from '@/lib/server/db';", 'components may not import lib/server'],
  ['app/page.tsx', "import { kernel } from '@/lib/sim/kernel/index.ts';", 'app may not import lib/sim/kernel'],
  ['lib/sim/wire/tcp/index.ts', 'export const x = 1;', 'no layer’s door'],
  ['lib/drawer/misc.ts', "import { db } from '../server/db.ts';", 'lies in no layer'],
])('%s: %s is an error', (file, text, message) => {
  write(file, `// first line\n${text}\n`);
  expect(messages()).toEqual([expect.stringContaining(message)]);
});

it('lets components take types', () => {
  write(
    'components/quiz/quiz.tsx',
    "import type { Question } from '@/lib/quiz'; import { type Question as Q } from '@/lib/quiz/index.ts';",
  );
  expect(messages()).toEqual([]);
});

it('finds cycles of loading, not of types', () => {
  write('lib/server/a.ts', "import { b } from './b.ts'; export const a = b;");
  write('lib/server/b.ts', "import type { C } from './c.ts'; import { c } from './c.ts'; export const b: C = c;");
  write('lib/server/c.ts', "import type { a } from './a.ts'; export type C = typeof a; export const c = 1;");
  expect(messages()).toEqual([]);
  write('lib/server/c.ts', "import { a } from './a.ts'; export type C = typeof a; export const c = 1;");
  expect(messages()).toEqual(['lib/server/a.ts:1 import cycle: lib/server/a.ts · lib/server/b.ts · lib/server/c.ts']);
});
