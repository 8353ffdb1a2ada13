import type { Process, Wait } from '../../os/index.ts';
import { compareFiles, evaluateTest, fileTest, TestError } from '../../shell/index.ts';
import type { CommandSpec } from '../command.ts';
import { program, quoted } from '../coreutils.ts';

/** test and [ of GNU coreutils 9.1; the shell has its own. */
export const test: CommandSpec = {
  ...program('test', 'check file types and compare values'),
  run: (process) => run(process, process.argv.slice(1)),
};

export const bracket: CommandSpec = {
  ...program('[', 'check file types and compare values'),
  *run(process) {
    const args = process.argv.slice(1);
    if (args.at(-1) === ']') return yield* run(process, args.slice(0, -1));
    yield* process.printError(`${process.argv[0]}: missing ${quoted(']')}\n`);
    return 2;
  },
};

function* run(process: Process, args: readonly string[]): Generator<Wait, number, void> {
  try {
    const host = {
      unary: (op: string, operand: string) => fileTest(process, op, operand),
      files: (op: '-ef' | '-nt' | '-ot', left: string, right: string) => compareFiles(process, op, left, right),
    };
    return evaluateTest(args, host) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    yield* process.printError(`${process.argv[0] ?? ''}: ${inCoreutilsWords(error.message, args)}\n`);
    return 2;
  }
}

function inCoreutilsWords(message: string, args: readonly string[]): string {
  const [, subject, complaint] =
    /^(.*): (integer expression expected|(?:unary|binary) operator expected)$/s.exec(message) ?? [];
  if (complaint === 'integer expression expected') return `invalid integer ${quoted(subject ?? '')}`;
  if (complaint === 'unary operator expected') return `missing argument after ${quoted(args[1] ?? '')}`;
  if (complaint !== undefined) return `${quoted(subject ?? '')}: ${complaint}`;
  return message === 'too many arguments' ? `extra argument ${quoted(args.at(-1) ?? '')}` : message;
}
