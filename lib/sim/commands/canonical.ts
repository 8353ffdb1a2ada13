import { type Errno, fail, ok, type Result } from '../base/index.ts';
import type { Process } from '../os/index.ts';

/** How much of a path must be there: all of it, all but the last name, or nothing. */
export type Existing = 'all' | 'parent' | 'none';

/** The path without symbolic links, `.` and `..` (realpath(3), with what GNU's tools allow to be missing). */
export function canonicalize(process: Process, path: string, existing: Existing): Result<string> {
  const { fs } = process.machine;
  if (path === '') return fail('ENOENT');
  const real = fs.realpath(process.path(path), process);
  if (real.ok || existing === 'all') return real;
  const { errno } = real.error;
  if (errno !== 'ENOENT' && !(existing === 'none' && errno === 'ENOTDIR')) return real;
  const absolute = process.path(path).replace(/\/+$/, '');
  const link = fs.readlink(absolute, process);
  if (link.ok)
    return canonicalize(
      process,
      link.value.startsWith('/') ? link.value : `${parentOf(absolute)}/${link.value}`,
      existing,
    );
  return beyond(process, absolute, existing, errno);
}

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

function beyond(process: Process, absolute: string, existing: Existing, errno: Errno): Result<string> {
  const parent = parentOf(absolute);
  if (parent === absolute) return fail(errno);
  const base =
    existing === 'none' ? canonicalize(process, parent, 'none') : process.machine.fs.realpath(parent, process);
  if (!base.ok) return base;
  const name = absolute.slice(absolute.lastIndexOf('/') + 1);
  if (name === '..') return ok(parentOf(base.value));
  if (name === '.') return base;
  return ok(`${base.value === '/' ? '' : base.value}/${name}`);
}
