import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { renderTranscript, runTranscript } from '../sim/conformance/index.ts';
import { parseCommandLine, readTranscript } from './files.ts';
import { UsageError } from './usage-error.ts';

/** `transcript --out DIR FILE…`: each transcript in a fresh world, with the simulator's output, to DIR/<basename>. */
export function transcriptCommand(args: string[]): number {
  const { options, files } = parseCommandLine(args, ['out', 'seed']);
  if (options.out === undefined) throw new UsageError('--out DIR is missing');
  if (files.length === 0) throw new UsageError('no transcript is given');
  mkdirSync(options.out, { recursive: true });
  let failed = 0;
  for (const file of files) {
    try {
      const { transcript } = runTranscript(readTranscript(file), { seed: options.seed ?? 1 });
      writeFileSync(join(options.out, basename(file)), renderTranscript(transcript));
    } catch (error) {
      failed++;
      process.stderr.write(
        `sim transcript: ${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
  }
  return failed === 0 ? 0 : 1;
}
