import { strerror } from '../../base/index.ts';
import { isTty, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';

const OPTIONS = [
  option('-F --quit-if-one-screen', 'quit if the entire file fits on the first screen'),
  option('-R --RAW-CONTROL-CHARS', 'output "raw" control characters'),
  option('-S --chop-long-lines', 'chop (truncate) long lines rather than wrapping'),
  option('-X --no-init', "don't use termcap init/deinit strings"),
  option('-n --line-numbers', "don't use line numbers"),
  option('-i --ignore-case', 'ignore case in searches that do not contain uppercase'),
  missing('-N --LINE-NUMBERS', 'use line numbers'),
  missing('-p --pattern', 'start at pattern', 'PATTERN'),
];

/** less and more, which page here by printing everything: a terminal with a scrollback is before them. */
export const less: CommandSpec = { ...program('less', 'show a file', OPTIONS), run: (process) => run(process, less) };
export const more: CommandSpec = { ...program('more', 'show a file', OPTIONS), run: (process) => run(process, more) };

function* run(process: Process, command: CommandSpec): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, command);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0 && isTty(process.fds.get(0))) {
    yield* process.printError(
      command.name === 'less'
        ? 'Missing filename ("less --help" for help)\n'
        : "more: bad usage\nTry 'more --help' for more information.\n",
    );
    return 1;
  }
  let status = 0;
  for (const operand of parsed.operands.length === 0 ? ['-'] : parsed.operands) {
    const fd = openInput(process, operand);
    if (!fd.ok) {
      yield* process.printError(problem(command.name, operand, fd.error.errno === 'EISDIR', strerror(fd.error.errno)));
      status = 1;
      continue;
    }
    if (command.name === 'more' && !isTty(process.fds.get(1)) && operand !== '-')
      yield* process.print(`::::::::::::::\n${operand}\n::::::::::::::\n`);
    for (;;) {
      const chunk = yield* process.read(fd.value);
      if (!chunk.ok || chunk.value.length === 0) break;
      yield* process.write(1, chunk.value);
    }
    closeInput(process, fd.value);
  }
  return status;
}

function problem(name: string, operand: string, isDirectory: boolean, text: string): string {
  if (name === 'more')
    return isDirectory ? `\n*** ${operand}: directory ***\n\n` : `more: cannot open ${operand}: ${text}\n`;
  return isDirectory ? `${operand} is a directory\n` : `${operand}: ${text}\n`;
}
