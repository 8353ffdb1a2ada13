import { fail, ok, type Result } from '../../base/index.ts';
import { Description, takeUntil } from '../open-file.ts';
import { decodeText, encodeText } from '../text.ts';
import type { OpenFlags, Stat, TreeEntry } from '../types.ts';
import { type DirectoryInode, type FileInode, statOf } from './inode.ts';
import type { Storage } from './storage.ts';

/** An open regular file: its position is shared by every descriptor made from it. */
export class RegularFile extends Description {
  readonly kind = 'file';
  #position = 0;

  constructor(
    readonly path: string,
    private readonly file: FileInode,
    private readonly flags: OpenFlags,
    private readonly storage: Storage,
  ) {
    super(file.changed);
  }

  read(size: number, delimiter?: number): Result<Uint8Array | 'eof'> {
    if (this.flags.read !== true) return fail('EBADF');
    const { file } = this;
    if (this.#position >= file.size) return ok('eof');
    const rest = file.data.subarray(this.#position, file.size);
    const count = takeUntil(rest, size, delimiter);
    this.#position += count;
    return ok(rest.slice(0, count));
  }

  write(data: Uint8Array): Result<number> {
    if (this.flags.write !== true) return fail('EBADF');
    if (this.flags.append === true) this.#position = this.file.size;
    const result = this.storage.write(this.file, this.#position, data);
    if (result.ok) this.#position += result.value;
    return result;
  }

  stat(): Stat {
    return statOf(this.file);
  }

  seek(offset: number): void {
    this.#position = offset;
  }

  truncate(size: number): Result<void> {
    return this.storage.truncate(this.file, size);
  }
}

export class OpenDirectory extends Description {
  readonly kind = 'directory';

  constructor(
    readonly path: string,
    private readonly inode: DirectoryInode | undefined,
  ) {
    super();
  }

  read(): Result<'eof'> {
    return fail('EISDIR');
  }

  write(): Result<number> {
    return fail('EBADF');
  }

  stat(): Stat {
    if (this.inode !== undefined) return statOf(this.inode);
    return { kind: 'directory', ino: 1, mode: 0o555, uid: 0, gid: 0, size: 0, mtime: 0, nlink: 2 };
  }
}

type TreeFileEntry = Extract<TreeEntry, { kind: 'file' }>;

/** A file of a synthesised tree: read once at the first read, each write handed to the provider (as sysctls take them). */
export class TreeFile extends Description {
  readonly kind = 'file';
  #content: Uint8Array | undefined;
  #position = 0;

  constructor(
    readonly path: string,
    private readonly entry: TreeFileEntry,
    private readonly flags: OpenFlags,
    private readonly info: Stat,
  ) {
    super();
  }

  read(size: number, delimiter?: number): Result<Uint8Array | 'eof'> {
    if (this.flags.read !== true) return fail('EBADF');
    if (this.#content === undefined) {
      const text = this.entry.read();
      if (!text.ok) return text;
      this.#content = encodeText(text.value);
    }
    if (this.#position >= this.#content.length) return ok('eof');
    const rest = this.#content.subarray(this.#position);
    const count = takeUntil(rest, size, delimiter);
    this.#position += count;
    return ok(rest.subarray(0, count));
  }

  write(data: Uint8Array): Result<number> {
    if (this.flags.write !== true || this.entry.write === undefined) return fail('EBADF');
    const result = this.entry.write(decodeText(data));
    return result.ok ? ok(data.length) : result;
  }

  stat(): Stat {
    return this.info;
  }
}
