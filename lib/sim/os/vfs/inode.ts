import { type Micros, type Result, WaitQueue } from '../../base/index.ts';
import type { OpenFile, Process, Program, Stat } from '../types.ts';

/**
 * What a name in a directory leads to. Content of regular files grows by doubling; `size` says how much of it counts.
 */
export type Inode = {
  readonly ino: number;
  mode: number;
  uid: number;
  gid: number;
  mtime: Micros;
  nlink: number;
} & Content;

export type Content =
  | FileContent
  | { readonly kind: 'directory'; readonly entries: Map<string, Inode>; parent: Inode | undefined }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'device'; readonly open: (opener: Process) => Result<OpenFile> }
  | { readonly kind: 'fifo'; ends: { reader: OpenFile; writer: OpenFile } | undefined };

export type FileContent = {
  readonly kind: 'file';
  data: Uint8Array;
  size: number;
  program: Program | undefined;
  readonly changed: WaitQueue;
};

export type DirectoryInode = Extract<Inode, { kind: 'directory' }>;
export type FileInode = Extract<Inode, { kind: 'file' }>;

export const emptyFile = (): FileContent => ({
  kind: 'file',
  data: new Uint8Array(0),
  size: 0,
  program: undefined,
  changed: new WaitQueue(),
});

export const emptyDirectory = (parent: Inode | undefined): Extract<Content, { kind: 'directory' }> => ({
  kind: 'directory',
  entries: new Map(),
  parent,
});

/** Programs of the simulator are files too: they have the size of a small binary. */
const PROGRAM_BYTES = 65_536;
const DIRECTORY_BYTES = 4_096;

export function statOf(inode: Inode): Stat {
  const { ino, mode, uid, gid, mtime, kind } = inode;
  return { kind, ino, mode, uid, gid, mtime, nlink: linksOf(inode), size: sizeOf(inode) };
}

function sizeOf(inode: Inode): number {
  if (inode.kind === 'file') return inode.program === undefined ? inode.size : PROGRAM_BYTES;
  if (inode.kind === 'symlink') return inode.target.length;
  return inode.kind === 'directory' ? DIRECTORY_BYTES : 0;
}

/** A directory is linked by its name, its `.` and each child's `..`. */
function linksOf(inode: Inode): number {
  if (inode.kind !== 'directory') return inode.nlink;
  return 2 + [...inode.entries.values()].filter((entry) => entry.kind === 'directory').length;
}
