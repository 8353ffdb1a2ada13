import { strerror } from '../../base/index.ts';
import type { Process, Stat, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program, quoted } from '../coreutils.ts';
import { type Action, FindError, type Found, type Node, parseFind } from './expression.ts';

/** find of GNU findutils 4.9. */
export const find: CommandSpec = {
  ...program('find', 'search for files in a directory hierarchy', [
    option('-L', 'follow symbolic links'),
    option('-P', 'never follow symbolic links'),
    option('-name', 'base of file name matches shell pattern', 'PATTERN'),
    option('-iname', 'like -name, but the match is case insensitive', 'PATTERN'),
    option('-path -wholename', 'file name matches shell pattern', 'PATTERN'),
    option('-ipath', 'like -path, but the match is case insensitive', 'PATTERN'),
    option('-regex', 'file name matches regular expression', 'PATTERN'),
    option('-type', 'file is of type f, d, l, p or c', 'TYPE'),
    option('-maxdepth', 'descend at most this many levels', 'LEVELS'),
    option('-mindepth', 'do not apply tests at levels less than this', 'LEVELS'),
    option('-size', 'file uses this much space, rounded up', 'N[cwbkMG]'),
    option('-empty', 'file is empty'),
    option('-newer', 'file was modified more recently than FILE', 'FILE'),
    option('-mmin', 'file was last modified this many minutes ago', 'N'),
    option('-mtime', 'file was last modified this many days ago', 'N'),
    option('-perm', "file's permission bits are", 'MODE'),
    option('-user', 'file is owned by user', 'NAME'),
    option('-group', 'file belongs to group', 'NAME'),
    option('-links', 'file has this many hard links', 'N'),
    option('-inum', 'file has this inode number', 'N'),
    option('-print', 'print the full file name'),
    option('-print0', 'print the full file name, followed by a null character'),
    option('-printf', 'print format', 'FORMAT'),
    option('-ls', 'list current file in ls -dils format'),
    option('-delete', 'delete files'),
    option('-exec', 'execute command', 'COMMAND ;'),
    option('-prune', 'do not descend into the directory'),
    option('-quit', 'exit immediately'),
    option('-depth', "process each directory's contents before the directory itself"),
    missing('-ok', 'like -exec but ask the user first', 'COMMAND ;'),
    missing('-xdev', "don't descend directories on other file systems"),
    missing('-samefile', 'file refers to the same inode as FILE', 'FILE'),
    missing('-fprint', 'print the full file name into FILE', 'FILE'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const args = process.argv.slice(1);
  let follow = false;
  let i = 0;
  for (; ['-L', '-P', '-H'].includes(args[i] ?? ''); i++) follow = args[i] === '-L';
  const roots: string[] = [];
  while (i < args.length && !/^[-(!,]/.test(args[i] as string)) roots.push(args[i++] as string);
  try {
    const search = parseFind(process, args.slice(i));
    const finder = new Finder(process, search.expression, { ...search, follow });
    for (const root of roots.length === 0 ? ['.'] : roots) yield* finder.root(root);
    return yield* finder.end();
  } catch (error) {
    if (!(error instanceof FindError)) throw error;
    yield* process.printError(`find: ${error.message}\n`);
    return error.status;
  }
}

type Settings = {
  readonly maxDepth: number;
  readonly minDepth: number;
  readonly depthFirst: boolean;
  readonly follow: boolean;
};

class Finder {
  #status = 0;
  #quit = false;

  constructor(
    private readonly process: Process,
    private readonly expression: Node,
    private readonly settings: Settings,
  ) {}

  *root(path: string): Generator<Wait, void, void> {
    if (this.#quit) return;
    const { fs } = this.process.machine;
    const stat =
      this.settings.follow || path.endsWith('/')
        ? fs.stat(this.process.path(path), this.process)
        : fs.lstat(this.process.path(path), this.process);
    if (stat.ok) yield* this.#visit({ path, root: path, depth: 0, stat: stat.value });
    else yield* this.#complain(path, strerror(stat.error.errno));
  }

  *end(): Generator<Wait, number, void> {
    for (const action of collected(this.expression)) if ((yield* action.flush(this.process)) !== 0) this.#status = 1;
    return this.#status;
  }

  *#complain(path: string, text: string): Generator<Wait, void, void> {
    this.#status = 1;
    yield* this.process.printError(`find: ${quoted(path)}: ${text}\n`);
  }

  *#visit(found: Found): Generator<Wait, void, void> {
    yield {};
    const { depth, stat } = found;
    const { depthFirst, minDepth, maxDepth } = this.settings;
    const outcome = { prune: false, quit: false };
    if (!depthFirst && depth >= minDepth) yield* this.#evaluate(this.expression, found, outcome);
    this.#quit ||= outcome.quit;
    if (this.#quit) return;
    if (stat.kind === 'directory' && !outcome.prune && depth < maxDepth) yield* this.#descend(found);
    if (depthFirst && depth >= minDepth && !this.#quit) yield* this.#evaluate(this.expression, found, outcome);
    this.#quit ||= outcome.quit;
  }

  *#descend(found: Found): Generator<Wait, void, void> {
    const { fs } = this.process.machine;
    const names = fs.readdir(this.process.path(found.path), this.process);
    if (!names.ok) return yield* this.#complain(found.path, strerror(names.error.errno));
    for (const name of names.value) {
      if (this.#quit) return;
      const path = `${found.path.replace(/\/$/, '')}/${name}`;
      const own = fs.lstat(this.process.path(path), this.process);
      if (!own.ok) continue;
      let stat: Stat = own.value;
      if (this.settings.follow && stat.kind === 'symlink') {
        const target = fs.stat(this.process.path(path), this.process);
        if (target.ok) stat = target.value;
      }
      yield* this.#visit({ path, root: found.root, depth: found.depth + 1, stat });
    }
  }

  *#evaluate(node: Node, found: Found, outcome: { prune: boolean; quit: boolean }): Generator<Wait, boolean, void> {
    switch (node.type) {
      case 'and':
        return (
          (yield* this.#evaluate(node.left, found, outcome)) &&
          !outcome.quit &&
          (yield* this.#evaluate(node.right, found, outcome))
        );
      case 'or':
        return (
          (yield* this.#evaluate(node.left, found, outcome)) || (yield* this.#evaluate(node.right, found, outcome))
        );
      case 'comma':
        yield* this.#evaluate(node.left, found, outcome);
        return yield* this.#evaluate(node.right, found, outcome);
      case 'not':
        return !(yield* this.#evaluate(node.operand, found, outcome));
      case 'test':
        return node.test(found);
      case 'prune':
        outcome.prune = true;
        return true;
      case 'quit':
        outcome.quit = true;
        return true;
      case 'action': {
        const result = yield* node.action.run(this.process, found);
        if (result === 'failed') this.#status = 1;
        return result === true;
      }
    }
  }
}

function collected(node: Node): Action[] {
  if (node.type === 'action') return [node.action];
  if (node.type === 'not') return collected(node.operand);
  return node.type === 'and' || node.type === 'or' || node.type === 'comma'
    ? [...collected(node.left), ...collected(node.right)]
    : [];
}
