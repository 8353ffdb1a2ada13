import { strerror } from '../../base/index.ts';
import type { OpenFile, OpenFlags, Process, Wait } from '../../os/index.ts';
import { expandQuoted, expandText, expandWords } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import type { Redirect } from '../syntax/ast.ts';
import { HereFile } from './here-file.ts';
import { networkName, openNetwork } from './network.ts';

/** Descriptors as they were, to put back when the command is over. */
export class Saved {
  #before = new Map<number, OpenFile | undefined>();

  constructor(private readonly process: Process) {}

  remember(fd: number): void {
    if (!this.#before.has(fd)) this.#before.set(fd, this.process.fds.get(fd)?.retain());
  }

  restore(): void {
    for (const [fd, file] of this.#before) {
      if (file === undefined) this.process.closeFd(fd);
      else {
        this.process.setFd(fd, file);
        file.release();
      }
    }
    this.#before.clear();
  }

  /** The redirections stay (`exec > file`). */
  forget(): void {
    for (const file of this.#before.values()) file?.release();
    this.#before.clear();
  }
}

/** Redirects, from left to right; undefined when one failed, after saying why and putting everything back. */
export function* redirect(shell: Shell, redirects: readonly Redirect[]): Generator<Wait, Saved | undefined, void> {
  const saved = new Saved(shell.process);
  for (const one of redirects) {
    let problem: string | undefined;
    try {
      problem = yield* apply(shell, one, saved);
    } catch (error) {
      saved.restore();
      throw error;
    }
    if (problem !== undefined) {
      yield* shell.printError(problem);
      saved.restore();
      return undefined;
    }
  }
  return saved;
}

const DEFAULT_FD: Record<Redirect['op'], number> = {
  '<': 0,
  '>': 1,
  '>>': 1,
  '>|': 1,
  '<>': 0,
  '<&': 0,
  '>&': 1,
  '&>': 1,
  '&>>': 1,
  '<<<': 0,
  '<<': 0,
};

const FLAGS: Partial<Record<Redirect['op'], OpenFlags>> = {
  '<': { read: true },
  '>': { write: true, create: true, truncate: true },
  '>|': { write: true, create: true, truncate: true },
  '>>': { write: true, create: true, append: true },
  '<>': { read: true, write: true, create: true },
  '&>': { write: true, create: true, truncate: true },
  '&>>': { write: true, create: true, append: true },
};

/** Applies one; the result says what went wrong. */
function* apply(shell: Shell, one: Redirect, saved: Saved): Generator<Wait, string | undefined, void> {
  const { process } = shell;
  const fd = targetFd(shell, one);
  if (one.op === '<<' || one.op === '<<<') {
    const text =
      one.op === '<<'
        ? yield* expandQuoted(shell, one.body?.parts ?? [])
        : `${yield* expandText(shell, one.target.parts, 'word')}\n`;
    put(process, fd, new HereFile(text), saved);
    return undefined;
  }
  const words = yield* expandWords(shell, [one.target]);
  const [target] = words;
  if (target === undefined || words.length > 1) return `${one.target.text}: ambiguous redirect`;
  if (one.op === '<&' || one.op === '>&') {
    const duplicated = yield* duplicate(shell, one, fd, target, saved);
    if (duplicated !== 'file') return duplicated;
  }
  return yield* openTo(shell, one, fd, target, saved);
}

function targetFd(shell: Shell, one: Redirect): number {
  if (one.fd === undefined) return DEFAULT_FD[one.op];
  if (typeof one.fd === 'number') return one.fd;
  const { variable } = one.fd;
  if (one.target.text === '-') return Number(shell.variables.get(variable) ?? -1);
  let fd = 10;
  while (shell.process.fds.has(fd)) fd++;
  shell.variables.set(variable, String(fd));
  return fd;
}

function put(process: Process, fd: number, file: OpenFile, saved: Saved): void {
  saved.remember(fd);
  process.setFd(fd, file);
}

/** `n>&m`, `n>&-`, `n>&m-`; 'file' when `>&word` means a file for both outputs. */
// biome-ignore lint/correctness/useYield: one of a family that may wait
function* duplicate(
  shell: Shell,
  one: Redirect,
  fd: number,
  target: string,
  saved: Saved,
): Generator<Wait, string | undefined | 'file', void> {
  const { process } = shell;
  const match = /^(\d*)(-?)$/.exec(target);
  if (match === null || target === '')
    return one.op === '>&' && one.fd === undefined ? 'file' : `${one.target.text}: ambiguous redirect`;
  const [, source, close] = match;
  if (source !== '') {
    const file = process.fds.get(Number(source));
    if (file === undefined) return `${source}: ${strerror('EBADF')}`;
    put(process, fd, file, saved);
  }
  if (close === '-') {
    const closed = source === '' ? fd : Number(source);
    saved.remember(closed);
    process.closeFd(closed);
  }
  return undefined;
}

function* openTo(
  shell: Shell,
  one: Redirect,
  fd: number,
  target: string,
  saved: Saved,
): Generator<Wait, string | undefined, void> {
  const { process } = shell;
  const { fs } = process.machine;
  const path = process.path(target);
  if (one.op === '>' && shell.options.has('noclobber')) {
    const existing = fs.stat(path, process);
    if (existing.ok && existing.value.kind === 'file') return `${target}: cannot overwrite existing file`;
  }
  const both = one.op === '&>' || one.op === '&>>' || one.op === '>&';
  const remote = networkName(target);
  const flags = FLAGS[one.op] ?? { write: true, create: true, truncate: true };
  const opened =
    remote === undefined ? fs.open(target === '' ? '' : path, flags, process) : yield* openNetwork(shell, remote);
  if (!opened.ok) return `${target}: ${strerror(opened.error.errno)}`;
  put(process, fd, opened.value, saved);
  if (both) put(process, 2, opened.value, saved);
  if (remote !== undefined) opened.value.release();
  return undefined;
}
