import { strerror } from '../../base/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** file of libmagic, for the kinds of files that this machine has. */
export const file: CommandSpec = {
  ...program('file', 'determine file type', [
    option('-b --brief', 'do not prepend filenames to output lines'),
    option('-L --dereference', 'follow symlinks'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, file);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) {
    yield* process.printError(
      'Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]\n            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]\n            <file> ...\n',
    );
    return 1;
  }
  const width = Math.max(...parsed.operands.map((name) => name.length)) + 1;
  for (const name of parsed.operands) {
    const text = describe(process, name, parsed.has('-L'));
    yield* process.print(parsed.has('-b') ? `${text}\n` : `${`${name}:`.padEnd(width)} ${text}\n`);
  }
  return 0;
}

/** Major and minor numbers (the kernel's devices.txt). */
const DEVICES: Record<string, string> = {
  null: ' (1/3)',
  zero: ' (1/5)',
  full: ' (1/7)',
  random: ' (1/8)',
  urandom: ' (1/9)',
  tty: ' (5/0)',
};

function describe(process: Process, name: string, follow: boolean): string {
  const { fs } = process.machine;
  const path = process.path(name);
  const stat = follow ? fs.stat(path, process) : fs.lstat(path, process);
  if (!stat.ok) return `cannot open \`${name}' (${strerror(stat.error.errno)})`;
  switch (stat.value.kind) {
    case 'directory':
      return (stat.value.mode & 0o1000) !== 0 ? 'sticky, directory' : 'directory';
    case 'symlink': {
      const target = fs.readlink(path, process);
      return `${fs.stat(path, process).ok ? '' : 'broken '}symbolic link to ${target.ok ? target.value : ''}`;
    }
    case 'device':
      return `character special${DEVICES[name.replace(/.*\//, '')] ?? ''}`;
    case 'fifo':
      return 'fifo (named pipe)';
    default: {
      const image = fs.executable(path, process);
      if (image.ok && image.value !== 'text' && 'program' in image.value)
        return 'ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, stripped';
      const content = fs.readFile(path, process);
      return content.ok ? describeContent(content.value) : `cannot open \`${name}' (${strerror(content.error.errno)})`;
    }
  }
}

const PCAP = [0xd4, 0xc3, 0xb2, 0xa1];

function describeContent(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty';
  if (PCAP.every((byte, i) => bytes[i] === byte))
    return 'pcap capture file, microsecond ts (little-endian) - version 2.4 (Ethernet, capture length 262144)';
  const text = decodeText(bytes);
  if (/[\0-\x06\x0e-\x1a\x1c-\x1f\udc80-\udcff]/.test(text)) return 'data';
  const encoding = bytes.every((byte) => byte < 0x80) ? 'ASCII text' : 'Unicode text, UTF-8 text';
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
  const shell =
    interpreter === null
      ? undefined
      : (interpreter[1]?.endsWith('/env') ? interpreter[2] : interpreter[1])?.replace(/.*\//, '');
  const kind =
    shell === 'bash'
      ? 'Bourne-Again shell script, '
      : shell === 'sh'
        ? 'POSIX shell script, '
        : shell === undefined
          ? ''
          : `a ${interpreter?.[1]} script, `;
  const ends = text.includes('\r\n')
    ? ', with CRLF line terminators'
    : text.includes('\n')
      ? ''
      : ', with no line terminators';
  if (/^\s*[{[]/.test(text) && isJson(text)) return 'JSON text data';
  return `${kind}${encoding}${kind === '' ? '' : ' executable'}${ends}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
