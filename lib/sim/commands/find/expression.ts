import { type Process, Regex, RegexError, type Stat, type Wait } from '../../os/index.ts';
import { Pattern } from '../../shell/index.ts';
import { parseMode } from '../file-mode.ts';
import { ownerId } from '../ownership.ts';
import { deleteAction, execAction, listAction, printAction, printfAction } from './actions.ts';

/** A file that the walk has come to. */
export type Found = { readonly path: string; readonly root: string; readonly depth: number; readonly stat: Stat };

/** What an action does to a file; 'failed' also spoils the exit status. `flush` runs what was collected (`-exec … +`). */
export type Action = {
  readonly run: (process: Process, found: Found) => Generator<Wait, boolean | 'failed', void>;
  readonly flush: (process: Process) => Generator<Wait, number, void>;
};

export type Node =
  | { readonly type: 'and' | 'or' | 'comma'; readonly left: Node; readonly right: Node }
  | { readonly type: 'not'; readonly operand: Node }
  | { readonly type: 'test'; readonly test: (found: Found) => boolean }
  | { readonly type: 'action'; readonly action: Action }
  | { readonly type: 'prune' | 'quit' };

export class FindError extends Error {
  override name = 'FindError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export type Search = {
  readonly expression: Node;
  readonly maxDepth: number;
  readonly minDepth: number;
  readonly depthFirst: boolean;
};

export const parseFind = (process: Process, args: readonly string[]): Search =>
  new ExpressionParser(process, args).search();

const NOT_SIMULATED = new Set([
  '-ok',
  '-okdir',
  '-xdev',
  '-mount',
  '-samefile',
  '-fprint',
  '-fprintf',
  '-fls',
  '-fprint0',
  '-fstype',
  '-used',
  '-context',
  '-files0-from',
  '-newerXY',
]);

const test = (check: (found: Found) => boolean): Node => ({ type: 'test', test: check });
const action = (one: Action): Node => ({ type: 'action', action: one });
const baseOf = (found: Found): string => found.path.replace(/(?<=.)\/+$/, '').replace(/.*\/(?=.)/, '');

class ExpressionParser {
  #at = 0;
  #maxDepth = Number.POSITIVE_INFINITY;
  #minDepth = 0;
  #depthFirst = false;
  #acts = false;

  constructor(
    private readonly process: Process,
    private readonly args: readonly string[],
  ) {}

  search(): Search {
    let expression: Node = this.args.length === 0 ? test(() => true) : this.#comma();
    const rest = this.args[this.#at];
    if (rest === ')') throw new FindError("invalid expression; you have too many ')'");
    if (rest !== undefined) throw new FindError(`paths must precede expression: \`${rest}'`);
    if (!this.#acts) expression = { type: 'and', left: expression, right: action(printAction('\n')) };
    return { expression, maxDepth: this.#maxDepth, minDepth: this.#minDepth, depthFirst: this.#depthFirst };
  }

  #peek(): string | undefined {
    return this.args[this.#at];
  }

  #comma(): Node {
    let left = this.#or();
    while (this.#peek() === ',') {
      this.#at++;
      left = { type: 'comma', left, right: this.#or() };
    }
    return left;
  }

  #or(): Node {
    let left = this.#and();
    while (this.#peek() === '-o' || this.#peek() === '-or') {
      this.#at++;
      left = { type: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): Node {
    let left = this.#not();
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next === ')' || next === ',' || next === '-o' || next === '-or') return left;
      if (next === '-a' || next === '-and') this.#at++;
      left = { type: 'and', left, right: this.#not() };
    }
  }

  #not(): Node {
    if (this.#peek() === '!' || this.#peek() === '-not') {
      this.#at++;
      return { type: 'not', operand: this.#not() };
    }
    return this.#primary();
  }

  #primary(): Node {
    const word = this.args[this.#at++];
    if (word === undefined) throw new FindError(`expected an expression after \`${this.args.at(-1)}'`);
    if (word === '(') {
      if (this.#peek() === undefined)
        throw new FindError(
          "invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('",
        );
      const inner = this.#comma();
      if (this.#peek() !== ')')
        throw new FindError("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      this.#at++;
      return inner;
    }
    if (!word.startsWith('-')) throw new FindError(`paths must precede expression: \`${word}'`);
    if (NOT_SIMULATED.has(word)) throw new FindError(`not simulated here: ${word}`, 64);
    return this.#setting(word) ?? this.#action(word) ?? this.#test(word);
  }

  #value(word: string): string {
    const value = this.args[this.#at++];
    if (value === undefined) throw new FindError(`missing argument to \`${word}'`);
    return value;
  }

  #setting(word: string): Node | undefined {
    switch (word) {
      case '-maxdepth':
      case '-mindepth': {
        const text = this.#value(word);
        if (!/^\d+$/.test(text))
          throw new FindError(`Expected a positive decimal integer argument to ${word}, but got ‘${text}’`);
        if (word === '-maxdepth') this.#maxDepth = Number(text);
        else this.#minDepth = Number(text);
        return test(() => true);
      }
      case '-depth':
      case '-d':
        this.#depthFirst = true;
        return test(() => true);
      case '-daystart':
      case '-noleaf':
      case '-warn':
      case '-nowarn':
        return test(() => true);
      default:
        return undefined;
    }
  }

  #action(word: string): Node | undefined {
    switch (word) {
      case '-print':
      case '-print0':
        this.#acts = true;
        return action(printAction(word === '-print' ? '\n' : '\0'));
      case '-printf':
        this.#acts = true;
        return action(printfAction(this.#value(word)));
      case '-ls':
        this.#acts = true;
        return action(listAction());
      case '-delete':
        this.#acts = true;
        this.#depthFirst = true;
        return action(deleteAction());
      case '-exec':
      case '-execdir':
        this.#acts = true;
        return action(this.#exec(word));
      case '-prune':
        return { type: 'prune' };
      case '-quit':
        return { type: 'quit' };
      default:
        return undefined;
    }
  }

  #exec(word: string): Action {
    const argv: string[] = [];
    for (;;) {
      const next = this.args[this.#at++];
      if (next === undefined) throw new FindError(`missing argument to \`${word}'`);
      if (next === ';') break;
      if (next === '+' && argv.at(-1) === '{}') return execAction(argv.slice(0, -1), true);
      argv.push(next);
    }
    if (argv.length === 0) throw new FindError(`invalid argument \`;' to \`${word}'`);
    return execAction(argv, false);
  }

  #test(word: string): Node {
    switch (word) {
      case '-true':
        return test(() => true);
      case '-false':
        return test(() => false);
      case '-name':
      case '-iname': {
        const pattern = new Pattern(this.#value(word), { ignoreCase: word === '-iname' });
        return test((found) => pattern.matches(baseOf(found)));
      }
      case '-path':
      case '-ipath':
      case '-wholename': {
        const pattern = new Pattern(this.#value(word), { ignoreCase: word === '-ipath' });
        return test((found) => pattern.matches(found.path));
      }
      case '-regex':
      case '-iregex':
        return this.#regex(word);
      case '-type':
        return this.#type(word);
      case '-empty':
        return test((found) => this.#isEmpty(found));
      case '-size':
        return this.#size(word);
      case '-newer':
        return this.#newer(word);
      case '-mmin':
        return this.#number(word, (found) =>
          Math.ceil((this.process.machine.events.now - found.stat.mtime) / 60_000_000),
        );
      case '-mtime':
        return this.#number(word, (found) =>
          Math.floor((this.process.machine.events.now - found.stat.mtime) / 86_400_000_000),
        );
      case '-links':
        return this.#number(word, (found) => found.stat.nlink);
      case '-inum':
        return this.#number(word, (found) => found.stat.ino);
      case '-perm':
        return this.#perm(word);
      case '-user':
      case '-group':
        return this.#owner(word);
      default:
        throw new FindError(`unknown predicate \`${word}'`);
    }
  }

  #regex(word: string): Node {
    try {
      const regex = new Regex(`^\\(${this.#value(word)}\\)$`, 'basic', { ignoreCase: word === '-iregex' });
      return test((found) => regex.test(found.path));
    } catch (error) {
      if (error instanceof RegexError) throw new FindError(error.message);
      throw error;
    }
  }

  #type(word: string): Node {
    const kinds: Record<string, Stat['kind']> = {
      f: 'file',
      d: 'directory',
      l: 'symlink',
      p: 'fifo',
      s: 'socket',
      c: 'device',
    };
    const letters = this.#value(word).split(',');
    for (const letter of letters)
      if (kinds[letter] === undefined && !'bs'.includes(letter))
        throw new FindError(`Unknown argument to -type: ${letter.slice(0, 1)}`);
    return test((found) => letters.some((letter) => kinds[letter] === found.stat.kind));
  }

  #isEmpty(found: Found): boolean {
    if (found.stat.kind === 'file') return found.stat.size === 0;
    const names =
      found.stat.kind === 'directory'
        ? this.process.machine.fs.readdir(this.process.path(found.path), this.process)
        : undefined;
    return names?.ok === true && names.value.length === 0;
  }

  /** +N more than, -N less than, N exactly. */
  #number(word: string, value: (found: Found) => number): Node {
    const text = this.#value(word);
    const match = /^([-+]?)(\d+)$/.exec(text);
    if (match === null) throw new FindError(`invalid argument \`${text}' to \`${word}'`);
    return test((found) => compare(match[1], value(found), Number(match[2])));
  }

  #size(word: string): Node {
    const text = this.#value(word);
    const match = /^([-+]?)(\d+)([cwbkMG]?)$/.exec(text);
    if (match === null)
      throw new FindError(
        /[a-zA-Z]$/.test(text) ? `invalid -size type \`${text.at(-1)}'` : `Invalid argument \`${text}' to -size`,
      );
    const unit = { c: 1, w: 2, b: 512, '': 512, k: 1_024, M: 1_048_576, G: 1_073_741_824 }[match[3] as ''] ?? 512;
    return test((found) => compare(match[1], Math.ceil(found.stat.size / unit), Number(match[2])));
  }

  #newer(word: string): Node {
    const file = this.#value(word);
    const stat = this.process.machine.fs.stat(this.process.path(file), this.process);
    if (!stat.ok) throw new FindError(`‘${file}’: No such file or directory`);
    return test((found) => found.stat.mtime > stat.value.mtime);
  }

  #perm(word: string): Node {
    const text = this.#value(word);
    const prefix = /^[-/]/.exec(text)?.[0];
    const change = parseMode(prefix === undefined ? text : text.slice(1), 0);
    if (change === undefined) throw new FindError(`invalid mode ‘${text}’`);
    const mode = change(0, false);
    return test(({ stat }) =>
      prefix === '-'
        ? (stat.mode & mode) === mode
        : prefix === '/'
          ? mode === 0 || (stat.mode & mode) !== 0
          : stat.mode === mode,
    );
  }

  #owner(word: string): Node {
    const name = this.#value(word);
    const id = ownerId(this.process, word === '-user' ? '/etc/passwd' : '/etc/group', name);
    if (id === undefined)
      throw new FindError(
        `‘${name}’ is not the name of a known ${word === '-user' ? 'user' : 'existing group'}`.replace(
          'a known existing',
          'an existing',
        ),
      );
    return test(({ stat }) => (word === '-user' ? stat.uid : stat.gid) === id);
  }
}

const compare = (sign: string | undefined, value: number, wanted: number): boolean =>
  sign === '+' ? value > wanted : sign === '-' ? value < wanted : value === wanted;
