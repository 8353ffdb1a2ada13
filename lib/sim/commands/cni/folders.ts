import type { FileSystem } from '../../os/index.ts';
import { CniError } from './error.ts';
import { pathError } from './go-text.ts';

/** os.MkdirAll: a folder and those above it. Something else in their place is named. Throws CniError. */
export function makeFolders(fs: FileSystem, path: string, mode: number): void {
  const parts = path.split('/').filter((part) => part !== '');
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = `/${parts.slice(0, depth).join('/')}`;
    const there = fs.stat(folder);
    if (there.ok && there.value.kind === 'directory') continue;
    if (there.ok) throw new CniError(pathError('mkdir', folder, 'ENOTDIR'));
    const made = fs.mkdir(folder, { mode });
    if (!made.ok) throw new CniError(pathError('mkdir', folder, made.error.errno));
  }
}
