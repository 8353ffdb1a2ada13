import { strerror } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, LineReader, openInput } from '../lines.ts';

export const paste: CommandSpec = {
  ...program('paste', 'merge lines of files', [
    option('-d --delimiters', 'reuse characters from LIST instead of TABs', 'LIST'),
    option('-s --serial', 'paste one file at a time instead of in parallel'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, paste);
    if (typeof parsed === 'number') return parsed;
    const list = delimiters(parsed.value('-d') ?? '\t');
    const between = (i: number) => list[i % list.length] ?? '';
    const fds = new Map<string, number>();
    const readers: LineReader[] = [];
    const shared = new LineReader(process, 0);
    for (const operand of parsed.operands.length > 0 ? parsed.operands : ['-']) {
      const fd = openInput(process, operand);
      if (!fd.ok) return yield* failure(process, 'paste', `${operand}: ${strerror(fd.error.errno)}`);
      fds.set(operand, fd.value);
      readers.push(operand === '-' ? shared : new LineReader(process, fd.value));
    }
    const next = function* (reader: LineReader) {
      const line = yield* reader.next();
      return line.ok ? line.value?.text : undefined;
    };
    if (parsed.has('-s')) {
      for (const reader of readers) {
        const lines: string[] = [];
        for (let line = yield* next(reader); line !== undefined; line = yield* next(reader)) lines.push(line);
        yield* process.print(`${lines.map((line, i) => line + (i < lines.length - 1 ? between(i) : '')).join('')}\n`);
      }
    } else {
      for (;;) {
        const row: (string | undefined)[] = [];
        for (const reader of readers) row.push(yield* next(reader));
        if (row.every((cell) => cell === undefined)) break;
        yield* process.print(
          `${row.map((cell, i) => (cell ?? '') + (i < row.length - 1 ? between(i) : '')).join('')}\n`,
        );
      }
    }
    for (const fd of fds.values()) closeInput(process, fd);
    return 0;
  },
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', '0': '' };

const delimiters = (text: string): string[] => {
  const found = [...text.matchAll(/\\(.)|([\s\S])/gu)].map(([, escaped, plain]) =>
    escaped === undefined ? (plain as string) : (ESCAPES[escaped] ?? escaped),
  );
  return found.length === 0 ? [''] : found;
};
