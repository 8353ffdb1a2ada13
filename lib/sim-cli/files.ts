import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseTranscript, type Transcript } from '../sim/conformance/index.ts';
import { UsageError } from './usage-error.ts';

export function readTranscript(file: string): Transcript {
  try {
    return parseTranscript(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Options that each take a value, and the files after them. */
export function parseCommandLine(
  args: string[],
  names: readonly string[],
): { options: Record<string, string | undefined>; files: string[] } {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { options: values as Record<string, string | undefined>, files: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
