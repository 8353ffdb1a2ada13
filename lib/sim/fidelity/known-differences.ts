import { parse } from 'yaml';

/** From the repository's root. */
export const KNOWN_DIFFERENCES = 'lib/sim/conformance/known-differences.yaml';

/** Commands of recorded transcripts that the simulator does not answer as Linux did, and why: known-differences.yaml. */
export type KnownDifference = {
  readonly transcript: string;
  readonly reason: string;
  readonly commands: readonly string[];
};

/** @throws when an entry lacks something: the message says which and what */
export function parseKnownDifferences(text: string, file: string): KnownDifference[] {
  const entries: unknown = parse(text);
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
