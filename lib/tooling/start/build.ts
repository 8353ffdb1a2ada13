import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bootstrap/root.mjs';
import { Problem, step } from '../bootstrap/say.mjs';
import { runNode } from '../process/children.ts';
import type { Settings } from './settings.ts';
import { hashSources } from './sources.ts';

export const NEXT = 'node_modules/next/dist/bin/next';

/** Builds for production unless the last build in the same folder was made of the same sources. */
export async function ensureBuilt({ distDir, env }: Pick<Settings, 'distDir' | 'env'>): Promise<void> {
  const stamp = join(ROOT, distDir, 'hopwise-sources');
  const sources = `${hashSources(ROOT)} ${process.versions.node.split('.')[0]}`;
  if (read(stamp) === sources) return;
  rmSync(stamp, { force: true });
  step('Building the site (about a minute; only when sources changed)');
  const { code, output } = await runNode([NEXT, 'build'], { env: { ...env, NODE_ENV: 'production' } });
  if (code !== 0) {
    throw new Problem(
      8,
      'The site did not build. What the build said:',
      `\n${output.trim()}\n\nNothing was served; an older build, if any, is gone.`,
    );
  }
  writeFileSync(stamp, sources);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
