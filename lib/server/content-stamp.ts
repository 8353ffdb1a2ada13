import 'server-only';
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { contentRoots } from './content.ts';

let known: string | undefined;

/** Has any file of the content come, gone or changed since this was last asked? The first time: yes. */
export async function hasContentChanged(): Promise<boolean> {
  const stamp = await stampOf(contentRoots());
  const changed = stamp !== known;
  known = stamp;
  return changed;
}

async function stampOf(roots: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const root of roots) {
    const names = await readdir(root, { recursive: true }).catch(() => []);
    for (const name of names.sort()) {
      const stats = await stat(path.join(root, name)).catch(() => undefined);
      hash.update(`${root}/${name}:${stats?.mtimeMs}:${stats?.size}\n`);
    }
  }
  return hash.digest('hex');
}
