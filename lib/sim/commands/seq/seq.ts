import { formatText } from '../awk/value.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

export const seq: CommandSpec = {
  ...program('seq', 'print a sequence of numbers', [
    option('-f --format', 'use printf style floating-point FORMAT', 'FORMAT'),
    option('-s --separator', 'use STRING to separate numbers (default: \\n)', 'STRING'),
    option('-w --equal-width', 'equalize width by padding with leading zeroes'),
  ]),
  *run(process) {
    // A negative number is an operand, not an option.
    const args = process.argv.slice(1);
    const first = args.findIndex((arg) => /^-[\d.]/.test(arg));
    const parsed = yield* getopt(process, seq, {
      args: first < 0 ? args : [...args.slice(0, first), '--', ...args.slice(first)],
    });
    if (typeof parsed === 'number') return parsed;
    const { operands } = parsed;
    if (operands.length === 0) return yield* usageError(process, 'seq', 'missing operand');
    if (operands.length > 3) return yield* usageError(process, 'seq', `extra operand ${quoted(operands[3] as string)}`);
    for (const operand of operands) {
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(operand)) {
        return yield* usageError(process, 'seq', `invalid floating point argument: ${quoted(operand)}`);
      }
    }
    const [from, step, to] =
      operands.length === 1
        ? ['1', '1', operands[0]]
        : operands.length === 2
          ? [operands[0], '1', operands[1]]
          : operands;
    const [start, increment, end] = [Number(from), Number(step), Number(to)];
    if (increment === 0)
      return yield* usageError(process, 'seq', `invalid Zero increment value: ${quoted(step as string)}`);
    const format = parsed.value('-f');
    if (format !== undefined && !/^(%%|[^%])*%[-+ 0#']*\d*(\.\d*)?[efgaEFGA](%%|[^%])*$/.test(format)) {
      return yield* failure(process, 'seq', `format ${quoted(format)} has no % directive`);
    }
    const digits = Math.max(decimals(from as string), decimals(step as string));
    const width = parsed.has('-w') ? Math.max(start.toFixed(digits).length, end.toFixed(digits).length) : 0;
    const write = (value: number) =>
      format === undefined ? padded(value.toFixed(digits), width) : formatText(format, [value], '%g').text;
    const separator = parsed.value('-s') ?? '\n';
    let out = '';
    let i = 0;
    for (; ; i++) {
      const value = Number((start + i * increment).toFixed(digits + 2));
      if (increment > 0 ? value > end : value < end) break;
      out += (i === 0 ? '' : separator) + write(value);
      if (out.length > 4096) {
        yield* process.print(out);
        out = '';
        yield {};
      }
    }
    if (i > 0) yield* process.print(`${out}\n`);
    return 0;
  },
};

const decimals = (text: string) => (/\.(\d*)/.exec(text)?.[1] ?? '').length;

const padded = (text: string, width: number) =>
  text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
