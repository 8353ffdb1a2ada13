import { fail, ok, type Result } from '../../base/index.ts';
import type { Process, TreeEntry, TreeProvider } from '../types.ts';
import type { Inode } from './inode.ts';

/**
 * Where a path leads (path_resolution(7)): to an inode of the disk, or to an entry of a mounted tree. `path` is canonical:
 * no symbolic links, `.` or `..` in it. `entry` is undefined where only the last component does not exist.
 */
export type Place = { readonly path: string; readonly entry: Entry | undefined };

export type Entry =
  | { readonly from: 'disk'; readonly inode: Inode }
  /** `mount`: where the tree is mounted that has it. */
  | { readonly from: 'tree'; readonly tree: TreeEntry; readonly mount: string };

export type Mounts = ReadonlyMap<string, readonly TreeProvider[]>;

/** Linux's MAXSYMLINKS. */
const MAX_LINKS = 40;
const NAME_MAX = 255;
const PATH_MAX = 4_096;

export class Walker {
  constructor(
    private readonly root: Inode,
    private readonly mounts: Mounts,
  ) {}

  /** `follow`: a symbolic link at the end is followed too. */
  walk(path: string, reader: Process | undefined, follow: boolean): Result<Place> {
    if (path === '') return fail('ENOENT');
    if (path.length >= PATH_MAX) return fail('ENAMETOOLONG');
    const todo = components(path);
    const mustBeDirectory = path.endsWith('/') || path.endsWith('/.');
    let at: Place = { path: '/', entry: this.at('/', undefined, reader) };
    let links = 0;
    while (todo.length > 0) {
      const there = mustBeDirectory ? undefined : this.straight(at, todo, reader);
      if (there !== undefined) return ok(there);
      const name = todo.shift() as string;
      if (at.entry === undefined) return fail('ENOENT');
      if (kindOf(at.entry) !== 'directory') return fail('ENOTDIR');
      if (name === '.') continue;
      if (name.length > NAME_MAX) return fail('ENAMETOOLONG');
      if (name === '..') {
        at = this.canonical(parentPath(at.path), reader);
        continue;
      }
      const next: Place = this.child(at, name, reader);
      const target = linkTarget(next.entry);
      if (target === undefined || (todo.length === 0 && !follow && !mustBeDirectory)) at = next;
      else if (todo.length === 0 && isMagic(next.entry)) return ok(next);
      else {
        if (++links > MAX_LINKS) return fail('ELOOP');
        todo.unshift(...components(target));
        if (target.startsWith('/')) at = this.canonical('/', reader);
      }
    }
    if (mustBeDirectory && at.entry !== undefined && kindOf(at.entry) !== 'directory') return fail('ENOTDIR');
    return ok(at);
  }

  /** All that is left of a path in one step, from the mount of a plain tree; undefined: it has to be walked. */
  private straight(at: Place, todo: readonly string[], reader: Process | undefined): Place | undefined {
    const { entry } = at;
    if (entry?.from !== 'tree' || entry.mount !== at.path) return undefined;
    const [only, ...others] = this.mounts.get(entry.mount) ?? [];
    if (only?.plain !== true || others.length > 0) return undefined;
    const inside = todo.join('/');
    const tree = todo.includes('..') ? undefined : only.lookup(inside, reader);
    return tree === undefined ? undefined : { path: `${at.path}/${inside}`, entry: { ...entry, tree } };
  }

  /** A canonical path's place, without following anything. */
  canonical(path: string, reader: Process | undefined): Place {
    let at: Place = { path: '/', entry: this.at('/', { from: 'disk', inode: this.root }, reader) };
    for (const name of components(path)) at = this.child(at, name, reader);
    return at;
  }

  private child(parent: Place, name: string, reader: Process | undefined): Place {
    const path = parent.path === '/' ? `/${name}` : `${parent.path}/${name}`;
    const bound = reader?.namespaces.binds.get(path);
    if (bound !== undefined) return { path, entry: this.canonical(bound, undefined).entry };
    const { entry } = parent;
    if (entry?.from === 'disk' && entry.inode.kind === 'directory') {
      const inode = entry.inode.entries.get(name);
      return { path, entry: this.at(path, inode === undefined ? undefined : { from: 'disk', inode }, reader) };
    }
    const inside = entry?.from === 'tree' ? this.inTree(entry.mount, path, reader) : undefined;
    return { path, entry: this.at(path, inside, reader) };
  }

  /** What is at a path: what is mounted there hides what was. */
  private at(path: string, below: Entry | undefined, reader: Process | undefined): Entry | undefined {
    const providers = this.mounts.get(path);
    if (providers !== undefined) return this.merged(providers, path, '', reader);
    return path === '/' ? { from: 'disk', inode: this.root } : below;
  }

  private inTree(mount: string, path: string, reader: Process | undefined): Entry | undefined {
    const providers = this.mounts.get(mount);
    return providers === undefined ? undefined : this.merged(providers, mount, path.slice(mount.length + 1), reader);
  }

  /** The first provider's answer; directories that several have are shown as one. */
  private merged(
    providers: readonly TreeProvider[],
    mount: string,
    path: string,
    reader: Process | undefined,
  ): Entry | undefined {
    const [only, ...others] = providers;
    if (only !== undefined && others.length === 0) {
      const tree = only.lookup(path, reader);
      return tree === undefined ? undefined : { from: 'tree', tree, mount };
    }
    const found = providers.map((provider) => provider.lookup(path, reader)).filter((entry) => entry !== undefined);
    const [first] = found;
    if (first === undefined) return undefined;
    const directories = found.filter((entry) => entry.kind === 'directory');
    if (first.kind !== 'directory' || directories.length === 1) return { from: 'tree', tree: first, mount };
    const entries = () => [...new Set(directories.flatMap((directory) => directory.entries()))];
    return { from: 'tree', tree: { kind: 'directory', entries }, mount };
  }
}

export function components(path: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < path.length; ) {
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    if (end > start) parts.push(path.slice(start, end));
    start = end + 1;
  }
  return parts;
}

export const parentPath = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

export const kindOf = (entry: Entry): Inode['kind'] => (entry.from === 'disk' ? entry.inode.kind : entry.tree.kind);

function linkTarget(entry: Entry | undefined): string | undefined {
  if (entry?.from === 'disk') return entry.inode.kind === 'symlink' ? entry.inode.target : undefined;
  return entry?.tree.kind === 'symlink' ? entry.tree.target() : undefined;
}

const isMagic = (entry: Entry | undefined): boolean =>
  entry?.from === 'tree' && entry.tree.kind === 'symlink' && entry.tree.open !== undefined;
