import type { CommandSpec } from '../command.ts';
import { eachInput, eachLine, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

export const nl: CommandSpec = {
  ...program('nl', 'number lines of files', [
    option('-b --body-numbering', 'use STYLE for numbering body lines: a (all), t (nonempty), n (none)', 'STYLE'),
    option('-i --line-increment', 'line number increment at each line', 'NUMBER'),
    option('-n --number-format', 'insert line numbers according to FORMAT: ln, rn, rz', 'FORMAT'),
    option('-s --number-separator', 'add STRING after (possible) line number', 'STRING'),
    option('-v --starting-line-number', 'first line number for each section', 'NUMBER'),
    option('-w --number-width', 'use NUMBER columns for line numbers', 'NUMBER'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, nl);
    if (typeof parsed === 'number') return parsed;
    const style = parsed.value('-b') ?? 't';
    if (!['a', 't', 'n'].includes(style))
      return yield* usageError(process, 'nl', `invalid body numbering style: ${quoted(style)}`);
    const number = (flag: string, otherwise: number) => Number(parsed.value(flag) ?? otherwise);
    const width = number('-w', 6);
    const separator = parsed.value('-s') ?? '\t';
    const format = parsed.value('-n') ?? 'rn';
    let next = number('-v', 1);
    return yield* eachInput(process, 'nl', parsed.operands, (fd) =>
      eachLine(process, fd, function* ({ text }) {
        const numbered = style === 'a' || (style === 't' && text !== '');
        if (!numbered) {
          yield* process.print(`${' '.repeat(width + separator.length)}${text}\n`);
          return;
        }
        const digits = String(next);
        const shown = format === 'ln' ? digits.padEnd(width) : digits.padStart(width, format === 'rz' ? '0' : ' ');
        yield* process.print(`${shown}${separator}${text}\n`);
        next += number('-i', 1);
      }),
    );
  },
};
