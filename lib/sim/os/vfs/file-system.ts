import { done, type Errno, fail, invariant, type Micros, ok, type Result, type WaitQueue } from '../../base/index.ts';
import { bothEnds, createPipe, reopenPipe } from '../pipe.ts';
import { decodeText, encodeText } from '../text.ts';
import type { FileSystem, OpenFile, OpenFlags, Process, Program, Stat, TreeEntry, TreeProvider } from '../types.ts';
import { type DirectoryInode, emptyDirectory, emptyFile, type Inode, statOf } from './inode.ts';
import { OpenDirectory, RegularFile, TreeFile } from './open.ts';
import type { Storage } from './storage.ts';
import { components, type Entry, kindOf, type Place, parentPath, Walker } from './walk.ts';

/** The place where a name is made or removed: its directory on the disk, and the name. */
type Slot = {
  readonly directory: DirectoryInode;
  readonly name: string;
  readonly existing: Inode | undefined;
  readonly path: string;
};

/** The file system of a machine: a tree of inodes on its disk, with synthesised trees mounted into it. */
export class Vfs implements FileSystem {
  readonly #root: DirectoryInode;
  readonly #mounts = new Map<string, TreeProvider[]>();
  readonly #walker: Walker;

  constructor(readonly storage: Storage) {
    const root = storage.create(emptyDirectory(undefined), 0o755);
    invariant(root.ok && root.value.kind === 'directory', 'a disk has room for its root');
    this.#root = root.value;
    this.#walker = new Walker(this.#root, this.#mounts);
  }

  get usedBytes(): number {
    return this.storage.usedBytes;
  }

  // Looking

  #find(path: string, reader: Process | undefined, follow: boolean): Result<{ path: string; entry: Entry }> {
    const place = this.#walker.walk(path, reader, follow);
    if (!place.ok) return place;
    const { entry } = place.value;
    return entry === undefined ? fail('ENOENT') : ok({ path: place.value.path, entry });
  }

  stat(path: string, reader?: Process): Result<Stat> {
    const found = this.#find(path, reader, true);
    if (!found.ok) return found;
    const opened = openMagic(found.value.entry);
    if (opened !== undefined) return opened.ok ? ok(opened.value.stat?.() ?? statOfStream(opened.value)) : opened;
    return ok(this.#statOf(found.value));
  }

  lstat(path: string, reader?: Process): Result<Stat> {
    const found = this.#find(path, reader, false);
    return found.ok ? ok(this.#statOf(found.value)) : found;
  }

  #statOf({ path, entry }: { path: string; entry: Entry }): Stat {
    return entry.from === 'disk' ? statOf(entry.inode) : statOfTree(path, entry.tree, this.storage.now);
  }

  readdir(path: string, reader?: Process): Result<string[]> {
    const found = this.#find(path, reader, true);
    if (!found.ok) return found;
    const { entry } = found.value;
    if (entry.from === 'tree')
      return entry.tree.kind === 'directory' ? ok([...entry.tree.entries()].sort(byCodePoint)) : fail('ENOTDIR');
    return entry.inode.kind === 'directory' ? ok([...entry.inode.entries.keys()].sort(byCodePoint)) : fail('ENOTDIR');
  }

  readlink(path: string, reader?: Process): Result<string> {
    const found = this.#find(path, reader, false);
    if (!found.ok) return found;
    const { entry } = found.value;
    if (entry.from === 'disk') return entry.inode.kind === 'symlink' ? ok(entry.inode.target) : fail('EINVAL');
    return entry.tree.kind === 'symlink' ? ok(entry.tree.target()) : fail('EINVAL');
  }

  realpath(path: string, reader?: Process): Result<string> {
    const found = this.#find(path, reader, true);
    if (!found.ok) return found;
    const { entry } = found.value;
    return ok(entry.from === 'tree' && entry.tree.kind === 'symlink' ? entry.tree.target() : found.value.path);
  }

  changes(path: string): WaitQueue | undefined {
    const found = this.#find(path, undefined, true);
    return found.ok && found.value.entry.from === 'disk' && found.value.entry.inode.kind === 'file'
      ? found.value.entry.inode.changed
      : undefined;
  }

  executable(path: string, reader?: Process): ReturnType<FileSystem['executable']> {
    const found = this.#find(path, reader, true);
    if (!found.ok) return found;
    const { entry } = found.value;
    if (entry.from === 'tree' || entry.inode.kind !== 'file') return fail('EACCES');
    if ((entry.inode.mode & 0o111) === 0) return fail('EACCES');
    if (entry.inode.program !== undefined) return ok({ program: entry.inode.program });
    const head = decodeText(entry.inode.data.subarray(0, Math.min(entry.inode.size, 256)));
    const shebang = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*?)[ \t]*(\n|$)/.exec(head);
    if (shebang?.[1] === undefined) return ok('text');
    return ok(shebang[2] ? { interpreter: shebang[1], argument: shebang[2] } : { interpreter: shebang[1] });
  }

  // Opening

  open(path: string, flags: OpenFlags, opener: Process): Result<OpenFile> {
    const place = this.#walker.walk(path, opener, true);
    if (!place.ok) return place;
    const { entry } = place.value;
    if (entry === undefined)
      return flags.create === true ? this.#create(path, place.value, flags, opener) : fail('ENOENT');
    if (flags.create === true && flags.exclusive === true) return fail('EEXIST');
    return entry.from === 'disk'
      ? this.#openInode(place.value.path, entry.inode, flags, opener)
      : this.#openTree(place.value.path, entry.tree, flags);
  }

  #create(path: string, place: Place, flags: OpenFlags, opener: Process): Result<OpenFile> {
    if (path.endsWith('/')) return fail('EISDIR');
    const slot = this.#slot(place.path);
    if (!slot.ok) return slot;
    const made = this.#make(slot.value, emptyFile(), (flags.mode ?? 0o666) & ~opener.umask);
    return made.ok ? this.#openInode(place.path, made.value, flags, opener) : made;
  }

  #openInode(path: string, inode: Inode, flags: OpenFlags, opener: Process): Result<OpenFile> {
    if (inode.kind === 'device') return inode.open(opener);
    if (inode.kind === 'fifo') return ok(this.#openFifo(inode, flags));
    if (inode.kind === 'directory') return flags.write === true ? fail('EISDIR') : ok(new OpenDirectory(path, inode));
    invariant(inode.kind === 'file', 'a walk that follows links does not end at one');
    if (flags.truncate === true && flags.write === true) {
      const emptied = this.storage.truncate(inode, 0);
      if (!emptied.ok) return emptied;
    }
    return ok(new RegularFile(path, inode, flags, this.storage));
  }

  #openFifo(inode: Extract<Inode, { kind: 'fifo' }>, flags: OpenFlags): OpenFile {
    inode.ends ??= createPipe(this.storage.limits.pipeBytes, inode.ino);
    reopenPipe(inode.ends, flags.write === true ? 'writer' : 'reader');
    if (flags.read === true && flags.write === true) return bothEnds(inode.ends);
    return flags.write === true ? inode.ends.writer : inode.ends.reader;
  }

  #openTree(path: string, tree: TreeEntry, flags: OpenFlags): Result<OpenFile> {
    if (tree.kind === 'directory')
      return flags.write === true ? fail('EISDIR') : ok(new OpenDirectory(path, undefined));
    if (tree.kind === 'symlink') return tree.open?.() ?? fail('ENOENT');
    if (flags.write === true && tree.write === undefined) return fail('EACCES');
    if (flags.read === true && (tree.mode & 0o444) === 0) return fail('EACCES');
    return ok(new TreeFile(path, tree, flags, statOfTree(path, tree, this.storage.now)));
  }

  readFile(path: string, reader?: Process): Result<Uint8Array> {
    const found = this.#find(path, reader, true);
    if (!found.ok) return found;
    const { entry } = found.value;
    if (entry.from === 'tree') {
      if (entry.tree.kind !== 'file') return fail(entry.tree.kind === 'directory' ? 'EISDIR' : 'EINVAL');
      const text = entry.tree.read();
      return text.ok ? ok(encodeText(text.value)) : text;
    }
    if (entry.inode.kind === 'directory') return fail('EISDIR');
    return entry.inode.kind === 'file' ? ok(entry.inode.data.slice(0, entry.inode.size)) : fail('EINVAL');
  }

  writeFile(path: string, data: string | Uint8Array, options: { mode?: number; append?: boolean } = {}): Result<void> {
    const place = this.#walker.walk(path, undefined, true);
    if (!place.ok) return place;
    const bytes = typeof data === 'string' ? encodeText(data) : data;
    const { entry } = place.value;
    if (entry?.from === 'tree') {
      if (entry.tree.kind !== 'file' || entry.tree.write === undefined) return fail('EACCES');
      return entry.tree.write(decodeText(bytes));
    }
    const inode = entry === undefined ? this.#makeAt(place.value.path, options.mode ?? 0o644) : ok(entry.inode);
    if (!inode.ok) return inode;
    if (inode.value.kind !== 'file') return fail(inode.value.kind === 'directory' ? 'EISDIR' : 'EINVAL');
    if (options.append !== true) this.storage.truncate(inode.value, 0);
    const result = this.storage.write(inode.value, inode.value.size, bytes);
    if (!result.ok) return result;
    return result.value === bytes.length ? done : fail('ENOSPC');
  }

  #makeAt(path: string, mode: number): Result<Inode> {
    const slot = this.#slot(path);
    return slot.ok ? this.#make(slot.value, emptyFile(), mode) : slot;
  }

  // Changing the tree

  /** Precondition of the result: the directory is on the disk; `name` is neither `.` nor `..`. */
  #slot(path: string, reader?: Process): Result<Slot> {
    const parts = components(path);
    const name = parts.at(-1);
    if (name === undefined) return fail('EEXIST');
    if (name === '.' || name === '..') return fail('EINVAL');
    if (name.length > 255) return fail('ENAMETOOLONG');
    const parent = this.#find(`/${parts.slice(0, -1).join('/')}`, reader, true);
    if (!parent.ok) return parent;
    const { entry } = parent.value;
    if (kindOf(entry) !== 'directory') return fail('ENOTDIR');
    if (entry.from === 'tree') return fail(refusalOfTree(parent.value.path));
    if (entry.inode.kind !== 'directory') return fail('EPERM');
    const place = `${parent.value.path === '/' ? '' : parent.value.path}/${name}`;
    return ok({ directory: entry.inode, name, existing: entry.inode.entries.get(name), path: place });
  }

  #make(slot: Slot, content: Parameters<Storage['create']>[0], mode: number): Result<Inode> {
    if (slot.existing !== undefined || this.#mounts.has(slot.path)) return fail('EEXIST');
    const inode = this.storage.create(content, mode);
    if (inode.ok) this.#put(slot, inode.value);
    return inode;
  }

  #put(slot: Slot, inode: Inode): void {
    slot.directory.entries.set(slot.name, inode);
    slot.directory.mtime = this.storage.now;
  }

  #remove(slot: Slot, inode: Inode): void {
    slot.directory.entries.delete(slot.name);
    slot.directory.mtime = this.storage.now;
    this.storage.unlinked(inode);
  }

  mkdir(path: string, options: { mode?: number; parents?: boolean } = {}): Result<void> {
    if (options.parents === true) {
      const existing = this.stat(path);
      if (existing.ok) return existing.value.kind === 'directory' ? done : fail('EEXIST');
      if (parentPath(path) !== '/') {
        const parent = this.mkdir(parentPath(path.replace(/\/+$/, '')), { parents: true });
        if (!parent.ok) return parent;
      }
    }
    const slot = this.#slot(path);
    if (!slot.ok) return slot;
    const made = this.#make(slot.value, emptyDirectory(slot.value.directory), options.mode ?? 0o755);
    return made.ok ? done : made;
  }

  rmdir(path: string): Result<void> {
    if (/(^|\/)\.\/*$/.test(path)) return fail('EINVAL');
    const slot = this.#slot(path);
    if (!slot.ok) return slot;
    const { existing } = slot.value;
    if (existing === undefined) return fail('ENOENT');
    if (existing.kind !== 'directory') return fail('ENOTDIR');
    if (this.#mounts.has(slot.value.path)) return fail('EBUSY');
    if (existing.entries.size > 0) return fail('ENOTEMPTY');
    this.#remove(slot.value, existing);
    return done;
  }

  unlink(path: string): Result<void> {
    const slot = this.#slot(path);
    if (!slot.ok) return slot;
    const { existing } = slot.value;
    if (existing === undefined) return fail('ENOENT');
    if (existing.kind === 'directory') return fail('EISDIR');
    if (path.endsWith('/')) return fail('ENOTDIR');
    this.#remove(slot.value, existing);
    return done;
  }

  rename(from: string, to: string): Result<void> {
    const source = this.#slot(from);
    if (!source.ok) return source;
    const moved = source.value.existing;
    if (moved === undefined) return fail('ENOENT');
    const target = this.#slot(to);
    if (!target.ok) return target;
    const replaced = target.value.existing;
    if (replaced === moved) return done;
    if (moved.kind === 'directory' && isWithin(target.value.directory, moved)) return fail('EINVAL');
    if (replaced !== undefined) {
      if (replaced.kind === 'directory' && moved.kind !== 'directory') return fail('EISDIR');
      if (replaced.kind !== 'directory' && moved.kind === 'directory') return fail('ENOTDIR');
      if (replaced.kind === 'directory' && replaced.entries.size > 0) return fail('ENOTEMPTY');
      this.#remove(target.value, replaced);
    }
    source.value.directory.entries.delete(source.value.name);
    source.value.directory.mtime = this.storage.now;
    this.#put(target.value, moved);
    if (moved.kind === 'directory') moved.parent = target.value.directory;
    return done;
  }

  symlink(target: string, path: string): Result<void> {
    if (target === '') return fail('ENOENT');
    const slot = this.#slot(path);
    if (!slot.ok) return slot;
    const made = this.#make(slot.value, { kind: 'symlink', target }, 0o777);
    return made.ok ? done : made;
  }

  link(existing: string, path: string): Result<void> {
    const source = this.#find(existing, undefined, false);
    if (!source.ok) return source;
    const { entry } = source.value;
    if (entry.from === 'tree') return fail('EXDEV');
    if (entry.inode.kind === 'directory') return fail('EPERM');
    const slot = this.#slot(path);
    if (!slot.ok) return slot;
    if (slot.value.existing !== undefined) return fail('EEXIST');
    entry.inode.nlink++;
    this.#put(slot.value, entry.inode);
    return done;
  }

  mkfifo(path: string, mode = 0o644): Result<void> {
    const slot = this.#slot(path);
    if (!slot.ok) return slot;
    const made = this.#make(slot.value, { kind: 'fifo', ends: undefined }, mode);
    return made.ok ? done : made;
  }

  chmod(path: string, mode: number): Result<void> {
    return this.#change(path, (inode) => {
      inode.mode = mode & 0o7777;
    });
  }

  chown(path: string, uid: number, gid: number): Result<void> {
    return this.#change(path, (inode) => {
      inode.uid = uid;
      inode.gid = gid;
    });
  }

  touch(path: string, mtime: Micros): Result<void> {
    return this.#change(path, (inode) => {
      inode.mtime = mtime;
    });
  }

  #change(path: string, change: (inode: Inode) => void): Result<void> {
    const found = this.#find(path, undefined, true);
    if (!found.ok) return found;
    if (found.value.entry.from === 'tree') return fail('EPERM');
    change(found.value.entry.inode);
    return done;
  }

  // Setting up

  mount(path: string, provider: TreeProvider): void {
    if (!this.stat(path).ok) this.mkdir(path, { parents: true });
    this.#mounts.set(path, [...(this.#mounts.get(path) ?? []), provider]);
  }

  installProgram(path: string, program: Program): void {
    let slot = this.#slot(path);
    if (!slot.ok) {
      this.mkdir(parentPath(path), { parents: true });
      slot = this.#slot(path);
    }
    invariant(slot.ok, `no directory for ${path}`);
    if (slot.value.existing !== undefined) this.#remove(slot.value, slot.value.existing);
    const made = this.#make({ ...slot.value, existing: undefined }, { ...emptyFile(), program }, 0o755);
    invariant(made.ok, `no room for ${path}`);
  }

  /** mknod(2) for a character device. */
  installDevice(path: string, open: (opener: Process) => Result<OpenFile>, mode = 0o666): void {
    const slot = this.#slot(path);
    invariant(slot.ok, `no directory for ${path}`);
    const made = this.#make(slot.value, { kind: 'device', open }, mode);
    invariant(made.ok, `cannot make ${path}`);
  }
}

function openMagic(entry: Entry): Result<OpenFile> | undefined {
  return entry.from === 'tree' && entry.tree.kind === 'symlink' ? entry.tree.open?.() : undefined;
}

/** Inode numbers of synthesised entries: a hash of their path, away from the disk's own. */
function treeIno(path: string): number {
  let hash = 0;
  for (let i = 0; i < path.length; i++) hash = (Math.imul(hash, 31) + path.charCodeAt(i)) | 0;
  return 0x1_0000_0000 + (hash >>> 0);
}

function statOfTree(path: string, tree: TreeEntry, now: Micros): Stat {
  const mode = tree.kind === 'directory' ? 0o555 : tree.kind === 'symlink' ? 0o777 : tree.mode;
  return {
    kind: tree.kind,
    ino: treeIno(path),
    mode,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: now,
    nlink: tree.kind === 'directory' ? 2 : 1,
  };
}

function statOfStream(file: OpenFile): Stat {
  const kind = file.kind === 'pipe' ? 'fifo' : file.kind === 'tty' ? 'device' : file.kind;
  return {
    kind,
    ino: treeIno(file.path),
    mode: kind === 'fifo' ? 0o600 : kind === 'socket' ? 0o777 : 0o620,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: 0,
    nlink: 1,
  };
}

function isWithin(directory: DirectoryInode, ancestor: Inode): boolean {
  for (let at: Inode | undefined = directory; at?.kind === 'directory'; at = at.parent)
    if (at === ancestor) return true;
  return false;
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Nothing can be made in procfs, which knows no such name, nor in sysfs, which lets nobody. */
function refusalOfTree(path: string): Errno {
  if (path === '/proc' || path.startsWith('/proc/')) return 'ENOENT';
  return path === '/sys' || path.startsWith('/sys/') ? 'EACCES' : 'EPERM';
}
