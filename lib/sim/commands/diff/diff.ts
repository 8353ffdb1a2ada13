import { strerror } from '../../base/index.ts';
import { type Process, strftime, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { closeInput, type Line, LineReader, openInput } from '../lines.ts';
import { type Hunk, hunks } from './lcs.ts';

const TROUBLE = 2;
const USAGE = "diff: Try 'diff --help' for more information.";

export const diff: CommandSpec = {
  ...program('diff', 'compare files line by line', [
    option('--normal', 'output a normal diff (the default)'),
    option('-q --brief', 'report only when files differ'),
    option('-s --report-identical-files', 'report when two files are the same'),
    option('-u', 'output 3 lines of unified context'),
    option('-U --unified', 'output NUM (default 3) lines of unified context', 'NUM'),
    option('-i --ignore-case', 'ignore case differences in file contents'),
    option('-b --ignore-space-change', 'ignore changes in the amount of white space'),
    option('-w --ignore-all-space', 'ignore all white space'),
    option('-B --ignore-blank-lines', 'ignore changes where lines are all blank'),
    missing('-y --side-by-side', 'output in two columns'),
    missing('-r --recursive', 'recursively compare any subdirectories found'),
    missing('-c', 'output 3 lines of copied context'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, diff, { status: TROUBLE, usage: USAGE });
    if (typeof parsed === 'number') return parsed;
    const [first, second, third] = parsed.operands;
    if (first === undefined || second === undefined) {
      return yield* failure(process, 'diff', `missing operand after '${first ?? 'diff'}'\n${USAGE}`, TROUBLE);
    }
    if (third !== undefined) return yield* failure(process, 'diff', `extra operand '${third}'\n${USAGE}`, TROUBLE);
    const files = [yield* read(process, first), yield* read(process, second)] as const;
    const [a, b] = files;
    if (a === undefined || b === undefined) return TROUBLE;
    const changes = hunks(a.map(keyOf(parsed)), b.map(keyOf(parsed)))?.filter(
      (hunk) => !parsed.has('-B') || !allBlank(hunk, a, b),
    );
    if (changes === undefined)
      return yield* failure(process, 'diff', 'not simulated here: files that differ in so many lines', 64);
    if (changes.length === 0) {
      if (parsed.has('-s')) yield* process.print(`Files ${first} and ${second} are identical\n`);
      return 0;
    }
    if (parsed.has('-q')) yield* process.print(`Files ${first} and ${second} differ\n`);
    else if (parsed.has('-u') || parsed.has('-U')) {
      yield* process.print(
        heading(process, '---', first) +
          heading(process, '+++', second) +
          unified(changes, a, b, Number(parsed.value('-U') ?? 3)),
      );
    } else yield* process.print(changes.map((hunk) => normal(hunk, a, b)).join(''));
    return 1;
  },
};

function* read(process: Process, name: string): Generator<Wait, Line[] | undefined, void> {
  const fd = openInput(process, name);
  if (!fd.ok) {
    yield* failure(process, 'diff', `${name}: ${strerror(fd.error.errno)}`);
    return undefined;
  }
  const lines: Line[] = [];
  const reader = new LineReader(process, fd.value);
  for (let line = yield* reader.next(); line.ok && line.value !== undefined; line = yield* reader.next())
    lines.push(line.value);
  closeInput(process, fd.value);
  return lines;
}

function keyOf(parsed: Parsed): (line: Line) => string {
  return ({ text, newline }) => {
    let key = parsed.has('-w')
      ? text.replace(/\s+/g, '')
      : parsed.has('-b')
        ? text.replace(/\s+/g, ' ').trimEnd()
        : text;
    if (parsed.has('-i')) key = key.toLowerCase();
    return newline ? key : `${key}\0`;
  };
}

const allBlank = ({ fromA, toA, fromB, toB }: Hunk, a: readonly Line[], b: readonly Line[]) =>
  [...a.slice(fromA, toA), ...b.slice(fromB, toB)].every(({ text }) => text === '');

const marked = (sign: string, lines: readonly Line[]) =>
  lines.map(({ text, newline }) => `${sign}${text}\n${newline ? '' : '\\ No newline at end of file\n'}`).join('');

function normal({ fromA, toA, fromB, toB }: Hunk, a: readonly Line[], b: readonly Line[]): string {
  const range = (from: number, to: number) =>
    to - from > 1 ? `${from + 1},${to}` : String(to - from === 0 ? from : to);
  const letter = toA === fromA ? 'a' : toB === fromB ? 'd' : 'c';
  return `${range(fromA, toA)}${letter}${range(fromB, toB)}\n${marked('< ', a.slice(fromA, toA))}${letter === 'c' ? '---\n' : ''}${marked('> ', b.slice(fromB, toB))}`;
}

function heading(process: Process, sign: string, name: string): string {
  const stat = name === '-' ? undefined : process.machine.fs.stat(process.path(name), process);
  const time = stat?.ok ? process.machine.epoch + stat.value.mtime : process.machine.epoch + process.machine.events.now;
  return `${sign} ${name}\t${strftime('%Y-%m-%d %H:%M:%S.%N %z', time)}\n`;
}

function unified(changes: readonly Hunk[], a: readonly Line[], b: readonly Line[], context: number): string {
  const groups: Hunk[][] = [];
  for (const hunk of changes) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && hunk.fromA - last.toA <= 2 * context) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups.map((group) => unifiedGroup(group, a, b, context)).join('');
}

function unifiedGroup(group: readonly Hunk[], a: readonly Line[], b: readonly Line[], context: number): string {
  const [first, last] = [group[0] as Hunk, group.at(-1) as Hunk];
  const before = Math.min(context, first.fromA);
  const after = Math.min(context, a.length - last.toA);
  const range = (from: number, to: number) =>
    to - from === 1 ? String(to) : `${to === from ? from : from + 1},${to - from}`;
  let body = '';
  let at = first.fromA - before;
  for (const hunk of group) {
    body +=
      marked(' ', a.slice(at, hunk.fromA)) +
      marked('-', a.slice(hunk.fromA, hunk.toA)) +
      marked('+', b.slice(hunk.fromB, hunk.toB));
    at = hunk.toA;
  }
  body += marked(' ', a.slice(at, at + after));
  return `@@ -${range(first.fromA - before, last.toA + after)} +${range(first.fromB - before, last.toB + after)} @@\n${body}`;
}
