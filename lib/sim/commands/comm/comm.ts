import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { LineReader, openInput } from '../lines.ts';

/** comm of GNU coreutils 9.1. */
export const comm: CommandSpec = {
  ...program('comm', 'compare two sorted files line by line', [
    option('-1', 'suppress column 1 (lines unique to FILE1)'),
    option('-2', 'suppress column 2 (lines unique to FILE2)'),
    option('-3', 'suppress column 3 (lines that appear in both files)'),
    option('--check-order', 'check that the input is correctly sorted'),
    option('--nocheck-order', 'do not check that the input is correctly sorted'),
    option('--output-delimiter', 'separate columns with STR', 'STR'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, comm);
  if (typeof parsed === 'number') return parsed;
  const [first, second, extra] = parsed.operands;
  if (first === undefined) return yield* usageError(process, 'comm', 'missing operand');
  if (second === undefined) return yield* usageError(process, 'comm', `missing operand after ${quoted(first)}`);
  if (extra !== undefined) return yield* usageError(process, 'comm', `extra operand ${quoted(extra)}`);
  const sides: Side[] = [];
  for (const [i, name] of [first, second].entries()) {
    const fd = openInput(process, name);
    if (!fd.ok) return yield* failure(process, 'comm', `${name}: ${strerror(fd.error.errno)}`);
    sides.push(new Side(process, fd.value, i + 1, !parsed.has('--nocheck-order')));
  }
  const [left, right] = sides as [Side, Side];
  const delimiter = parsed.value('--output-delimiter') ?? '\t';
  const shows = (column: number) => !parsed.has(`-${column}`);
  const indent = (column: number) => delimiter.repeat([1, 2].filter((one) => one < column && shows(one)).length);
  yield* left.advance();
  yield* right.advance();
  while (left.line !== undefined || right.line !== undefined) {
    const column =
      right.line === undefined || (left.line !== undefined && left.line < right.line)
        ? 1
        : left.line === undefined || right.line < left.line
          ? 2
          : 3;
    const text = column === 2 ? right.line : left.line;
    if (shows(column)) yield* process.print(`${indent(column)}${text}\n`);
    if (column !== 2) yield* left.advance();
    if (column !== 1) yield* right.advance();
  }
  if (left.sorted && right.sorted) return 0;
  return yield* failure(process, 'comm', 'input is not in sorted order');
}

class Side {
  line: string | undefined;
  sorted = true;
  readonly #reader: LineReader;

  constructor(
    private readonly process: Process,
    fd: number,
    private readonly number: number,
    private readonly checks: boolean,
  ) {
    this.#reader = new LineReader(process, fd);
  }

  *advance(): Generator<Wait, void, void> {
    const next = yield* this.#reader.next();
    const line = next.ok ? next.value?.text : undefined;
    if (this.checks && this.sorted && line !== undefined && this.line !== undefined && line < this.line) {
      this.sorted = false;
      yield* this.process.printError(`comm: file ${this.number} is not in sorted order\n`);
    }
    this.line = line;
  }
}
