import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { humanSize } from '../sizes.ts';

/** df of GNU coreutils 9.1: the machine has one disk. */
export const df: CommandSpec = {
  ...program('df', 'report file system space usage', [
    option('-h --human-readable', 'print sizes in powers of 1024'),
    option('-k', 'like --block-size=1K'),
    option('-T --print-type', 'print file system type'),
    option('-a --all', 'include pseudo, duplicate, inaccessible file systems'),
    missing('-i --inodes', 'list inode information instead of block usage'),
    missing('-t --type', 'limit listing to file systems of type TYPE', 'TYPE'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, df);
  if (typeof parsed === 'number') return parsed;
  let status = 0;
  for (const operand of parsed.operands) {
    const stat = process.machine.fs.stat(process.path(operand), process);
    if (stat.ok) continue;
    yield* process.printError(`df: ${operand}: ${strerror(stat.error.errno)}\n`);
    status = 1;
  }
  if (status !== 0 && parsed.operands.length === 1) return status;
  const { limits, fs } = process.machine;
  const human = parsed.has('-h');
  const show = (bytes: number) => (human ? humanSize(bytes) : String(Math.ceil(bytes / 1_024)));
  const used = fs.usedBytes;
  const percent = `${Math.ceil((used / limits.totalFileBytes) * 100)}%`;
  const row = [
    '/dev/vda1',
    ...(parsed.has('-T') ? ['ext4'] : []),
    show(limits.totalFileBytes),
    show(used),
    show(limits.totalFileBytes - used),
    percent,
    '/',
  ];
  const head = [
    'Filesystem',
    ...(parsed.has('-T') ? ['Type'] : []),
    human ? 'Size' : '1K-blocks',
    'Used',
    human ? 'Avail' : 'Available',
    'Use%',
    'Mounted on',
  ];
  yield* process.print(table([head, row], parsed.has('-T') ? 2 : 1));
  return status;
}

/** Texts to the left, numbers to the right, the last column as it is. */
function table(rows: readonly (readonly string[])[], texts: number): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0), column === 0 ? 14 : 5),
  );
  const cell = (text: string, column: number, last: boolean) =>
    last
      ? text
      : column < texts
        ? text.padEnd(widths[column] ?? 0)
        : text.padStart(column === widths.length - 2 ? 4 : (widths[column] ?? 0));
  return rows
    .map((row) => `${row.map((text, column) => cell(text, column, column === row.length - 1)).join(' ')}\n`)
    .join('');
}
