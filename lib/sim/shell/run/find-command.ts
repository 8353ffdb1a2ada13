import { type Errno, strerror } from '../../base/index.ts';
import { DEFAULT_PATH, type Executable } from '../../os/index.ts';
import type { Shell } from '../shell.ts';

export type Found = Executable | { readonly script: string };
export type NotFound = { readonly message: string; readonly status: 126 | 127 };

/** What a command name that is neither function nor builtin runs, or bash's words for why nothing does. */
export function findExternal(shell: Shell, name: string): Found | NotFound {
  const { process } = shell;
  process.env.set('PATH', shell.variables.get('PATH') ?? '');
  if (!shell.variables.find('PATH')) process.env.set('PATH', DEFAULT_PATH);
  const resolved = name === '' ? undefined : process.resolve(name);
  if (resolved?.ok === true) {
    if (!name.includes('/')) shell.hashed.set(name, resolved.value.path);
    return resolved.value;
  }
  const errno = resolved?.error.errno ?? 'ENOENT';
  if (errno === 'ENOEXEC') return textFile(shell, name);
  return name.includes('/') ? pathProblem(shell, name, errno) : nameProblem(name, errno);
}

const nameProblem = (name: string, errno: Errno): NotFound =>
  errno === 'EACCES'
    ? { message: `${name}: ${strerror('EACCES')}`, status: 126 }
    : { message: `${name}: command not found`, status: 127 };

function pathProblem(shell: Shell, name: string, errno: Errno): NotFound {
  const stat = shell.process.machine.fs.stat(shell.process.path(name), shell.process);
  if (stat.ok && stat.value.kind === 'directory') return { message: `${name}: Is a directory`, status: 126 };
  if (stat.ok && errno === 'ENOENT')
    return { message: `${name}: cannot execute: required file not found`, status: 127 };
  return { message: `${name}: ${strerror(errno)}`, status: errno === 'ENOENT' || errno === 'ENOTDIR' ? 127 : 126 };
}

/** A file without `#!` is a script for this shell, unless it looks like anything but text. */
function textFile(shell: Shell, name: string): Found | NotFound {
  const { process } = shell;
  const path = name.includes('/') ? name : (searchPath(shell, name)[0] ?? name);
  const content = process.machine.fs.readFile(process.path(path), process);
  const head = content.ok ? content.value.subarray(0, 80) : new Uint8Array(0);
  if (head.includes(0)) return { message: `${name}: cannot execute binary file: ${strerror('ENOEXEC')}`, status: 126 };
  return { script: path };
}

/** Every executable of this name along PATH, for `type -a` and `which -a`. */
export function searchPath(shell: Shell, name: string): string[] {
  const { process } = shell;
  const directories = (shell.variables.get('PATH') ?? DEFAULT_PATH).split(':');
  const paths = directories.map((directory) => `${directory === '' ? '.' : directory}/${name}`);
  return [...new Set(paths)].filter((path) => {
    const stat = process.machine.fs.stat(process.path(path), process);
    return stat.ok && stat.value.kind === 'file' && (stat.value.mode & 0o111) !== 0;
  });
}
