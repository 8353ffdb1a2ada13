import { strerror } from '../../base/index.ts';
import { type Process, Regex, RegexError, type RegexMatch, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { closeInput, LineReader, openInput } from '../lines.ts';
import { PerlRegexError } from '../perl-regex/perl-regex.ts';
import { grepOptions } from './options.ts';
import { PerlPattern, perlComplaint } from './perl.ts';

const USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.";
const ERROR = 2;

/** GNU grep 3.8. */
export const grep: CommandSpec = {
  name: 'grep',
  path: '/usr/bin/grep',
  summary: 'print lines that match patterns',
  options: grepOptions,
  run: (process) => run(process, grep, 'basic'),
};

export const egrep: CommandSpec = {
  ...grep,
  name: 'egrep',
  path: '/usr/bin/egrep',
  summary: 'grep -E under its older name',
  run: (process) => run(process, egrep, 'extended'),
};

export const fgrep: CommandSpec = {
  ...grep,
  name: 'fgrep',
  path: '/usr/bin/fgrep',
  summary: 'grep -F under its older name',
  run: (process) => run(process, fgrep, 'fixed'),
};

type Dialect = 'basic' | 'extended' | 'fixed' | 'perl';

type Match = Pick<RegexMatch, 'start' | 'end'>;
type Pattern = { exec(text: string, from?: number): Match | undefined };

/** What the options come to. */
type Job = {
  readonly patterns: readonly Pattern[];
  readonly invert: boolean;
  readonly whole: 'line' | 'word' | undefined;
  readonly onlyMatching: boolean;
  readonly output: 'lines' | 'count' | 'names' | 'names-without' | 'nothing';
  readonly numbers: boolean;
  readonly bytes: boolean;
  readonly max: number;
  readonly before: number;
  readonly after: number;
  readonly separator: string | undefined;
  readonly color: boolean;
  readonly withName: boolean;
  readonly label: string;
  readonly silent: boolean;
  /** A line with a null byte is printed as any other. */
  readonly binaryIsText: boolean;
};

class GrepError extends Error {}

function* run(process: Process, command: CommandSpec, initial: Dialect): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, { ...command, name: 'grep' }, { status: ERROR, usage: USAGE });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-V')) {
    yield* process.print('grep (GNU grep) 3.8\n');
    return 0;
  }
  try {
    const sources = [...parsed.values('-e'), ...patternFiles(process, parsed)];
    const operands = [...parsed.operands];
    if (!parsed.has('-e') && !parsed.has('-f')) {
      const first = operands.shift();
      if (first === undefined) throw new GrepError('');
      sources.push(first);
    }
    const recursive = parsed.has('-r') || parsed.has('-R');
    const files = operands.length > 0 ? operands : [recursive ? '.' : '-'];
    const job = makeJob(process, parsed, sources, dialectOf(parsed, initial), files.length > 1 || recursive);
    return yield* searchAll(process, job, files, recursive, operands.length === 0);
  } catch (error) {
    if (error instanceof GrepError || error instanceof RegexError) {
      yield* process.printError(error.message === '' ? `${USAGE}\n` : `grep: ${error.message}\n`);
      return ERROR;
    }
    if (error instanceof PerlRegexError) {
      yield* process.printError(`grep: ${perlComplaint(error)}\n`);
      return ERROR;
    }
    throw error;
  }
}

function dialectOf(parsed: Parsed, initial: Dialect): Dialect {
  const last = parsed.given.findLast(({ flag }) => ['-E', '-F', '-G'].includes(flag));
  if (parsed.has('-P')) {
    if (last !== undefined || initial !== 'basic') throw new GrepError('conflicting matchers specified');
    return 'perl';
  }
  return last === undefined ? initial : last.flag === '-E' ? 'extended' : last.flag === '-F' ? 'fixed' : 'basic';
}

function* patternFiles(process: Process, parsed: Parsed): Generator<string, void, void> {
  for (const name of parsed.values('-f')) {
    const file = process.machine.fs.readFile(process.path(name), process);
    if (!file.ok) throw new GrepError(`${name}: ${strerror(file.error.errno)}`);
    const text = new TextDecoder().decode(file.value);
    if (text !== '') yield text.replace(/\n$/, '');
  }
}

function makeJob(process: Process, parsed: Parsed, sources: readonly string[], dialect: Dialect, many: boolean): Job {
  const context = number(parsed.value('-C'), 'invalid context length argument', 0);
  const last = (...flags: string[]) => parsed.given.findLast(({ flag }) => flags.includes(flag))?.flag;
  const names = last('-l', '-L');
  const quiet = parsed.has('-q');
  const color = parsed.value('--color') ?? (parsed.has('--color') ? 'auto' : 'never');
  const output = quiet
    ? 'nothing'
    : names === '-l'
      ? 'names'
      : names === '-L'
        ? 'names-without'
        : parsed.has('-c')
          ? 'count'
          : 'lines';
  const whole = parsed.has('-x') ? 'line' : parsed.has('-w') ? 'word' : undefined;
  const patterns = sources.flatMap((source) => source.split('\n'));
  const perl = dialect === 'perl';
  if (perl && patterns.length > 1) throw new GrepError('the -P option only supports a single pattern');
  return {
    patterns: patterns.map((source) =>
      dialect === 'perl'
        ? new PerlPattern(source, parsed.has('-i'), whole)
        : compile(source, dialect, parsed.has('-i')),
    ),
    invert: parsed.has('-v'),
    whole: perl ? undefined : whole,
    onlyMatching: parsed.has('-o'),
    output,
    numbers: parsed.has('-n'),
    bytes: parsed.has('-b'),
    max: number(parsed.value('-m'), 'invalid max count', Number.POSITIVE_INFINITY, false),
    before: number(parsed.value('-B'), 'invalid context length argument', context),
    after: number(parsed.value('-A'), 'invalid context length argument', context),
    separator: parsed.has('--no-group-separator') ? undefined : (parsed.value('--group-separator') ?? '--'),
    color: color === 'always' || (color === 'auto' && process.fds.get(1)?.kind === 'tty'),
    withName: (last('-H', '-h') ?? (many ? '-H' : '-h')) === '-H',
    label: parsed.value('--label') ?? '(standard input)',
    silent: parsed.has('-s'),
    binaryIsText: parsed.has('-a'),
  };
}

function number(text: string | undefined, complaint: string, otherwise: number, named = true): number {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw new GrepError(named ? `${text}: ${complaint}` : complaint);
  return Number(text);
}

function compile(source: string, dialect: Exclude<Dialect, 'perl'>, ignoreCase: boolean): Regex {
  if (/^\[:[a-z]+:\]$/.test(source) && dialect !== 'fixed') {
    throw new GrepError('character class syntax is [[:space:]], not [:space:]');
  }
  const text = dialect === 'fixed' ? source.replace(/[\\[\]().*+?{}|^$]/g, '\\$&') : source;
  return new Regex(text, dialect === 'basic' ? 'basic' : 'extended', { ignoreCase });
}

// Searching

function* searchAll(
  process: Process,
  job: Job,
  files: readonly string[],
  recursive: boolean,
  implicitDot: boolean,
): Generator<Wait, number, void> {
  let matched = false;
  let failed = false;
  const stack = [...files].reverse();
  while (stack.length > 0) {
    const name = stack.pop() as string;
    if (recursive && name !== '-' && isDirectory(process, name)) {
      stack.push(...entries(process, name, implicitDot && name === '.').reverse());
      continue;
    }
    const fd = openInput(process, name);
    if (!fd.ok) {
      if (!job.silent) yield* process.printError(`grep: ${name}: ${strerror(fd.error.errno)}\n`);
      failed = true;
      continue;
    }
    const found = yield* searchOne(process, job, fd.value, name === '-' ? job.label : name);
    closeInput(process, fd.value);
    matched ||= found;
    if (matched && job.output === 'nothing') return 0;
  }
  return failed ? ERROR : matched ? 0 : 1;
}

function isDirectory(process: Process, name: string): boolean {
  const stat = process.machine.fs.stat(process.path(name), process);
  return stat.ok && stat.value.kind === 'directory';
}

function entries(process: Process, folder: string, implicitDot: boolean): string[] {
  const names = process.machine.fs.readdir(process.path(folder), process);
  if (!names.ok) return [];
  const prefix = implicitDot ? '' : `${folder.replace(/\/+$/, '')}/`;
  return names.value
    .map((name) => prefix + name)
    .filter((path) => {
      const stat = process.machine.fs.lstat(process.path(path), process);
      return stat.ok && (stat.value.kind === 'file' || stat.value.kind === 'directory');
    });
}

/** Searches one file and prints what is asked for; whether the file counts as matched for the exit status. */
function* searchOne(process: Process, job: Job, fd: number, name: string): Generator<Wait, boolean, void> {
  const reader = new LineReader(process, fd);
  const printer = new Printer(job, name);
  let count = 0;
  let offset = 0;
  for (let lineNumber = 1; count < job.max; lineNumber++) {
    const line = yield* reader.next();
    if (!line.ok) {
      yield* process.printError(`grep: ${name}: ${strerror(line.error.errno)}\n`);
      break;
    }
    if (line.value === undefined) break;
    const { text } = line.value;
    const first = firstMatch(job, text, 0);
    const selected = (first !== undefined) !== job.invert;
    if (selected) {
      count++;
      if (job.output === 'nothing' || job.output === 'names' || job.output === 'names-without') break;
      if (!job.binaryIsText && text.includes('\0')) {
        yield* process.print(`grep: ${name}: binary file matches\n`);
        break;
      }
    }
    if (job.output === 'lines') yield* process.print(printer.line(text, lineNumber, offset, selected, first));
    offset += text.length + 1;
  }
  if (job.output === 'lines' && count >= job.max) yield* trailingContext(process, job, reader, printer);
  if (job.output === 'count') yield* process.print(`${job.withName ? `${name}:` : ''}${count}\n`);
  const listed = (job.output === 'names' && count > 0) || (job.output === 'names-without' && count === 0);
  if (listed) yield* process.print(`${name}\n`);
  return job.output === 'names-without' ? listed : count > 0;
}

/** After the last match that `-m` allows, only its context follows. */
function* trailingContext(
  process: Process,
  job: Job,
  reader: LineReader,
  printer: Printer,
): Generator<Wait, void, void> {
  for (let i = 0; i < job.after; i++) {
    const line = yield* reader.next();
    if (!line.ok || line.value === undefined || firstMatch(job, line.value.text, 0) !== undefined) return;
    yield* process.print(printer.line(line.value.text, printer.last + 1, 0, false, undefined));
  }
}

function firstMatch(job: Job, text: string, from: number): Match | undefined {
  let best: Match | undefined;
  for (const pattern of job.patterns) {
    const match = matchWhole(job, pattern, text, from);
    if (
      match &&
      (best === undefined || match.start < best.start || (match.start === best.start && match.end > best.end))
    )
      best = match;
  }
  return best;
}

const isWordCharacter = (text: string, at: number) => /[\p{L}\p{N}_]/u.test(text[at] ?? ' ');

function matchWhole(job: Job, pattern: Pattern, text: string, from: number): Match | undefined {
  if (job.whole === 'line') {
    // Leftmost-longest: if any match covers the line, the first one does.
    const match = from === 0 ? pattern.exec(text) : undefined;
    return match && match.start === 0 && match.end === text.length ? match : undefined;
  }
  for (let at = from; at <= text.length; ) {
    const match = pattern.exec(text, at);
    if (match === undefined || job.whole === undefined) return match;
    const bounded = !isWordCharacter(text, match.start - 1) && !isWordCharacter(text, match.end);
    if (bounded) return match;
    at = match.start + 1;
  }
  return undefined;
}

/** Puts names, numbers, context and colours around lines. */
class Printer {
  last = 0;
  #pending: { text: string; number: number; offset: number }[] = [];
  #afterLeft = 0;

  constructor(
    private readonly job: Job,
    private readonly name: string,
  ) {}

  /** What is to be printed now that this line has been read. */
  line(text: string, number: number, offset: number, selected: boolean, first: Match | undefined): string {
    const { job } = this;
    if (!selected) {
      if (this.#afterLeft > 0) {
        this.#afterLeft--;
        return this.#emit(text, number, offset, '-');
      }
      this.#pending.push({ text, number, offset });
      if (this.#pending.length > job.before) this.#pending.shift();
      return '';
    }
    const before = this.#pending;
    this.#pending = [];
    this.#afterLeft = job.after;
    const start = before[0]?.number ?? number;
    const gap = this.last > 0 && start > this.last + 1 && (job.before > 0 || job.after > 0) && !job.onlyMatching;
    const separator = gap && job.separator !== undefined ? `${this.#paint('36', job.separator)}\n` : '';
    return (
      separator +
      before.map((line) => this.#emit(line.text, line.number, line.offset, '-')).join('') +
      (job.onlyMatching ? this.#matches(text, number, offset, first) : this.#emit(text, number, offset, ':', first))
    );
  }

  #emit(text: string, number: number, offset: number, sign: ':' | '-', first?: Match): string {
    this.last = number;
    if (this.job.onlyMatching && sign === '-') return '';
    return `${this.#prefix(number, offset, sign)}${this.#colored(text, this.job.invert ? undefined : first)}\n`;
  }

  #matches(text: string, number: number, offset: number, first: Match | undefined): string {
    this.last = number;
    if (this.job.invert) return '';
    let out = '';
    for (const match of allMatches(this.job, text, first)) {
      out += `${this.#prefix(number, offset + match.start, ':')}${this.#paint('1;31', text.slice(match.start, match.end))}\n`;
    }
    return out;
  }

  #prefix(number: number, offset: number, sign: ':' | '-'): string {
    const { job } = this;
    const mark = this.#paint('36', sign);
    return (
      (job.withName ? this.#paint('35', this.name) + mark : '') +
      (job.numbers ? this.#paint('32', String(number)) + mark : '') +
      (job.bytes ? this.#paint('32', String(offset)) + mark : '')
    );
  }

  #colored(text: string, first: Match | undefined): string {
    if (!this.job.color || first === undefined) return text;
    let out = '';
    let at = 0;
    for (const match of allMatches(this.job, text, first)) {
      out += text.slice(at, match.start) + this.#paint('1;31', text.slice(match.start, match.end));
      at = match.end;
    }
    return out + text.slice(at);
  }

  #paint(code: string, text: string): string {
    return this.job.color ? `\x1b[${code.padStart(2, '0')}m\x1b[K${text}\x1b[m\x1b[K` : text;
  }
}

/** All matches of a line that are not empty, from the first one on. */
function* allMatches(job: Job, text: string, first: Match | undefined): Generator<Match, void, void> {
  for (let match = first; match !== undefined; ) {
    if (match.end > match.start) yield match;
    const next = match.end > match.start ? match.end : match.end + 1;
    if (next > text.length) return;
    match = firstMatch(job, text, next);
  }
}
