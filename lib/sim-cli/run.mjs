// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/**
 * `npm run sim`: the simulator's command line as one bundle, which starts in a third of the time that translating its
 * thousand files takes. The bundle is made anew when one of them has changed, and is called by what they are.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['lib/sim', 'lib/sim-cli'];
const CACHE = join(ROOT, 'node_modules/.cache/hopwise/sim-cli');
const DAY_MS = 24 * 3600 * 1000;

// Most runs are over before optimised code pays for itself: V8 shall wait twenty times as long as usual with making it.
setFlagsFromString('--interrupt-budget=2640000');

const bundle = join(CACHE, stampOf(SOURCES));
if (!existsSync(bundle)) await make(bundle);
await import(pathToFileURL(join(bundle, 'main.mjs')).href);

/** @param {string[]} folders */
function stampOf(folders) {
  const stamp = createHash('sha256').update(ROOT).update(process.version);
  for (const folder of folders) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const { mtimeMs, size } = statSync(join(ROOT, folder, name));
      stamp.update(`${folder}/${name} ${mtimeMs} ${size}\n`);
    }
  }
  return stamp.digest('hex').slice(0, 16);
}

/**
 * Into a folder of its own first: another run may be making the same. Bundles of yesterday go.
 *
 * @param {string} target
 */
async function make(target) {
  const { build } = await import('esbuild');
  const outdir = `${target}.${process.pid}`;
  await build({
    entryPoints: [join(ROOT, 'lib/sim-cli/main.ts')],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  try {
    renameSync(outdir, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(outdir, { recursive: true });
  }
  for (const name of readdirSync(CACHE)) {
    const old = join(CACHE, name);
    if (Date.now() - statSync(old).mtimeMs > DAY_MS) rmSync(old, { recursive: true, force: true });
  }
}
