import { type Errno, ok, type Result } from '../base/index.ts';
import { baseName, type OpenFile, type Process, type SpawnOptions, type Wait } from '../os/index.ts';

/** Starts `argv` as a child, found as execvp(3) finds it. A text file without `#!` runs in sh, as execvp does it. */
export function startProgram(
  process: Process,
  argv: readonly string[],
  options: Omit<SpawnOptions, 'argv'> = {},
): Result<Process> {
  const [name = '', ...rest] = argv;
  let found = process.resolve(name);
  let words = rest;
  if (!found.ok && found.error.errno === 'ENOEXEC') {
    words = [name, ...rest];
    found = process.resolve('/usr/bin/bash');
  }
  if (!found.ok) return found;
  const child = process.spawn(found.value.program, { ...options, argv: [...found.value.argvPrefix, ...words] });
  child.comm = baseName(found.value.path).slice(0, 15);
  return ok(child);
}

/** The status of a program that could not be started: 127 when it is not there, 126 when it may not run. */
export const startFailure = (errno: Errno): number => (errno === 'ENOENT' ? 127 : 126);

/** Becomes another program (execvp(3)); gives the errno when there is none. */
export function* becomeProgram(
  process: Process,
  argv: readonly string[],
): Generator<Wait, { readonly status: number } | { readonly errno: Errno }, void> {
  const found = process.resolve(argv[0] ?? '');
  if (!found.ok) return { errno: found.error.errno };
  process.argv = [...found.value.argvPrefix, ...argv.slice(1)];
  process.comm = baseName(found.value.path).slice(0, 15);
  return { status: yield* found.value.program(process) };
}

/** Runs a child with its output caught, for tools that show it themselves. */
export function* captureProgram(
  process: Process,
  argv: readonly string[],
): Generator<Wait, Result<{ text: string; status: number }>, void> {
  const { reader, writer } = process.machine.pipe();
  const fd = process.addFd(reader);
  const fds = new Map<number, OpenFile>([...process.fds].filter(([number]) => number !== fd));
  fds.set(1, writer);
  fds.set(2, writer);
  const child = startProgram(process, argv, { fds });
  try {
    if (!child.ok) return child;
    const text = yield* process.readAll(fd);
    return ok({ text, status: yield* process.wait(child.value) });
  } finally {
    process.closeFd(fd);
  }
}
