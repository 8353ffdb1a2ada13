import type { Wait } from '../../os/index.ts';
import { ansiQuote } from '../expand/operators.ts';
import type { Shell } from '../shell.ts';

/** `set -x`: a line to standard error, after PS4 whose first character is repeated for each subshell. */
export function* traceLine(shell: Shell, text: string): Generator<Wait, void, void> {
  const ps4 = shell.variables.get('PS4') ?? '+ ';
  yield* shell.process.printError(`${ps4.slice(0, 1).repeat(shell.subshellDepth)}${ps4}${text}\n`);
}

/** A word as `set -x` shows it: quoted where the shell would read it otherwise. */
export function traceWord(word: string): string {
  if (word === '') return "''";
  if (/[\0-\x1f\x7f]/.test(word)) return ansiQuote(word);
  return /[\s|&;()<>'"\\$`*?[\]{}~!#^]/.test(word) && !/^[=~]?[\w@%+:,./-]*$/.test(word)
    ? `'${word.replaceAll("'", "'\\''")}'`
    : word;
}
