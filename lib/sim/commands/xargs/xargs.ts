import { strerror } from '../../base/index.ts';
import type { OpenFile, Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { type Items, itemsByBlanks, itemsByDelimiter } from './items.ts';

const USAGE = "Try 'xargs --help' for more information.";
/** The room for arguments of one command (xargs --show-limits on Linux). */
const MAX_CHARS = 131_072;

export const xargs: CommandSpec = {
  ...program('xargs', 'build and execute command lines from standard input', [
    option('-0 --null', 'items are separated by a null, not whitespace'),
    option('-a --arg-file', 'read arguments from FILE, not standard input', 'FILE'),
    option('-d --delimiter', 'items in input stream are separated by CHARACTER, not by whitespace', 'CHARACTER'),
    option('-I', 'replace R in INITIAL-ARGS with names read from standard input', 'R'),
    option('-i --replace', 'like -I, with {} where R is not given', '[R]'),
    option('-L --max-lines', 'use at most MAX-LINES non-blank input lines per command line', 'MAX-LINES'),
    option('-n --max-args', 'use at most MAX-ARGS arguments per command line', 'MAX-ARGS'),
    option('-P --max-procs', 'run at most MAX-PROCS processes at a time', 'MAX-PROCS'),
    option('-r --no-run-if-empty', 'if there are no arguments, then do not run COMMAND'),
    option('-t --verbose', 'print commands before executing them'),
    missing('-p --interactive', 'prompt before running commands'),
    option('-x --exit', 'exit if the size is exceeded'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, xargs, { stopAtOperand: true, usage: USAGE });
    if (typeof parsed === 'number') return parsed;
    for (const letter of ['-n', '-L', '-P']) {
      const text = parsed.value(letter);
      if (text === undefined) continue;
      if (!/^\d+$/.test(text))
        return yield* failure(process, 'xargs', `invalid number "${text}" for ${letter} option\n${USAGE}`);
      if (Number(text) < 1 && letter !== '-P')
        return yield* failure(process, 'xargs', `value ${text} for ${letter} option should be >= 1\n${USAGE}`);
    }
    return yield* new Runner(process, parsed).all();
  },
};

class Runner {
  readonly #command: readonly string[];
  readonly #replace: string | undefined;
  readonly #perCommand: number;
  readonly #lines: number | undefined;
  readonly #parallel: number;
  #running: Process[] = [];
  #status = 0;

  constructor(
    private readonly process: Process,
    private readonly parsed: Parsed,
  ) {
    this.#command = parsed.operands.length > 0 ? parsed.operands : ['echo'];
    const last = parsed.given.findLast(({ flag }) => ['-I', '-i', '-n', '-L'].includes(flag))?.flag;
    this.#replace = last === '-I' ? parsed.value('-I') : last === '-i' ? (parsed.value('-i') ?? '{}') : undefined;
    this.#perCommand = last === '-n' ? Number(parsed.value('-n')) : Number.POSITIVE_INFINITY;
    this.#lines = last === '-L' ? Number(parsed.value('-L')) : undefined;
    this.#parallel = Number(parsed.value('-P') ?? 1);
  }

  *all(): Generator<Wait, number, void> {
    if (this.parsed.has('-I') && this.parsed.has('-n')) {
      yield* this.process.printError(
        this.#replace !== undefined
          ? 'xargs: warning: options --max-args and --replace/-I/-i are mutually exclusive, ignoring previous --max-args value\n'
          : 'xargs: warning: options --replace/-I/-i and --max-args are mutually exclusive, ignoring previous --replace/-I/-i value\n',
      );
    }
    const text = yield* this.#input();
    if (typeof text === 'number') return text;
    const items = this.#split(text);
    const groups = this.#group(items);
    for (const group of groups) {
      const done = yield* this.#start(group);
      if (done !== undefined) return done;
    }
    while (this.#running.length > 0) yield* this.#reap();
    if (items.error !== undefined) return yield* failure(this.process, 'xargs', items.error);
    return this.#status;
  }

  *#input(): Generator<Wait, string | number, void> {
    const name = this.parsed.value('-a');
    if (name === undefined) return yield* this.process.readAll(0);
    const file = this.process.machine.fs.readFile(this.process.path(name), this.process);
    if (file.ok) return new TextDecoder().decode(file.value);
    return yield* failure(this.process, 'xargs', `Cannot open input file ‘${name}’: ${strerror(file.error.errno)}`);
  }

  #split(text: string): Items {
    if (this.parsed.has('-0')) return itemsByDelimiter(text, '\0');
    const delimiter = this.parsed.value('-d');
    if (delimiter !== undefined)
      return itemsByDelimiter(
        text,
        ({ '\\n': '\n', '\\t': '\t', '\\0': '\0' } as Record<string, string>)[delimiter] ?? delimiter,
      );
    return itemsByBlanks(text, this.#replace !== undefined);
  }

  #group({ items, lineOf }: Items): string[][] {
    if (this.#replace !== undefined) return items.map((item) => [item]);
    const groups: string[][] = [];
    let size = 0;
    let firstLine = 0;
    items.forEach((item, i) => {
      const group = groups.at(-1);
      const line = lineOf[i] ?? 0;
      const full =
        group === undefined ||
        group.length >= this.#perCommand ||
        size + item.length + 1 > MAX_CHARS ||
        (this.#lines !== undefined && line - firstLine >= this.#lines);
      if (full) {
        groups.push([item]);
        size = item.length + 1;
        firstLine = line;
      } else {
        group.push(item);
        size += item.length + 1;
      }
    });
    // Without items the command still runs once (GNU), unless -r says not to.
    return groups.length === 0 && !this.parsed.has('-r') ? [[]] : groups;
  }

  /** Starts a command for a group of items; the exit status when xargs must end. */
  *#start(items: readonly string[]): Generator<Wait, number | undefined, void> {
    const { process } = this;
    const replace = this.#replace;
    const argv =
      replace === undefined
        ? [...this.#command, ...items]
        : this.#command.map((word) => word.replaceAll(replace, items[0] ?? ''));
    if (this.parsed.has('-t')) yield* process.printError(`${argv.join(' ')}\n`);
    const found = process.resolve(argv[0] as string);
    if (!found.ok)
      return yield* failure(
        process,
        'xargs',
        `${argv[0]}: ${strerror(found.error.errno)}`,
        found.error.errno === 'ENOENT' ? 127 : 126,
      );
    while (this.#parallel > 0 && this.#running.length >= this.#parallel) yield* this.#reap();
    if (this.#status >= 124) return this.#status;
    const fds = new Map(process.fds);
    if (!this.parsed.has('-a')) fds.set(0, devNull(process));
    this.#running.push(
      process.spawn(found.value.program, { argv: [...found.value.argvPrefix, ...argv.slice(1)], fds }),
    );
    if (this.#parallel === 1) yield* this.#reap();
    return this.#status >= 124 ? this.#status : undefined;
  }

  /** Waits for the first of the running commands to end; 255 and death by signal end xargs. */
  *#reap(): Generator<Wait, void, void> {
    const child = this.#running.shift() as Process;
    const status = yield* this.process.wait(child);
    if (status === 255) {
      yield* failure(this.process, 'xargs', `${this.#command[0]}: exited with status 255; aborting`);
      this.#status = 124;
    } else if (child.endedBy !== undefined) {
      yield* failure(this.process, 'xargs', `${this.#command[0]}: terminated by signal ${status - 128}`);
      this.#status = 125;
    } else if (status === 126 || status === 127) this.#status = status;
    else if (status !== 0) this.#status = 123;
  }
}

function devNull(process: Process): OpenFile {
  const file = process.machine.fs.open('/dev/null', { read: true }, process);
  if (!file.ok) throw new Error('a machine without /dev/null');
  return file.value;
}
