import { fail, type Micros, ok, type Result } from '../../base/index.ts';
import type { Limits } from '../types.ts';
import type { Content, FileInode, Inode } from './inode.ts';

const TICK = 4_000;

type Clock = { readonly now: Micros };

/** The disk: gives out inodes and bytes, and keeps to the machine's limits (ENOSPC and EFBIG, as a real one would). */
export class Storage {
  usedBytes = 0;
  inodes = 0;
  #nextIno = 2;

  constructor(
    readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  /** Files take their times from the kernel's coarse clock, which moves with the timer tick (250 Hz). */
  get now(): Micros {
    return Math.floor(this.clock.now / TICK) * TICK;
  }

  newIno(): number {
    return this.#nextIno++;
  }

  create(content: Content, mode: number): Result<Inode> {
    if (this.inodes >= this.limits.inodes) return fail('ENOSPC');
    this.inodes++;
    return ok({ ino: this.newIno(), mode, uid: 0, gid: 0, mtime: this.now, nlink: 1, ...content });
  }

  /** A name of the inode is gone; with the last one go its bytes. */
  unlinked(inode: Inode): void {
    inode.nlink--;
    if (inode.nlink > 0) return;
    this.inodes--;
    if (inode.kind === 'file') this.usedBytes -= inode.size;
  }

  /** pwrite(2): as many bytes as the limits allow, an error when that is none. */
  write(file: FileInode, at: number, bytes: Uint8Array): Result<number> {
    if (at >= this.limits.fileBytes && bytes.length > 0) return fail('EFBIG');
    const wanted = Math.min(bytes.length, this.limits.fileBytes - at);
    const room = this.limits.totalFileBytes - this.usedBytes + Math.max(0, file.size - at);
    const count = Math.min(wanted, room);
    if (count <= 0 && bytes.length > 0) return fail('ENOSPC');
    const end = at + count;
    grow(file, end);
    file.data.set(bytes.subarray(0, count), at);
    this.#resized(file, Math.max(file.size, end));
    return ok(count);
  }

  truncate(file: FileInode, size: number): Result<void> {
    if (size > this.limits.fileBytes) return fail('EFBIG');
    if (size - file.size > this.limits.totalFileBytes - this.usedBytes) return fail('ENOSPC');
    grow(file, size);
    file.data.fill(0, Math.min(size, file.size));
    if (size === 0) file.data = new Uint8Array(0);
    this.#resized(file, size);
    return ok(undefined);
  }

  #resized(file: FileInode, size: number): void {
    this.usedBytes += size - file.size;
    file.size = size;
    file.mtime = this.now;
    file.program = undefined;
    file.changed.wake();
  }
}

function grow(file: FileInode, size: number): void {
  if (size <= file.data.length) return;
  const data = new Uint8Array(Math.max(size, file.data.length * 2, 256));
  data.set(file.data.subarray(0, file.size));
  file.data = data;
}
