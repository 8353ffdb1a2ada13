import { strerror } from '../../base/index.ts';
import { call, type Wait } from '../../os/index.ts';
import { execInPlace } from '../run/children.ts';
import { FunctionReturn, LoopControl, ShellExit } from '../run/control.ts';
import { findExternal, searchPath } from '../run/find-command.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, type Builtins, numericArgument, parseOptions, simple } from './builtin.ts';

type Run = Generator<Wait, number, void>;

function* exit(shell: Shell, args: readonly string[]): Run {
  if (shell.interactive) yield* shell.process.printError('exit\n');
  if (yield* shell.warnOfStoppedJobs()) return 1;
  const [text] = args;
  if (text === undefined) throw new ShellExit(shell.status);
  const status = yield* numericArgument(shell, 'exit', text);
  if (status === undefined) throw new ShellExit(2);
  if (args.length > 1) {
    yield* shell.printError('exit: too many arguments');
    if (shell.interactive) return 1;
    throw new ShellExit(1);
  }
  throw new ShellExit(status & 255);
}

function* returnFrom(shell: Shell, args: readonly string[]): Run {
  if (shell.frames.length === 0) {
    yield* shell.printError("return: can only `return' from a function or sourced script");
    return 2;
  }
  const [text] = args;
  const status = text === undefined ? shell.status : yield* numericArgument(shell, 'return', text);
  throw new FunctionReturn((status ?? 2) & 255);
}

const loopControl = (kind: 'break' | 'continue'): Builtin => ({
  usage: `${kind} [n]`,
  *run(shell, args) {
    if (shell.loopDepth === 0) {
      yield* shell.printError(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`);
      return 0;
    }
    const levels = args[0] === undefined ? 1 : yield* numericArgument(shell, kind, args[0]);
    if (levels === undefined) throw new ShellExit(128);
    if (levels <= 0) {
      yield* shell.printError(`${kind}: ${args[0]}: loop count out of range`);
      return 1;
    }
    throw new LoopControl(kind, levels);
  },
});

function* evaluate(shell: Shell, args: readonly string[]): Run {
  const words = args[0] === '--' ? args.slice(1) : args;
  if (words.length === 0) return 0;
  checkNesting(shell);
  yield {};
  shell.evalDepth++;
  try {
    return yield* call(shell.executor.runText(shell, words.join(' '), { name: shell.name, firstLine: shell.line }));
  } finally {
    shell.evalDepth--;
  }
}

/** eval and source can recurse without end as functions can. */
const MAX_NESTING = 1_000;

function checkNesting(shell: Shell): void {
  if (shell.evalDepth + shell.frames.length >= MAX_NESTING) throw new ShellExit(139);
}

function* source(shell: Shell, args: readonly string[], { name }: { name: string }): Run {
  const [file, ...positional] = args[0] === '--' ? args.slice(1) : args;
  if (file === undefined) {
    yield* shell.printError(`${name}: filename argument required`);
    yield* shell.process.printError(`${name}: usage: ${name} filename [arguments]\n`);
    return 2;
  }
  const path = file.includes('/') ? file : (sourcePath(shell, file) ?? file);
  const opened = shell.process.machine.fs.open(shell.process.path(path), { read: true }, shell.process);
  if (!opened.ok || opened.value.kind === 'directory') {
    yield* shell.printError(
      opened.ok ? `${name}: ${file}: is a directory` : `${file}: ${strerror(opened.error.errno)}`,
    );
    return 1;
  }
  const fd = shell.process.addFd(opened.value, 60);
  const text = yield* shell.process.readAll(fd);
  shell.process.closeFd(fd);
  return yield* runSourced(shell, path, text, positional);
}

/** A name without a slash is looked for along PATH, then here. */
function sourcePath(shell: Shell, file: string): string | undefined {
  return shell.shopt.has('sourcepath') ? searchPath(shell, file)[0] : undefined;
}

function* runSourced(shell: Shell, path: string, text: string, args: readonly string[]): Run {
  checkNesting(shell);
  yield {};
  const { positional, loopDepth } = shell;
  if (args.length > 0) shell.positional = [...args];
  shell.frames.push({ name: 'source', line: shell.line, source: path, isFunction: false });
  shell.loopDepth = 0;
  try {
    return yield* call(shell.executor.runText(shell, text, { name: path }));
  } catch (error) {
    if (!(error instanceof FunctionReturn)) throw error;
    return error.status;
  } finally {
    shell.frames.pop();
    shell.loopDepth = loopDepth;
    if (args.length > 0) shell.positional = positional;
  }
}

const EXEC_USAGE = 'exec [-cl] [-a name] [command [argument ...]] [redirection ...]';

function* exec(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'exec', EXEC_USAGE, 'cla:', args);
  if (!parsed.ok) return parsed.status;
  const [name] = parsed.operands;
  if (name === undefined) return 0;
  const found = findExternal(shell, name);
  if ('message' in found) {
    const message = found.status === 127 && !name.includes('/') ? `exec: ${name}: not found` : found.message;
    yield* shell.printError(message);
    if (shell.interactive) return found.status;
    throw new ShellExit(found.status);
  }
  const env = parsed.flags.has('c') ? new Map<string, string>() : shell.variables.environment();
  const executable = 'script' in found ? shell.process.resolve('/usr/bin/bash') : { ok: true as const, value: found };
  if (!executable.ok) throw new ShellExit(126);
  const argv = [
    parsed.flags.get('a') ?? name,
    ...('script' in found ? [found.script] : []),
    ...parsed.operands.slice(1),
  ];
  shell.traps.delete('EXIT');
  throw new ShellExit(yield* execInPlace(shell.process, executable.value, argv, env));
}

function* shift(shell: Shell, args: readonly string[]): Run {
  const count = args[0] === undefined ? 1 : yield* numericArgument(shell, 'shift', args[0]);
  if (count === undefined) return 1;
  if (count < 0) {
    yield* shell.printError(`shift: ${args[0]}: shift count out of range`);
    return 1;
  }
  if (count > shell.positional.length) return 1;
  shell.positional = shell.positional.slice(count);
  return 0;
}

export const flow: Builtins = {
  ':': simple(':', () => 0),
  true: simple('true', () => 0),
  false: simple('false', () => 1),
  exit: { usage: 'exit [n]', run: exit },
  return: { usage: 'return [n]', run: returnFrom },
  break: loopControl('break'),
  continue: loopControl('continue'),
  eval: { usage: 'eval [arg ...]', run: evaluate },
  source: { usage: 'source filename [arguments]', run: source },
  '.': { usage: '. filename [arguments]', run: source },
  exec: { usage: EXEC_USAGE, run: exec },
  shift: { usage: 'shift [n]', run: shift },
};
