import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashSources } from './sources.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hopwise-sources-'));
  for (const folder of ['app', 'lib/tooling', 'lib/shared', 'content/courses'])
    mkdirSync(join(root, folder), { recursive: true });
  write('package-lock.json', '{}');
  write('app/page.tsx', 'export default 1');
  write('lib/shared/paths.ts', 'export const home = "/"');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text: string) => writeFileSync(join(root, path), text);

it.each([
  ['app/page.tsx', 'export default 2'],
  ['content/courses/new.mdx', '# New'],
  ['next.config.mjs', 'export default {}'],
  ['package-lock.json', '{"packages":{}}'],
])('a change of %s asks for a build', (path, text) => {
  const before = hashSources(root);
  write(path, text);
  expect(hashSources(root)).not.toBe(before);
});

it.each(['lib/tooling/start.mjs', 'lib/shared/paths.test.ts', 'README.md', 'app/.DS_Store'])(
  'a change of %s does not',
  (path) => {
    const before = hashSources(root);
    write(path, 'changed');
    expect(hashSources(root)).toBe(before);
  },
);

it('a file that moved asks for a build though all bytes are the same', () => {
  const before = hashSources(root);
  rmSync(join(root, 'lib/shared/paths.ts'));
  write('lib/shared/path.ts', 'export const home = "/"');
  expect(hashSources(root)).not.toBe(before);
});
