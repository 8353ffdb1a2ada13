import { strerror } from '../base/index.ts';
import type { Process, Stat, Wait } from '../os/index.ts';
import { quoteName } from './quoting.ts';

/** Messages of a tool that works on several names, and the exit status that comes of them. */
export class Complaints {
  status = 0;

  constructor(
    readonly process: Process,
    readonly tool: string,
  ) {}

  *say(message: string, status = 1): Generator<Wait, void, void> {
    this.status = status;
    yield* this.process.printError(`${this.tool}: ${message}\n`);
  }
}

/** Where `cp`, `mv` and `ln` put a name: into the directory that the target is, or at the target itself. */
export const placeIn = (target: string, source: string, isDirectory: boolean): string =>
  isDirectory ? `${target.replace(/\/+$/, '')}/${source.replace(/\/+$/, '').replace(/.*\//, '')}` : target;

export function statOf(process: Process, path: string, follow = true): Stat | undefined {
  const { fs } = process.machine;
  const result = follow ? fs.stat(process.path(path), process) : fs.lstat(process.path(path), process);
  return result.ok ? result.value : undefined;
}

export const isDirectory = (process: Process, path: string): boolean => statOf(process, path)?.kind === 'directory';

export type CopyOptions = {
  readonly recursive: boolean;
  /** Copy symbolic links as links. */
  readonly links: boolean;
  readonly preserve: boolean;
  readonly force: boolean;
  readonly verbose: boolean;
};

/** Copies a file, or a tree where that is asked for. What goes wrong is said, and the rest goes on. */
export function* copy(
  complaints: Complaints,
  from: string,
  to: string,
  options: CopyOptions,
): Generator<Wait, void, void> {
  const { process } = complaints;
  const source = statOf(process, from, !options.links);
  if (source === undefined) {
    const real = process.machine.fs.stat(process.path(from), process);
    return yield* complaints.say(`cannot stat ${quoteName(from)}: ${strerror(real.ok ? 'ENOENT' : real.error.errno)}`);
  }
  const target = statOf(process, to);
  if (target !== undefined && target.ino === source.ino && source.kind !== 'symlink')
    return yield* complaints.say(`${quoteName(from)} and ${quoteName(to)} are the same file`);
  if (source.kind === 'directory') return yield* copyDirectory(complaints, from, to, source, options);
  if (source.kind === 'symlink') return yield* copyLink(complaints, from, to, options);
  yield* copyFile(complaints, from, to, source, options);
}

function* copyDirectory(
  complaints: Complaints,
  from: string,
  to: string,
  source: Stat,
  options: CopyOptions,
): Generator<Wait, void, void> {
  const { process } = complaints;
  const { fs } = process.machine;
  if (!options.recursive) return yield* complaints.say(`-r not specified; omitting directory ${quoteName(from)}`);
  const target = statOf(process, to);
  if (target !== undefined && target.kind !== 'directory')
    return yield* complaints.say(`cannot overwrite non-directory ${quoteName(to)} with directory ${quoteName(from)}`);
  const [realFrom, parent] = [
    fs.realpath(process.path(from), process),
    fs.realpath(process.path(`${to.replace(/\/+$/, '')}/..`), process),
  ];
  if (realFrom.ok && parent.ok && `${parent.value}/`.startsWith(`${realFrom.value}/`))
    return yield* complaints.say(`cannot copy a directory, ${quoteName(from)}, into itself, ${quoteName(to)}`);
  if (target === undefined) {
    const made = fs.mkdir(process.path(to), { mode: options.preserve ? source.mode : source.mode & ~process.umask });
    if (!made.ok)
      return yield* complaints.say(`cannot create directory ${quoteName(to)}: ${strerror(made.error.errno)}`);
    if (options.verbose) yield* process.print(`${quoteName(from)} -> ${quoteName(to)}\n`);
  }
  const names = fs.readdir(process.path(from), process);
  if (!names.ok) return yield* complaints.say(`cannot access ${quoteName(from)}: ${strerror(names.error.errno)}`);
  for (const name of names.value)
    yield* copy(complaints, `${from.replace(/\/+$/, '')}/${name}`, `${to.replace(/\/+$/, '')}/${name}`, {
      ...options,
      links: true,
    });
  if (options.preserve) fs.touch(process.path(to), source.mtime);
}

function* copyLink(
  complaints: Complaints,
  from: string,
  to: string,
  options: CopyOptions,
): Generator<Wait, void, void> {
  const { process } = complaints;
  const { fs } = process.machine;
  const target = fs.readlink(process.path(from), process);
  if (statOf(process, to, false) !== undefined) fs.unlink(process.path(to));
  const made = target.ok ? fs.symlink(target.value, process.path(to)) : target;
  if (!made.ok)
    return yield* complaints.say(`cannot create symbolic link ${quoteName(to)}: ${strerror(made.error.errno)}`);
  if (options.verbose) yield* process.print(`${quoteName(from)} -> ${quoteName(to)}\n`);
}

function* copyFile(
  complaints: Complaints,
  from: string,
  to: string,
  source: Stat,
  options: CopyOptions,
): Generator<Wait, void, void> {
  const { process } = complaints;
  const { fs } = process.machine;
  if (isDirectory(process, to))
    return yield* complaints.say(`cannot overwrite directory ${quoteName(to)} with non-directory`);
  const input = fs.open(process.path(from), { read: true }, process);
  if (!input.ok)
    return yield* complaints.say(`cannot open ${quoteName(from)} for reading: ${strerror(input.error.errno)}`);
  const fd = process.addFd(input.value);
  const output = fs.open(
    process.path(to),
    { write: true, create: true, truncate: true, mode: source.mode & 0o777 },
    process,
  );
  if (!output.ok) {
    process.closeFd(fd);
    return yield* complaints.say(`cannot create regular file ${quoteName(to)}: ${strerror(output.error.errno)}`);
  }
  if (options.verbose) yield* process.print(`${quoteName(from)} -> ${quoteName(to)}\n`);
  const out = process.addFd(output.value);
  yield* pour(complaints, fd, out, from, to);
  process.closeFd(fd);
  process.closeFd(out);
  if (options.preserve) {
    fs.chmod(process.path(to), source.mode);
    fs.touch(process.path(to), source.mtime);
  }
}

function* pour(complaints: Complaints, fd: number, out: number, from: string, to: string): Generator<Wait, void, void> {
  const { process } = complaints;
  for (;;) {
    const chunk = yield* process.read(fd);
    if (!chunk.ok) return yield* complaints.say(`error reading ${quoteName(from)}: ${strerror(chunk.error.errno)}`);
    if (chunk.value.length === 0) return;
    const written = yield* process.write(out, chunk.value);
    if (!written.ok) return yield* complaints.say(`error writing ${quoteName(to)}: ${strerror(written.error.errno)}`);
  }
}

/** Removes a name, and what is below it where `recursive` says so. */
export function* remove(
  complaints: Complaints,
  path: string,
  options: { readonly recursive: boolean; readonly verbose: boolean },
): Generator<Wait, boolean, void> {
  const { process } = complaints;
  const { fs } = process.machine;
  const absolute = process.path(path);
  const stat = statOf(process, path, false);
  if (stat?.kind === 'directory' && options.recursive) {
    const names = fs.readdir(absolute, process);
    let all = true;
    for (const name of names.ok ? names.value : [])
      if (!(yield* remove(complaints, `${path.replace(/\/+$/, '')}/${name}`, options))) all = false;
    if (!all) return false;
  }
  const removed = stat?.kind === 'directory' ? fs.rmdir(absolute) : fs.unlink(absolute);
  if (!removed.ok) {
    yield* complaints.say(`cannot remove ${quoteName(path)}: ${strerror(removed.error.errno)}`);
    return false;
  }
  if (options.verbose)
    yield* process.print(`removed ${stat?.kind === 'directory' ? 'directory ' : ''}${quoteName(path)}\n`);
  yield {};
  return true;
}
