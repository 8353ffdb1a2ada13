import { strerror } from '../../base/index.ts';
import { type Process, strftime, type Wait } from '../../os/index.ts';
import { quoted } from '../coreutils.ts';
import { modeText, ownerName } from '../ownership.ts';
import { startFailure, startProgram } from '../start-program.ts';
import type { Action, Found } from './expression.ts';

// biome-ignore lint/correctness/useYield: an action without anything to flush
const nothing = function* (): Generator<Wait, number, void> {
  return 0;
};

export const printAction = (end: string): Action => ({
  *run(process, found) {
    yield* process.print(found.path + end);
    return true;
  },
  flush: nothing,
});

const LETTERS = { file: 'f', directory: 'd', symlink: 'l', device: 'c', fifo: 'p', socket: 's' } as const;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', '0': '\0', '\\': '\\', r: '\r', a: '\x07' };

export function printfAction(format: string): Action {
  return {
    *run(process, found) {
      const text = format.replace(
        /\\([ntr0a\\])|%([-0]?\d*)([A-Za-z%])([+@A-Za-z]?)/g,
        (all, escape: string | undefined, width: string, letter: string, second: string) => {
          if (escape !== undefined) return ESCAPES[escape] ?? all;
          const isTime = letter === 'T' || letter === 'A' || letter === 'C';
          const value = directive(process, found, letter, second);
          if (value === undefined) return all;
          const size = Number(width.replace(/^[-0]/, ''));
          return (width.startsWith('-') ? value.padEnd(size) : value.padStart(size)) + (isTime ? '' : second);
        },
      );
      yield* process.print(text);
      return true;
    },
    flush: nothing,
  };
}

function directive(
  process: Process,
  { path, root, depth, stat }: Found,
  letter: string,
  second: string,
): string | undefined {
  const micros = process.machine.epoch + stat.mtime;
  const base = path.replace(/(?<=.)\/+$/, '').replace(/.*\/(?=.)/, '');
  switch (letter) {
    case '%':
      return '%';
    case 'p':
      return path;
    case 'P':
      return path === root ? '' : path.slice(root.length).replace(/^\//, '');
    case 'f':
      return base;
    case 'h':
      return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
    case 'H':
      return root;
    case 'd':
      return String(depth);
    case 's':
      return String(stat.size);
    case 'm':
      return stat.mode.toString(8);
    case 'M':
      return modeText(stat);
    case 'y':
      return LETTERS[stat.kind];
    case 'i':
      return String(stat.ino);
    case 'n':
      return String(stat.nlink);
    case 'u':
      return ownerName(process, '/etc/passwd', stat.uid);
    case 'g':
      return ownerName(process, '/etc/group', stat.gid);
    case 'U':
      return String(stat.uid);
    case 'G':
      return String(stat.gid);
    case 'l': {
      const target = stat.kind === 'symlink' ? process.machine.fs.readlink(process.path(path), process) : undefined;
      return target?.ok === true ? target.value : '';
    }
    case 't':
      return strftime('%a %b %e %H:%M:%S.%N0 %Y', micros);
    case 'T':
      return second === '@'
        ? `${(micros / 1_000_000).toFixed(6)}0000`
        : second === '+'
          ? strftime('%Y-%m-%d+%H:%M:%S.%N0', micros)
          : strftime(`%${second}`, micros);
    default:
      return undefined;
  }
}

export const listAction = (): Action => ({
  *run(process, found) {
    const { stat, path } = found;
    const blocks = stat.kind === 'file' || stat.kind === 'directory' ? Math.ceil(stat.size / 4_096) * 4 : 0;
    const target = stat.kind === 'symlink' ? process.machine.fs.readlink(process.path(path), process) : undefined;
    const owner = `${ownerName(process, '/etc/passwd', stat.uid).padEnd(8)} ${ownerName(process, '/etc/group', stat.gid).padEnd(8)}`;
    const time = strftime('%b %e %H:%M', process.machine.epoch + stat.mtime);
    yield* process.print(
      `${String(stat.ino).padStart(9)} ${String(blocks).padStart(6)} ${modeText(stat)} ${String(stat.nlink).padStart(3)} ${owner} ${String(stat.size).padStart(8)} ${time} ${path}${target?.ok === true ? ` -> ${target.value}` : ''}\n`,
    );
    return true;
  },
  flush: nothing,
});

export const deleteAction = (): Action => ({
  *run(process, found) {
    if (found.path === '.') return true;
    const { fs } = process.machine;
    const path = process.path(found.path);
    const removed = found.stat.kind === 'directory' ? fs.rmdir(path) : fs.unlink(path);
    if (removed.ok) return true;
    yield* process.printError(`find: cannot delete ${quoted(found.path)}: ${strerror(removed.error.errno)}\n`);
    return 'failed';
  },
  flush: nothing,
});

/** Names that one `-exec … +` passes at most at once. */
const BATCH = 1_000;

export function execAction(argv: readonly string[], batched: boolean): Action {
  const waiting: string[] = [];
  return {
    *run(process, found) {
      if (!batched)
        return (
          (yield* execute(
            process,
            argv.map((word) => word.replaceAll('{}', found.path)),
          )) === 0
        );
      waiting.push(found.path);
      if (waiting.length >= BATCH)
        return (yield* execute(process, [...argv, ...waiting.splice(0)])) === 0 ? true : 'failed';
      return true;
    },
    *flush(process) {
      return waiting.length === 0 ? 0 : yield* execute(process, [...argv, ...waiting.splice(0)]);
    },
  };
}

function* execute(process: Process, argv: readonly string[]): Generator<Wait, number, void> {
  const child = startProgram(process, argv);
  if (child.ok) return yield* process.wait(child.value);
  yield* process.printError(`find: ${quoted(argv[0] as string)}: ${strerror(child.error.errno)}\n`);
  return startFailure(child.error.errno);
}
