import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Problem } from '../bootstrap/say.mjs';

/** Creates DATA_DIR and writes a file there and removes it: the only test of a disk that means anything. */
export function requireWritable(dataDir: string): void {
  const probe = join(dataDir, `.write-test-${process.pid}`);
  try {
    makeFolder(resolve(dataDir));
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (error) {
    throw new Problem(
      6,
      `Cannot write to the data folder ${dataDir} (${reason(error)}).`,
      'Learners’ progress is kept there. Make it writable for this user, or choose another: DATA_DIR=/path npm start',
    );
  }
}

/** With those above it. Not `recursive`: below a folder that lists and takes nothing, as /proc is, that never returns. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

const REASONS: Record<string, string> = {
  ENOENT: 'no folder can be made there',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'part of the path is a file',
  EEXIST: 'a file of that name is in the way',
};

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? (error as Error).message;
}
