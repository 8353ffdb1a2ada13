import { strerror } from '../../base/index.ts';
import { isTty, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { quoteName } from '../quoting.ts';
import { type Entry, entryOf, sortEntries } from './entry.ts';
import { formatEntries } from './format.ts';

/** ls of GNU coreutils 9.1. */
export const ls: CommandSpec = {
  ...program('ls', 'list directory contents', [
    option('-a --all', 'do not ignore entries starting with .'),
    option('-A --almost-all', 'do not list implied . and ..'),
    option('-C', 'list entries by columns'),
    option('-d --directory', 'list directories themselves, not their contents'),
    option('-f', 'list all entries in directory order'),
    option('-F --classify', 'append indicator (one of */=>@|) to entries', '[WHEN]'),
    option('-g', 'like -l, but do not list owner'),
    option('-G --no-group', "in a long listing, don't print group names"),
    option('-h --human-readable', 'with -l and -s, print sizes like 1K 234M 2G etc.'),
    option('-i --inode', 'print the index number of each file'),
    option('-k --kibibytes', 'default to 1024-byte blocks'),
    option('-l', 'use a long listing format'),
    option('-L --dereference', 'show information for the file a symbolic link refers to'),
    option('-m', 'fill width with a comma separated list of entries'),
    option('-n --numeric-uid-gid', 'like -l, but list numeric user and group IDs'),
    option('-N --literal', 'print entry names without quoting'),
    option('-o', 'like -l, but do not list group information'),
    option('-p', 'append / indicator to directories'),
    option('-q --hide-control-chars', 'print ? instead of nongraphic characters'),
    option('-Q --quote-name', 'enclose entry names in double quotes'),
    option('-r --reverse', 'reverse order while sorting'),
    option('-R --recursive', 'list subdirectories recursively'),
    option('-s --size', 'print the allocated size of each file, in blocks'),
    option('-S', 'sort by file size, largest first'),
    option('-t', 'sort by time, newest first'),
    option('-U', 'do not sort; list entries in directory order'),
    option('-v', 'natural sort of (version) numbers within text'),
    option('-w --width', 'set output width to COLS.  0 means no limit', 'COLS'),
    option('-x', 'list entries by lines instead of by columns'),
    option('-X', 'sort alphabetically by entry extension'),
    option('-1', 'list one file per line'),
    option('--color', 'color the output WHEN', '[WHEN]'),
    option('--full-time', 'like -l --time-style=full-iso'),
    option('--group-directories-first', 'group directories before files'),
    option('--time-style', 'time/date format with -l', 'TIME_STYLE'),
    missing('-c', 'sort by, and show, ctime'),
    missing('-u', 'sort by, and show, access time'),
    missing('-b --escape', 'print C-style escapes for nongraphic characters'),
    missing('-B --ignore-backups', 'do not list implied entries ending with ~'),
    missing('-D --dired', "generate output designed for Emacs' dired mode"),
    missing('-H --dereference-command-line', 'follow symbolic links listed on the command line'),
    missing('-I --ignore', 'do not list implied entries matching shell PATTERN', 'PATTERN'),
    missing('-T --tabsize', 'assume tab stops at each COLS instead of 8', 'COLS'),
    missing('-Z --context', 'print any security context of each file'),
  ]),
  run,
};

/** What the options come to. */
export type Listing = {
  readonly parsed: Parsed;
  readonly layout: 'long' | 'lines' | 'columns' | 'across' | 'commas';
  readonly width: number;
  readonly color: boolean;
  readonly quote: boolean;
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, ls, { status: 2 });
  if (typeof parsed === 'number') return parsed;
  const listing = listingOf(process, parsed);
  const lister = new Lister(process, listing);
  return yield* lister.run(parsed.operands.length === 0 ? ['.'] : parsed.operands);
}

function listingOf(process: Process, parsed: Parsed): Listing {
  const output = process.fds.get(1);
  const tty = isTty(output) ? output : undefined;
  const last = parsed.given.findLast(({ flag }) =>
    ['-l', '-g', '-o', '-n', '-1', '-C', '-x', '-m', '--full-time'].includes(flag),
  )?.flag;
  const long =
    parsed.given.some(({ flag }) => ['-l', '-g', '-o', '-n', '--full-time'].includes(flag)) &&
    !(last !== undefined && ['-C', '-x', '-m'].includes(last));
  const layouts: Record<string, Listing['layout']> = { '-C': 'columns', '-x': 'across', '-m': 'commas', '-1': 'lines' };
  const when = parsed.has('--color') ? (parsed.value('--color') ?? 'always') : 'never';
  const environment = Number(process.env.get('COLUMNS') ?? 0);
  return {
    parsed,
    layout: long ? 'long' : (layouts[last ?? ''] ?? (tty === undefined ? 'lines' : 'columns')),
    width: Number(parsed.value('-w') ?? 0) || environment || (tty?.columns ?? 80),
    color:
      when === 'always' ||
      when === 'yes' ||
      when === 'force' ||
      ((when === 'auto' || when === 'tty') && tty !== undefined),
    quote: tty !== undefined && !parsed.has('-N'),
  };
}

class Lister {
  #status = 0;
  #printed = false;

  constructor(
    private readonly process: Process,
    private readonly listing: Listing,
  ) {}

  *run(operands: readonly string[]): Generator<Wait, number, void> {
    const { parsed } = this.listing;
    const files: Entry[] = [];
    const directories: Entry[] = [];
    for (const operand of operands) {
      const entry = this.#operand(operand);
      if (typeof entry === 'string') {
        yield* this.process.printError(`ls: cannot access ${quoteName(operand)}: ${entry}\n`);
        this.#status = 2;
      } else if (entry.followed.kind === 'directory' && !parsed.has('-d')) directories.push(entry);
      else files.push(entry);
    }
    if (files.length > 0) yield* this.#print(sortEntries(files, parsed), false);
    const headings = operands.length > 1 || parsed.has('-R');
    for (const directory of sortEntries(directories, parsed)) yield* this.#directory(directory.name, headings, 0);
    return this.#status;
  }

  /** A link to a directory on the command line stands for the directory, except in a long listing. */
  #operand(operand: string): Entry | string {
    const entry = entryOf(this.process, this.process.path(operand), operand, this.listing.parsed.has('-L'));
    if (!entry.ok) return strerror(entry.error.errno);
    if (operand.endsWith('/') || this.listing.layout !== 'long') return entry.value;
    return { ...entry.value, followed: entry.value.stat };
  }

  *#directory(name: string, heading: boolean, depth: number): Generator<Wait, void, void> {
    const { parsed } = this.listing;
    const path = this.process.path(name);
    const names = this.process.machine.fs.readdir(path, this.process);
    if (!names.ok) {
      yield* this.process.printError(`ls: cannot open directory ${quoteName(name)}: ${strerror(names.error.errno)}\n`);
      this.#status = Math.max(this.#status, depth === 0 ? 2 : 1);
      return;
    }
    if (this.#printed) yield* this.process.print('\n');
    if (heading) yield* this.process.print(`${name}:\n`);
    this.#printed = true;
    const all = parsed.has('-a') || parsed.has('-f');
    const shown = names.value.filter((one) => all || parsed.has('-A') || !one.startsWith('.'));
    const entries: Entry[] = [];
    for (const one of all ? ['.', '..', ...shown] : shown) {
      const entry = entryOf(this.process, `${path}/${one}`, one, parsed.has('-L'));
      if (entry.ok) entries.push(entry.value);
    }
    const sorted = sortEntries(entries, parsed);
    yield* this.#print(sorted, true);
    yield {};
    if (!parsed.has('-R')) return;
    for (const entry of sorted) {
      if (entry.stat.kind !== 'directory' || entry.name === '.' || entry.name === '..') continue;
      yield* this.#directory(`${name.replace(/\/$/, '')}/${entry.name}`, true, depth + 1);
    }
  }

  *#print(entries: readonly Entry[], total: boolean): Generator<Wait, void, void> {
    this.#printed = true;
    const written = yield* this.process.write(1, formatEntries(this.process, entries, this.listing, total));
    if (written.ok) return;
    yield* this.process.printError(`ls: write error: ${strerror(written.error.errno)}\n`);
    this.#status = 2;
  }
}
