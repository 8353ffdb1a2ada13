import { isTty, type Process, type Stat } from '../../os/index.ts';

/** The file operators of test(1) with one operand. Root may read and write everything, so -r and -w only ask whether it is there. */
export function fileTest(process: Process, op: string, operand: string): boolean {
  const { fs } = process.machine;
  const path = process.path(operand);
  if (op === '-t') return isTty(process.fds.get(Number(operand)));
  const stat =
    operand === ''
      ? undefined
      : resultOf(op === '-h' || op === '-L' ? fs.lstat(path, process) : fs.stat(path, process));
  if (stat === undefined) return false;
  switch (op) {
    case '-f':
      return stat.kind === 'file';
    case '-d':
      return stat.kind === 'directory';
    case '-h':
    case '-L':
      return stat.kind === 'symlink';
    case '-s':
      return stat.size > 0;
    case '-x':
      return stat.kind === 'directory' || (stat.mode & 0o111) !== 0;
    case '-p':
      return stat.kind === 'fifo';
    case '-c':
      return stat.kind === 'device';
    case '-k':
      return (stat.mode & 0o1000) !== 0;
    case '-g':
      return (stat.mode & 0o2000) !== 0;
    case '-u':
      return (stat.mode & 0o4000) !== 0;
    case '-S':
      return stat.kind === 'socket';
    case '-b':
      return false;
    default:
      return true;
  }
}

const resultOf = (result: { ok: true; value: Stat } | { ok: false }): Stat | undefined =>
  result.ok ? result.value : undefined;

export function compareFiles(process: Process, op: '-ef' | '-nt' | '-ot', left: string, right: string): boolean {
  const { fs } = process.machine;
  const a = resultOf(fs.stat(process.path(left), process));
  const b = resultOf(fs.stat(process.path(right), process));
  if (op === '-ef') return a !== undefined && b !== undefined && a.ino === b.ino;
  if (op === '-nt') return a !== undefined && (b === undefined || a.mtime > b.mtime);
  return b !== undefined && (a === undefined || a.mtime < b.mtime);
}
