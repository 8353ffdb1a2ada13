import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program } from '../coreutils.ts';
import { COLUMNS, type Column, FORMATS } from './columns.ts';

/** ps of procps 4.0: options with a dash (UNIX), without one (BSD), and long. */
export const ps: CommandSpec = {
  ...program('ps', 'report a snapshot of the current processes', [
    option('-A -e', 'all processes'),
    option('-a', 'all with tty, except session leaders'),
    option('-f', 'full-format, including command lines'),
    option('-l', 'long format'),
    option('-o', 'user-defined format', 'FORMAT'),
    option('-p --pid', 'process id', 'PIDS'),
    option('-C', 'command name', 'NAMES'),
    option('-t --tty', 'terminal', 'TTYS'),
    option('-u --user', 'effective user id or name', 'USERS'),
    option('--ppid', 'parent process id', 'PIDS'),
    option('--no-headers --no-heading', 'do not print header at all'),
    option('--sort', 'specify sort order', 'KEYS'),
    option('-w', 'unlimited output width'),
    option('-H --forest', 'ascii art process tree'),
    missing('-L', 'possibly with LWP and NLWP columns'),
    missing('-j', 'jobs format'),
    missing('-M', 'add security data column'),
  ]),
  run,
};

type Selection = {
  all: boolean;
  withTty: boolean;
  pids: number[] | undefined;
  parents: number[] | undefined;
  names: string[] | undefined;
  terminals: string[] | undefined;
  format: Column[];
  header: boolean;
  forest: boolean;
  sort: string[];
  bsd: boolean;
};

type Problem = { readonly problem: string };

const HELP = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

function* run(process: Process): Generator<Wait, number, void> {
  const selection = parse(process.argv.slice(1));
  if ('problem' in selection) {
    yield* process.printError(
      selection.problem.startsWith('ps: ') ? `${selection.problem}\n` : `error: ${selection.problem}\n${HELP}`,
    );
    return selection.problem.startsWith('ps: ') ? 64 : 1;
  }
  const chosen = select(process, selection);
  yield* process.print(render(process, selection, chosen));
  return chosen.length > 0 ? 0 : 1;
}

function parse(args: readonly string[]): Selection | Problem {
  const selection: Selection = {
    all: false,
    withTty: false,
    pids: undefined,
    parents: undefined,
    names: undefined,
    terminals: undefined,
    format: FORMATS.simple ?? [],
    header: true,
    forest: false,
    sort: [],
    bsd: false,
  };
  const custom: Column[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    const taken = arg.startsWith('--')
      ? parseLong(arg, args[i + 1], selection)
      : arg.startsWith('-')
        ? parseUnix(arg.slice(1), args[i + 1], selection, custom)
        : parseBsd(arg, args[i + 1], selection, custom);
    if (typeof taken !== 'number') return taken;
    i += taken;
  }
  if (custom.length > 0) {
    selection.format = custom;
    if (custom.every((column) => column.header === '')) selection.header = false;
  }
  return selection;
}

const numbers = (text: string): number[] =>
  text
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .map(Number);
const words = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '');

function parseLong(arg: string, next: string | undefined, selection: Selection): number | Problem {
  const [name = '', joined] = arg.split('=', 2);
  const value = joined ?? next ?? '';
  const used = joined === undefined ? 1 : 0;
  switch (name) {
    case '--no-headers':
    case '--no-heading':
    case '--no-headings':
      selection.header = false;
      return 0;
    case '--forest':
      selection.forest = true;
      return 0;
    case '--pid':
      selection.pids = numbers(value);
      return used;
    case '--ppid':
      selection.parents = numbers(value);
      return used;
    case '--sort':
      selection.sort = words(value);
      return used;
    default:
      return { problem: 'unknown gnu long option' };
  }
}

/** Letters behind one dash; the result is how many further arguments were used. */
function parseUnix(
  letters: string,
  next: string | undefined,
  selection: Selection,
  custom: Column[],
): number | Problem {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] as string;
    const rest = letters.slice(i + 1);
    const value = rest === '' ? next : rest;
    const used = rest === '' ? 1 : 0;
    if ('optpCuUGg'.includes(letter)) {
      if (value === undefined)
        return {
          problem: letter === 'o' ? 'format specification must follow -o' : 'list of process IDs must follow -p',
        };
      const problem = parseValue(letter, value, selection, custom);
      return problem ?? used;
    }
    const problem = parseFlag(letter, selection);
    if (problem !== undefined) return problem;
  }
  return 0;
}

function parseFlag(letter: string, selection: Selection): Problem | undefined {
  if (letter === 'e' || letter === 'A') selection.all = true;
  else if (letter === 'a' || letter === 'd') selection.withTty = true;
  else if (letter === 'f') selection.format = FORMATS.full ?? [];
  else if (letter === 'l') selection.format = FORMATS.long ?? [];
  else if (letter === 'H') selection.forest = true;
  else if (letter === 'L' || letter === 'j' || letter === 'M' || letter === 'T')
    return { problem: `ps: not simulated here: -${letter}` };
  else if (letter !== 'w' && letter !== 'F' && letter !== 'y') return { problem: 'unsupported SysV option' };
  return undefined;
}

function parseValue(letter: string, value: string, selection: Selection, custom: Column[]): Problem | undefined {
  if (letter === 'p') selection.pids = numbers(value);
  else if (letter === 't') selection.terminals = words(value);
  else if (letter === 'C') selection.names = words(value);
  else if (letter === 'o') return addColumns(value, custom);
  else selection.all = words(value).some((user) => user === 'root' || user === '0');
  return undefined;
}

/** `pid,comm=NAME`: a header behind `=` takes the rest. */
function addColumns(text: string, custom: Column[]): Problem | undefined {
  for (const word of text.split(',')) {
    for (const one of word.split(/\s+/).filter((part) => part !== '')) {
      const [key = '', header] = one.split('=', 2);
      const column = COLUMNS[key];
      if (column === undefined) return { problem: `unknown user-defined format specifier "${key}"` };
      custom.push(header === undefined ? column : { ...column, header });
    }
  }
  return undefined;
}

function parseBsd(letters: string, next: string | undefined, selection: Selection, custom: Column[]): number | Problem {
  if (/^\d+(,\d+)*$/.test(letters)) {
    selection.pids = [...(selection.pids ?? []), ...numbers(letters)];
    return 0;
  }
  selection.bsd = true;
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] as string;
    const rest = letters.slice(i + 1);
    if (letter === 'p' || letter === 'o') {
      const value = rest === '' ? next : rest;
      if (value === undefined) return { problem: 'list of process IDs must follow p' };
      const problem = parseValue(letter, value, selection, custom);
      return problem ?? (rest === '' ? 1 : 0);
    }
    if (letter === 'a') selection.withTty = true;
    else if (letter === 'x') selection.all = true;
    else if (letter === 'u') selection.format = FORMATS.user ?? [];
    else if (letter === 'l') selection.format = FORMATS.long ?? [];
    else if (letter === 'f') selection.forest = true;
    else if (letter === 'h') selection.header = false;
    else if (letter !== 'w' && letter !== 'e') return { problem: 'unsupported option (BSD syntax)' };
  }
  if (selection.format === FORMATS.simple) selection.format = FORMATS.bsd ?? [];
  return 0;
}

function select(process: Process, selection: Selection): Process[] {
  const all = [...process.machine.processes.values()].sort((a, b) => a.pid - b.pid);
  const { pids, parents, names, terminals } = selection;
  const explicit = pids !== undefined || parents !== undefined || names !== undefined || terminals !== undefined;
  const chosen = all.filter((one) => {
    if (pids?.includes(one.pid) || parents?.includes(one.ppid) || names?.includes(one.comm)) return true;
    if (terminals?.some((name) => one.tty?.name === name.replace(/^\/dev\//, ''))) return true;
    if (explicit) return false;
    if (selection.all) return true;
    if (selection.withTty) return one.tty !== undefined;
    return one.tty === process.tty;
  });
  return sorted(process, chosen, selection);
}

function sorted(process: Process, chosen: Process[], { sort, forest }: Selection): Process[] {
  for (const key of sort.toReversed()) {
    const column = COLUMNS[key.replace(/^[-+]/, '')];
    if (column === undefined) continue;
    const value = (one: Process) => column.text(one, process);
    const order = (a: Process, b: Process) =>
      column.right
        ? Number.parseFloat(value(a)) - Number.parseFloat(value(b))
        : value(a) < value(b)
          ? -1
          : value(a) > value(b)
            ? 1
            : 0;
    chosen.sort((a, b) => (key.startsWith('-') ? -order(a, b) : order(a, b)));
  }
  return forest ? asForest(chosen) : chosen;
}

function asForest(chosen: readonly Process[]): Process[] {
  const below = (parent: Process): Process[] => [
    parent,
    ...chosen.filter((one) => one.ppid === parent.pid && one !== parent).flatMap(below),
  ];
  return chosen.filter((one) => !chosen.some((other) => other.pid === one.ppid && other !== one)).flatMap(below);
}

function render(process: Process, selection: Selection, chosen: readonly Process[]): string {
  const { format } = selection;
  const depthOf = (one: Process): number =>
    one.parent !== undefined && chosen.includes(one.parent) ? 1 + depthOf(one.parent) : 0;
  const rows = chosen.map((one) =>
    format.map((column) => {
      const text = column.text(one, process);
      const depth = selection.forest && column.command === true ? depthOf(one) : 0;
      return depth === 0 ? text : `${'    '.repeat(depth - 1)}${selection.bsd ? ' \\_ ' : '  '.repeat(1)}${text}`;
    }),
  );
  const widths = format.map((column, i) =>
    Math.max(
      column.width,
      column.grows === true ? Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)) : 0,
      column.header.length,
    ),
  );
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, i) => (format[i]?.right ? cell.padStart(widths[i] ?? 0) : i === cells.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join(' ')}\n`;
  const header = selection.header ? line(format.map((column) => column.header)) : '';
  return header + rows.map(line).join('');
}
