import { strerror } from '../../base/index.ts';
import { strftime, type Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import { isName } from '../variables.ts';
import { type Builtins, parseOptions } from './builtin.ts';
import { expandEscapes, formatPrintf } from './format.ts';

type Run = Generator<Wait, number, void>;

/** The words of echo: options only as long as every letter of them is one. */
export function parseEcho(args: readonly string[], escapesByDefault: boolean): { text: string } {
  let newline = true;
  let escapes = escapesByDefault;
  let i = 0;
  for (; i < args.length && /^-[neE]+$/.test(args[i] as string); i++) {
    for (const letter of (args[i] as string).slice(1)) {
      if (letter === 'n') newline = false;
      else escapes = letter === 'e';
    }
  }
  const text = args.slice(i).join(' ');
  if (!escapes) return { text: newline ? `${text}\n` : text };
  const expanded = expandEscapes(text);
  return { text: expanded.stop || !newline ? expanded.text : `${expanded.text}\n` };
}

/** Writes a builtin's output; a full disk or a closed descriptor is a write error. */
export function* output(shell: Shell, name: string, text: string): Run {
  if (text === '') return 0;
  const written = yield* shell.process.write(1, text);
  if (written.ok) return 0;
  yield* shell.printError(`${name}: write error: ${strerror(written.error.errno)}`);
  return 1;
}

const PRINTF_USAGE = 'printf [-v var] format [arguments]';

function* printf(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'printf', PRINTF_USAGE, 'v:', args);
  if (!parsed.ok) return parsed.status;
  const [format, ...values] = parsed.operands;
  if (format === undefined) {
    yield* shell.process.printError(`printf: usage: ${PRINTF_USAGE}\n`);
    return 2;
  }
  const variable = parsed.flags.get('v');
  if (variable !== undefined && !isName(variable.replace(/\[.*\]$/, ''))) {
    yield* shell.printError(`printf: \`${variable}': not a valid identifier`);
    return 2;
  }
  const { machine } = shell.process;
  const now = () => Math.floor((machine.epoch + machine.events.now) / 1_000_000);
  const result = formatPrintf(format, values, {
    dialect: 'bash',
    time: (layout, seconds) => strftime(layout, (seconds ?? now()) * 1_000_000),
  });
  for (const problem of result.problems) yield* shell.printError(`printf: ${problem}`);
  if (variable !== undefined) storeResult(shell, variable, result.text);
  const status = variable === undefined ? yield* output(shell, 'printf', result.text) : 0;
  return status !== 0 || result.problems.length > 0 ? 1 : 0;
}

function storeResult(shell: Shell, variable: string, text: string): void {
  const element = /^(\w+)\[(.*)\]$/.exec(variable);
  if (element === null) shell.variables.set(variable, text);
  else shell.variables.setElement(element[1] as string, element[2] as string, text);
}

export const outputBuiltins: Builtins = {
  echo: {
    usage: 'echo [-neE] [arg ...]',
    run: (shell, args) => output(shell, 'echo', parseEcho(args, shell.shopt.has('xpg_echo')).text),
  },
  printf: { usage: PRINTF_USAGE, run: printf },
};
