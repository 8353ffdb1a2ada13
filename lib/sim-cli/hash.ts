import { basename } from 'node:path';
import { runTranscript } from '../sim/conformance/index.ts';
import { parseCommandLine, readTranscript } from './files.ts';
import { UsageError } from './usage-error.ts';

/** `hash FILE…`: the trace hash of each transcript's run. Two runs, on any machine, give the same. */
export function hashCommand(args: string[]): number {
  const { options, files } = parseCommandLine(args, ['seed']);
  if (files.length === 0) throw new UsageError('no transcript is given');
  for (const file of files) {
    const { traceHash } = runTranscript(readTranscript(file), { seed: options.seed ?? 1 });
    process.stdout.write(`${traceHash} ${basename(file)}\n`);
  }
  return 0;
}
