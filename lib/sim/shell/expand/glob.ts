import type { Process } from '../../os/index.ts';
import { hasPattern, Pattern, unquotePattern } from './pattern.ts';

export type GlobOptions = { readonly dotglob: boolean; readonly nocaseglob: boolean; readonly globstar: boolean };

/** Directories that one `**` may enter, so that a tree of links or a full /proc stays affordable. */
const MAX_DIRECTORIES = 5_000;

/** Pathname expansion: the names that a pattern matches, sorted; none when nothing does. */
export function glob(process: Process, pattern: string, options: GlobOptions): string[] {
  const absolute = pattern.startsWith('/');
  const components = pattern.split('/').filter((part, i) => part !== '' || i === 0);
  const parts = absolute ? components.filter((part) => part !== '') : components;
  let found = [absolute ? '/' : ''];
  parts.forEach((part, i) => {
    found = found.flatMap((base) => step(process, base, part, i < parts.length - 1, options));
  });
  const wantsDirectory = pattern.endsWith('/') && parts.length > 0;
  const names = wantsDirectory ? found.filter((name) => isDirectory(process, name)).map((name) => `${name}/`) : found;
  return names.filter((name) => name !== '').sort(byCodePoint);
}

function step(process: Process, base: string, part: string, more: boolean, options: GlobOptions): string[] {
  if (part === '**' && options.globstar) return descend(process, base, more, options);
  if (!hasPattern(part)) {
    const name = base + unquotePattern(part);
    if (!process.machine.fs.lstat(process.path(name), process).ok) return [];
    return [more ? `${name}/` : name];
  }
  const matcher = new Pattern(part, { ignoreCase: options.nocaseglob });
  const names = list(process, base).filter(
    (name) =>
      (options.dotglob || part.startsWith('.') || part.startsWith('\\.') || !name.startsWith('.')) &&
      matcher.matches(name),
  );
  const paths = names.map((name) => base + name);
  return more ? paths.filter((path) => isDirectory(process, path)).map((path) => `${path}/`) : paths;
}

function descend(process: Process, base: string, more: boolean, options: GlobOptions): string[] {
  const found = more ? [base] : [];
  const todo = [base];
  for (let count = 0; todo.length > 0 && count < MAX_DIRECTORIES; count++) {
    const at = todo.shift() as string;
    for (const name of list(process, at)) {
      if (name.startsWith('.') && !options.dotglob) continue;
      const stat = process.machine.fs.lstat(process.path(at + name), process);
      const directory = stat.ok && stat.value.kind === 'directory';
      if (directory) todo.push(`${at}${name}/`);
      if (!more) found.push(at + name);
      else if (directory) found.push(`${at}${name}/`);
    }
  }
  return found;
}

function list(process: Process, base: string): string[] {
  const names = process.machine.fs.readdir(process.path(base === '' ? '.' : base), process);
  return names.ok ? names.value : [];
}

function isDirectory(process: Process, path: string): boolean {
  const stat = process.machine.fs.stat(process.path(path), process);
  return stat.ok && stat.value.kind === 'directory';
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
