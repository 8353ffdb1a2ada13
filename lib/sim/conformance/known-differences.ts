import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Comparison, describeDifference } from './compare.ts';

/** Commands of recorded transcripts that the simulator does not answer as Linux did, and why: known-differences.yaml. */
export type KnownDifference = {
  readonly transcript: string;
  readonly reason: string;
  readonly commands: readonly string[];
};

export function loadKnownDifferences(file: string): KnownDifference[] {
  const entries: unknown = parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${file}: a list is expected`);
  return entries.map((entry, i) => {
    if (!isKnownDifference(entry))
      throw new Error(`${file}: entry ${i + 1} needs transcript, reason and a list of commands`);
    return { ...entry, commands: entry.commands.map((command) => command.trimEnd()) };
  });
}

function isKnownDifference(entry: unknown): entry is KnownDifference {
  if (typeof entry !== 'object' || entry === null) return false;
  const { transcript, reason, commands } = entry as Record<string, unknown>;
  const texts = Array.isArray(commands) && commands.every((command) => typeof command === 'string');
  return typeof transcript === 'string' && typeof reason === 'string' && reason !== '' && texts && commands.length > 0;
}

/** What speaks against a comparison: differences nobody wrote down, and differences written down that are none any more. */
export function complaints(name: string, comparison: Comparison, known: readonly KnownDifference[]): string[] {
  const excused = known.filter((entry) => entry.transcript === name).flatMap((entry) => entry.commands);
  const different = comparison.commands.filter((command) => !command.same);
  const unexpected = different
    .filter(({ command }) => !excused.includes(command))
    .map((command) => describeDifference(command));
  const stale = excused.filter((command) => !different.some((one) => one.command === command));
  return [...unexpected, ...stale.map((command) => `known-differences.yaml: this is no difference: ${command}`)];
}
