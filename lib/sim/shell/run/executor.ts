import type { Wait } from '../../os/index.ts';
import { builtins } from '../builtins/table.ts';
import type { Executor, Shell } from '../shell.ts';
import { runAndOr, runCommand, runScript } from './execute.ts';
import { callFunction } from './function-call.ts';
import { runBuiltin, runExternal, runSimple } from './simple.ts';
import { processSubstitution, substitute } from './substitute.ts';
import { runText } from './text.ts';

function* runWords(
  shell: Shell,
  words: readonly string[],
  how: { readonly functions: boolean },
): Generator<Wait, number, void> {
  const name = words[0] ?? '';
  const definition = how.functions ? shell.functions.get(name) : undefined;
  if (definition !== undefined) return yield* callFunction(shell, name, words.slice(1), definition);
  const builtin = builtins.get(name);
  return builtin === undefined
    ? yield* runExternal(shell, words, 'fork', words.join(' '))
    : yield* runBuiltin(shell, builtin, words);
}

export const executor: Executor = {
  runScript,
  runAndOr,
  runCommand,
  runLast: (shell, command) => runSimple(shell, command, 'exec'),
  runText,
  substitute,
  processSubstitution,
  runWords,
};
