import type { KnownDifference } from '../fidelity/index.ts';
import { type Comparison, describeDifference } from './compare.ts';

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
