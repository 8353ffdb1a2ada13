import type { CommandSpec } from '../command.ts';
import { allLines, missing, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

export const column: CommandSpec = {
  ...program('column', 'columnate lists', [
    option('-t --table', 'create a table'),
    option('-s --separator', 'possible table delimiters', 'string'),
    option('-o --output-separator', 'columns separator for table output (default is two spaces)', 'string'),
    option('-N --table-columns', 'comma separated columns names', 'names'),
    option('-c --output-width', 'width of output in number of characters', 'width'),
    missing('-J --json', 'use JSON output format for table'),
    missing('-R --table-right', 'right align text in these columns', 'columns'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, column);
    if (typeof parsed === 'number') return parsed;
    const { lines, status } = yield* allLines(process, 'column', parsed.operands);
    const kept = lines.filter((line) => line.trim() !== '');
    const width = Number(parsed.value('-c') ?? process.env.get('COLUMNS') ?? 80);
    const names = parsed.value('-N')?.split(',');
    const rows = kept.map((line) => split(line, parsed.value('-s')));
    yield* process.print(
      parsed.has('-t') ? table(names ? [names, ...rows] : rows, parsed.value('-o') ?? '  ') : fill(kept, width),
    );
    return status;
  },
};

function split(line: string, separators: string | undefined): string[] {
  if (separators === undefined) return line.trim().split(/[ \t]+/);
  const cells = [''];
  for (const c of line) {
    if (separators.includes(c)) cells.push('');
    else cells[cells.length - 1] += c;
  }
  return cells;
}

function table(rows: readonly (readonly string[])[], separator: string): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, [...cell].length)));
  return rows
    .map(
      (row) =>
        `${widths.map((width, i) => (i === widths.length - 1 ? (row[i] ?? '') : (row[i] ?? '').padEnd(width))).join(separator)}\n`,
    )
    .join('');
}

/** Down the columns first, each as wide as the longest entry, on tab stops. */
function fill(lines: readonly string[], width: number): string {
  const longest = Math.max(0, ...lines.map((line) => line.length));
  const step = (Math.floor(longest / 8) + 1) * 8;
  const columns = Math.max(1, Math.floor(width / step));
  const height = Math.ceil(lines.length / columns);
  let out = '';
  for (let row = 0; row < height; row++) {
    for (let at = row; at < lines.length; at += height) {
      const text = lines[at] as string;
      out += at + height < lines.length ? text + '\t'.repeat(Math.ceil((step - text.length) / 8)) : text;
    }
    out += '\n';
  }
  return out;
}
