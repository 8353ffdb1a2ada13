import { type Errno, strerror } from '../../base/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';

const COLUMNS = ['-l', '-w', '-m', '-c', '-L'] as const;

export const wc: CommandSpec = {
  ...program('wc', 'print newline, word, and byte counts for each file', [
    option('-c --bytes', 'print the byte counts'),
    option('-m --chars', 'print the character counts'),
    option('-l --lines', 'print the newline counts'),
    option('-L --max-line-length', 'print the maximum display width'),
    option('-w --words', 'print the word counts'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, wc);
    if (typeof parsed === 'number') return parsed;
    const chosen = COLUMNS.filter((column) => parsed.has(column));
    const columns = chosen.length > 0 ? chosen : (['-l', '-w', '-c'] as const);
    const files = parsed.operands.length > 0 ? parsed.operands : ['-'];
    const width = widthOf(process, files, columns.length);
    const row = (counts: Counts, name: string) =>
      `${columns.map((column) => String(counts[column]).padStart(width)).join(' ')}${parsed.operands.length > 0 ? ` ${name}` : ''}\n`;
    const total = zero();
    let status = 0;
    for (const file of files) {
      const fd = openInput(process, file);
      if (!fd.ok) {
        status = yield* failure(process, 'wc', `${file}: ${strerror(fd.error.errno)}`);
        if (fd.error.errno === 'EISDIR') yield* process.print(row(zero(), file));
        continue;
      }
      const counts = yield* count(process, fd.value);
      closeInput(process, fd.value);
      if (typeof counts === 'string') {
        status = yield* failure(process, 'wc', `${file}: ${strerror(counts)}`);
        continue;
      }
      for (const column of COLUMNS)
        total[column] = column === '-L' ? Math.max(total[column], counts[column]) : total[column] + counts[column];
      yield* process.print(row(counts, file));
    }
    if (files.length > 1) yield* process.print(row(total, 'total'));
    return status;
  },
};

type Counts = Record<(typeof COLUMNS)[number], number>;

const zero = (): Counts => ({ '-l': 0, '-w': 0, '-m': 0, '-c': 0, '-L': 0 });

/** As wide as the sum of the sizes; 7 when something's size is not known before it is read (wc.c, compute_number_width). */
function widthOf(process: Process, files: readonly string[], columns: number): number {
  if (files.length === 1 && columns === 1) return 1;
  let sum = 0;
  let least = 1;
  for (const file of files) {
    const stat = file === '-' ? process.fds.get(0)?.stat?.() : undefined;
    const known = file === '-' ? stat : resultOf(process.machine.fs.stat(process.path(file), process));
    if (known?.kind === 'file') sum += known.size;
    else if (known !== undefined || file === '-') least = 7;
  }
  return Math.max(least, String(sum).length);
}

const resultOf = <T>(result: { ok: true; value: T } | { ok: false }): T | undefined =>
  result.ok ? result.value : undefined;

function* count(process: Process, fd: number): Generator<Wait, Counts | Errno, void> {
  const counts = zero();
  let inWord = false;
  let column = 0;
  for (;;) {
    const read = yield* process.read(fd);
    if (!read.ok) return read.error.errno;
    if (read.value.length === 0) break;
    counts['-c'] += read.value.length;
    for (const byte of read.value) {
      const blank = byte === 32 || (byte >= 9 && byte <= 13);
      if (!blank && !inWord) counts['-w']++;
      inWord = !blank;
      if (byte === 10) counts['-l']++;
      if ((byte & 0xc0) !== 0x80) counts['-m']++;
    }
    for (const c of decodeText(read.value)) {
      if (c === '\n') column = 0;
      else column = c === '\t' ? column + 8 - (column % 8) : column + 1;
      counts['-L'] = Math.max(counts['-L'], column);
    }
  }
  return counts;
}
