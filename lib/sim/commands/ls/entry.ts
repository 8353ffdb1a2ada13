import { ok, type Result } from '../../base/index.ts';
import type { Process, Stat } from '../../os/index.ts';
import type { Parsed } from '../getopt.ts';

/** One name to be listed, with what lstat(2) says of it and what it leads to. */
export type Entry = {
  readonly name: string;
  readonly stat: Stat;
  /** Where a link leads; the entry itself where it is no link or leads nowhere. */
  readonly followed: Stat;
  readonly target: string | undefined;
  readonly broken: boolean;
};

export function entryOf(process: Process, path: string, name: string, dereference: boolean): Result<Entry> {
  const { fs } = process.machine;
  const own = fs.lstat(path, process);
  if (!own.ok) return own;
  const followed = own.value.kind === 'symlink' ? fs.stat(path, process) : own;
  const link = own.value.kind === 'symlink' ? fs.readlink(path, process) : undefined;
  const stat = dereference && followed.ok ? followed.value : own.value;
  return ok({
    name,
    stat,
    followed: followed.ok ? followed.value : own.value,
    target: link?.ok === true && stat.kind === 'symlink' ? link.value : undefined,
    broken: !followed.ok,
  });
}

/** In bytes of their names (the C locale), or by what the options say. */
export function sortEntries(entries: readonly Entry[], parsed: Parsed): Entry[] {
  if (parsed.has('-U') || parsed.has('-f')) return [...entries];
  const key = parsed.given.findLast(({ flag }) => ['-S', '-t', '-v', '-X'].includes(flag))?.flag;
  const sorted = [...entries].sort((a, b) => compareBy(key, a, b) || byName(a.name, b.name));
  if (parsed.has('-r')) sorted.reverse();
  if (!parsed.has('--group-directories-first')) return sorted;
  return [
    ...sorted.filter((entry) => entry.followed.kind === 'directory'),
    ...sorted.filter((entry) => entry.followed.kind !== 'directory'),
  ];
}

function compareBy(key: string | undefined, a: Entry, b: Entry): number {
  switch (key) {
    case '-S':
      return b.stat.size - a.stat.size;
    case '-t':
      return b.stat.mtime - a.stat.mtime;
    case '-X':
      return byName(extension(a.name), extension(b.name));
    case '-v':
      return byVersion(a.name, b.name);
    default:
      return 0;
  }
}

const extension = (name: string): string => (name.lastIndexOf('.') > 0 ? name.slice(name.lastIndexOf('.')) : '');

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Runs of digits compare as numbers. */
function byVersion(a: string, b: string): number {
  const parts = (name: string) => name.split(/(\d+)/);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    const difference = i % 2 === 1 ? Number(x) - Number(y) : byName(x, y);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
