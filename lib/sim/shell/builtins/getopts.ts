import type { Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import type { Builtins } from './builtin.ts';

const USAGE = 'getopts optstring name [arg ...]';

/** getopts(1): where it is inside a word of several letters is the shell's, the index of the word the script's (OPTIND). */
function* getopts(shell: Shell, args: readonly string[]): Generator<Wait, number, void> {
  const [spec, name, ...given] = args;
  if (spec === undefined || name === undefined) {
    yield* shell.process.printError(`getopts: usage: ${USAGE}\n`);
    return 2;
  }
  const words = given.length > 0 ? given : shell.positional;
  const { variables } = shell;
  const index = Number(variables.get('OPTIND') ?? 1);
  if (index !== shell.getopts.index) shell.getopts = { index, letter: 1 };
  const word = words[index - 1];
  if (shell.getopts.letter === 1 && (word === undefined || !word.startsWith('-') || word === '-' || word === '--')) {
    if (word === '--') moveTo(shell, index + 1, 1);
    variables.set(name, '?');
    variables.unset('OPTARG');
    return 1;
  }
  return yield* takeLetter(shell, spec, name, words, word ?? '');
}

function moveTo(shell: Shell, index: number, letter: number): void {
  shell.variables.set('OPTIND', String(index));
  shell.getopts = { index, letter };
}

function* takeLetter(
  shell: Shell,
  spec: string,
  name: string,
  words: readonly string[],
  word: string,
): Generator<Wait, number, void> {
  const { variables } = shell;
  const { index } = shell.getopts;
  const letter = word[shell.getopts.letter] as string;
  const last = shell.getopts.letter + 1 >= word.length;
  const at = letter === ':' ? -1 : spec.indexOf(letter, spec.startsWith(':') ? 1 : 0);
  variables.unset('OPTARG');
  if (at === -1) {
    moveTo(shell, last ? index + 1 : index, last ? 1 : shell.getopts.letter + 1);
    return yield* complain(shell, spec, name, letter, '?', 'illegal option');
  }
  if (spec[at + 1] !== ':') moveTo(shell, last ? index + 1 : index, last ? 1 : shell.getopts.letter + 1);
  else {
    const value = last ? words[index] : word.slice(shell.getopts.letter + 1);
    moveTo(shell, last ? index + 2 : index + 1, 1);
    if (value === undefined) return yield* complain(shell, spec, name, letter, ':', 'option requires an argument');
    variables.set('OPTARG', value);
  }
  variables.set(name, letter);
  return 0;
}

/** With a leading colon in the specification the script is told; else the person is. */
function* complain(
  shell: Shell,
  spec: string,
  name: string,
  letter: string,
  mark: '?' | ':',
  problem: string,
): Generator<Wait, number, void> {
  const silent = spec.startsWith(':');
  shell.variables.set(name, silent ? mark : '?');
  if (silent) shell.variables.set('OPTARG', letter);
  else if (shell.variables.get('OPTERR') !== '0')
    yield* shell.process.printError(`${shell.name}: ${problem} -- ${letter}\n`);
  return 0;
}

export const getoptsBuiltins: Builtins = { getopts: { usage: USAGE, run: getopts } };
