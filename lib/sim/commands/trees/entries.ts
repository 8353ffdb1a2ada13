import { type KernelError, ok, type Result } from '../../base/index.ts';
import type { TreeEntry } from '../../os/index.ts';

export const directory = (entries: () => string[]): TreeEntry => ({ kind: 'directory', entries });
export const symlink = (target: () => string): TreeEntry => ({ kind: 'symlink', target });
export const file = (read: () => string): TreeEntry => ({ kind: 'file', mode: 0o444, read: () => ok(read()) });
export const fallible = (read: () => Result<string>): TreeEntry => ({ kind: 'file', mode: 0o444, read });
export const writable = (
  read: () => Result<string>,
  write: (text: string) => Result<void, KernelError>,
  mode = 0o644,
): TreeEntry => ({ kind: 'file', mode, read, write });
