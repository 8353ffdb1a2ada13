import { strerror } from '../../base/index.ts';
import { normalizePath, type Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import { type Builtins, parseOptions } from './builtin.ts';

type Run = Generator<Wait, number, void>;

const CD_USAGE = 'cd [-L|[-P [-e]] [-@]] [dir]';

/** The working directory as the shell knows it: with the symbolic links that led there. */
export const logicalDirectory = (shell: Shell): string => shell.variables.get('PWD') ?? shell.process.cwd;

/** Changes directory; the result is an error message. */
function changeTo(shell: Shell, target: string, physical: boolean): string | undefined {
  const { process } = shell;
  const { fs } = process.machine;
  const logical = normalizePath(target.startsWith('/') ? target : `${logicalDirectory(shell)}/${target}`);
  const path = physical ? process.path(target) : logical;
  const stat = target === '' ? fs.stat(process.cwd, process) : fs.stat(path, process);
  if (!stat.ok) return strerror(stat.error.errno);
  if (stat.value.kind !== 'directory') return strerror('ENOTDIR');
  const real = fs.realpath(target === '' ? process.cwd : path, process);
  const shown = physical && real.ok ? real.value : target === '' ? logicalDirectory(shell) : logical;
  shell.variables.set('OLDPWD', logicalDirectory(shell));
  shell.variables.set('PWD', shown);
  process.cwd = shown;
  return undefined;
}

function* cd(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'cd', CD_USAGE, 'LPe@', args);
  if (!parsed.ok) return parsed.status;
  if (parsed.operands.length > 1) {
    yield* shell.printError('cd: too many arguments');
    return 1;
  }
  const physical = parsed.flags.has('P') || shell.options.has('physical');
  const [operand] = parsed.operands;
  const name = operand === undefined ? 'HOME' : operand === '-' ? 'OLDPWD' : undefined;
  const target = name === undefined ? operand : shell.variables.get(name);
  if (target === undefined) {
    yield* shell.printError(`cd: ${name} not set`);
    return 1;
  }
  const viaPath = yield* cdPath(shell, target, physical);
  if (viaPath) return 0;
  const problem = changeTo(shell, target, physical);
  if (problem !== undefined) {
    yield* shell.printError(`cd: ${target}: ${problem}`);
    return 1;
  }
  if (operand === '-') yield* shell.process.print(`${logicalDirectory(shell)}\n`);
  return 0;
}

/** Directories of CDPATH come first for a plain relative name, and are named when they are used. */
function* cdPath(shell: Shell, target: string, physical: boolean): Generator<Wait, boolean, void> {
  const path = shell.variables.get('CDPATH');
  if (path === undefined || path === '' || /^\.{0,2}(\/|$)/.test(target)) return false;
  for (const directory of path.split(':')) {
    if (directory === '' || directory === '.') continue;
    if (changeTo(shell, `${directory}/${target}`, physical) !== undefined) continue;
    yield* shell.process.print(`${logicalDirectory(shell)}\n`);
    return true;
  }
  return false;
}

function* pwd(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'pwd', 'pwd [-LP]', 'LP', args);
  if (!parsed.ok) return parsed.status;
  const real = parsed.flags.has('P') ? shell.process.machine.fs.realpath(shell.process.cwd, shell.process) : undefined;
  yield* shell.process.print(`${real?.ok === true ? real.value : logicalDirectory(shell)}\n`);
  return 0;
}

const withTilde = (shell: Shell, path: string): string => {
  const home = shell.variables.get('HOME');
  return home !== undefined && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
};

const stackOf = (shell: Shell): string[] => [logicalDirectory(shell), ...shell.directoryStack];

function* printStack(shell: Shell): Run {
  yield* shell.process.print(
    `${stackOf(shell)
      .map((path) => withTilde(shell, path))
      .join(' ')}\n`,
  );
  return 0;
}

function* pushd(shell: Shell, args: readonly string[]): Run {
  const [operand] = args;
  const stack = stackOf(shell);
  const rotation = rotationOf(operand, stack.length);
  if (operand === undefined && stack.length < 2) {
    yield* shell.printError('pushd: no other directory');
    return 1;
  }
  if (rotation !== undefined && rotation >= stack.length) {
    yield* shell.printError(`pushd: ${operand}: directory stack index out of range`);
    return 1;
  }
  const next =
    operand === undefined
      ? [stack[1] as string, stack[0] as string, ...stack.slice(2)]
      : rotation === undefined
        ? undefined
        : [...stack.slice(rotation), ...stack.slice(0, rotation)];
  const target = next?.[0] ?? operand ?? '';
  const problem = changeTo(shell, target, false);
  if (problem !== undefined) {
    yield* shell.printError(`pushd: ${target}: ${problem}`);
    return 1;
  }
  shell.directoryStack = next === undefined ? stack : next.slice(1);
  return yield* printStack(shell);
}

/** +N counts from the left, -N from the right. */
function rotationOf(operand: string | undefined, length: number): number | undefined {
  const match = /^([+-])(\d+)$/.exec(operand ?? '');
  if (match === null) return undefined;
  return match[1] === '+' ? Number(match[2]) : length - 1 - Number(match[2]);
}

function* popd(shell: Shell, args: readonly string[]): Run {
  const stack = stackOf(shell);
  const at = rotationOf(args[0], stack.length) ?? 0;
  if (stack.length < 2) {
    yield* shell.printError('popd: directory stack empty');
    return 1;
  }
  if (at < 0 || at >= stack.length) {
    yield* shell.printError(`popd: ${args[0]}: directory stack index out of range`);
    return 1;
  }
  const rest = stack.filter((_, i) => i !== at);
  const problem = at === 0 ? changeTo(shell, rest[0] as string, false) : undefined;
  if (problem !== undefined) {
    yield* shell.printError(`popd: ${rest[0]}: ${problem}`);
    return 1;
  }
  shell.directoryStack = rest.slice(1);
  return yield* printStack(shell);
}

function* dirs(shell: Shell, args: readonly string[]): Run {
  const unknown = args.find((arg) => /^-/.test(arg) && !/^-[clpv]+$/.test(arg));
  if (unknown !== undefined) {
    yield* shell.printError(`dirs: ${unknown}: invalid number`);
    yield* shell.process.printError('dirs: usage: dirs [-clpv] [+N] [-N]\n');
    return 2;
  }
  const parsed = yield* parseOptions(shell, 'dirs', 'dirs [-clpv] [+N] [-N]', 'clpv', args);
  if (!parsed.ok) return parsed.status;
  const { flags } = parsed;
  if (flags.has('c')) shell.directoryStack = [];
  if (flags.has('c')) return 0;
  const shown = stackOf(shell).map((path) => (flags.has('l') ? path : withTilde(shell, path)));
  const text = flags.has('v')
    ? shown.map((path, i) => `${String(i).padStart(2)}  ${path}`).join('\n')
    : shown.join(flags.has('p') ? '\n' : ' ');
  yield* shell.process.print(`${text}\n`);
  return 0;
}

export const directories: Builtins = {
  cd: { usage: CD_USAGE, run: cd },
  pwd: { usage: 'pwd [-LP]', run: pwd },
  pushd: { usage: 'pushd [-n] [+N | -N | dir]', run: pushd },
  popd: { usage: 'popd [-n] [+N | -N]', run: popd },
  dirs: { usage: 'dirs [-clpv] [+N] [-N]', run: dirs },
};
