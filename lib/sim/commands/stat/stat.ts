import { strerror } from '../../base/index.ts';
import { type Process, type Stat, strftime, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { modeText, ownerName } from '../ownership.ts';
import { quoteName, shellName } from '../quoting.ts';

/** stat of GNU coreutils 9.1. */
export const stat: CommandSpec = {
  ...program('stat', 'display file or file system status', [
    option('-L --dereference', 'follow links'),
    option('-c --format', 'use the specified FORMAT instead of the default', 'FORMAT'),
    option(
      '--printf',
      'like --format, but interpret backslash escapes and do not output a mandatory trailing newline',
      'FORMAT',
    ),
    missing('-f --file-system', 'display file system status instead of file status'),
    missing('-t --terse', 'print the information in terse form'),
    missing('--cached', 'specify how to use cached attributes', 'MODE'),
  ]),
  run,
};

const KINDS: Record<Stat['kind'], string> = {
  file: 'regular file',
  directory: 'directory',
  symlink: 'symbolic link',
  device: 'character special file',
  fifo: 'fifo',
  socket: 'socket',
};

const kindOf = (info: Stat): string =>
  info.kind === 'file' && info.size === 0 ? 'regular empty file' : KINDS[info.kind];
const blocksOf = (info: Stat): number =>
  info.kind === 'file' || info.kind === 'directory' ? Math.ceil(info.size / 4_096) * 8 : 0;
const octal = (mode: number): string => mode.toString(8);

type File = { readonly name: string; readonly info: Stat; readonly target: string | undefined };

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, stat);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) return yield* usageError(process, 'stat', 'missing operand');
  const { fs } = process.machine;
  let status = 0;
  for (const name of parsed.operands) {
    const path = process.path(name);
    const info = parsed.has('-L') ? fs.stat(path, process) : fs.lstat(path, process);
    if (!info.ok) {
      yield* process.printError(`stat: cannot statx ${quoteName(name)}: ${strerror(info.error.errno)}\n`);
      status = 1;
      continue;
    }
    const link = info.value.kind === 'symlink' ? fs.readlink(path, process) : undefined;
    const file: File = { name, info: info.value, target: link?.ok === true ? link.value : undefined };
    const format = parsed.value('-c');
    const printf = parsed.value('--printf');
    if (printf !== undefined) yield* process.print(expand(process, unescape(printf), file));
    else yield* process.print(format === undefined ? describe(process, file) : `${expand(process, format, file)}\n`);
  }
  return status;
}

const unescape = (format: string): string =>
  format.replace(
    /\\([ntr\\0])/g,
    (_, letter: string) => ({ n: '\n', t: '\t', r: '\r', '\\': '\\', 0: '\0' })[letter] ?? letter,
  );

function expand(process: Process, format: string, file: File): string {
  return format.replace(/%([-0#+ ]*\d*(?:\.\d+)?)([a-zA-Z%])/g, (all, width: string, letter: string) => {
    const value = fieldOf(process, file, letter);
    if (value === undefined) return all;
    const size = Number(/\d+/.exec(width.replace(/^[-0#+ ]*/, ''))?.[0] ?? 0);
    if (width.includes('-')) return value.padEnd(size);
    return value.padStart(size, width.startsWith('0') ? '0' : ' ');
  });
}

function fieldOf(process: Process, { name, info, target }: File, letter: string): string | undefined {
  const micros = process.machine.epoch + info.mtime;
  switch (letter) {
    case '%':
      return '%';
    case 'a':
      return octal(info.mode);
    case 'A':
      return modeText(info);
    case 'b':
      return String(blocksOf(info));
    case 'B':
      return '512';
    case 'd':
      return '65025';
    case 'f':
      return (
        { file: 0o100000, directory: 0o040000, symlink: 0o120000, device: 0o020000, fifo: 0o010000, socket: 0o140000 }[
          info.kind
        ] | info.mode
      ).toString(16);
    case 'F':
      return kindOf(info);
    case 'g':
      return String(info.gid);
    case 'G':
      return ownerName(process, '/etc/group', info.gid);
    case 'h':
      return String(info.nlink);
    case 'i':
      return String(info.ino);
    case 'm':
      return '/';
    case 'n':
      return name;
    case 'N':
      return `${quoteName(name)}${target === undefined ? '' : ` -> ${quoteName(target)}`}`;
    case 'o':
      return '4096';
    case 's':
      return String(info.size);
    case 't':
    case 'T':
      return '0';
    case 'u':
      return String(info.uid);
    case 'U':
      return ownerName(process, '/etc/passwd', info.uid);
    case 'w':
    case 'x':
    case 'y':
    case 'z':
      return timeText(micros);
    case 'W':
    case 'X':
    case 'Y':
    case 'Z':
      return String(Math.floor(micros / 1_000_000));
    default:
      return undefined;
  }
}

const timeText = (micros: number): string => strftime('%Y-%m-%d %H:%M:%S.%N %z', micros);

function describe(process: Process, { name, info, target }: File): string {
  const owner = (id: number, label: string) => `(${String(id).padStart(5)}/${label.padStart(8)})`;
  const time = timeText(process.machine.epoch + info.mtime);
  return [
    `  File: ${shellName(name)}${target === undefined ? '' : ` -> ${shellName(target)}`}`,
    `  Size: ${String(info.size).padEnd(10)}\tBlocks: ${String(blocksOf(info)).padEnd(10)} IO Block: 4096   ${kindOf(info)}`,
    `Device: 254,1\tInode: ${String(info.ino).padEnd(11)} Links: ${info.nlink}`,
    `Access: (${octal(info.mode).padStart(4, '0')}/${modeText(info)})  Uid: ${owner(info.uid, ownerName(process, '/etc/passwd', info.uid))}   Gid: ${owner(info.gid, ownerName(process, '/etc/group', info.gid))}`,
    `Access: ${time}`,
    `Modify: ${time}`,
    `Change: ${time}`,
    ` Birth: ${time}`,
    '',
  ].join('\n');
}
