import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../bootstrap/root.mjs';
import type { Figure } from '../figure.ts';

const FOLDER = join(ROOT, 'lib/sim/conformance/linux');
const TELL_CPU = join(import.meta.dirname, 'tell-cpu.mjs');

/** Processor time of `npm run sim -- transcript` with all of the shared set: the whole process, from its start, cold. */
export function transcripts(): Figure {
  const shared = readdirSync(FOLDER).filter((name) => /^\d\d-/.test(name));
  const out = mkdtempSync(join(tmpdir(), 'hopwise-transcripts-'));
  try {
    run(out, shared.slice(0, 1));
    return {
      name: `simulator: processor time of the ${shared.length} shared transcripts`,
      value: run(out, shared),
      unit: 'ms',
      limit: { atMost: 3000 },
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The first run may make the bundle; it is not the one that counts. @returns milliseconds */
function run(out: string, names: readonly string[]): number {
  const files = names.map((name) => join(FOLDER, name));
  const args = ['--import', TELL_CPU, 'lib/sim-cli/run.mjs', 'transcript', '--out', out, ...files];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the transcripts did not run: ${stderr}`);
  return Number(stderr.trimEnd().split('\n').at(-1));
}
