import type { CommandSpec } from '../command.ts';
import { missing, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { hex, printable, readBytes } from '../od/bytes.ts';

export const hexdump: CommandSpec = {
  ...program('hexdump', 'display file contents in hexadecimal, decimal, octal, or ascii', [
    option('-C --canonical', 'canonical hex+ASCII display'),
    option('-x --two-bytes-hex', 'two-byte hexadecimal display'),
    option('-n --length', 'interpret only length bytes of input', 'length'),
    option('-s --skip', 'skip offset bytes from the beginning', 'offset'),
    option('-v --no-squeezing', 'output identical lines'),
    missing('-e --format', 'format string to be used for displaying data', 'format'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, hexdump);
    if (typeof parsed === 'number') return parsed;
    const all = yield* readBytes(process, 'hexdump', parsed.operands);
    if (typeof all === 'number') return all;
    const skip = Number(parsed.value('-s') ?? 0);
    const bytes = all.subarray(skip, skip + Number(parsed.value('-n') ?? all.length));
    const canonical = parsed.has('-C');
    const row = canonical
      ? canonicalRow
      : parsed.has('-x')
        ? (part: Uint8Array) => words(part, '    ')
        : (part: Uint8Array) => words(part, ' ');
    let out = '';
    let previous: string | undefined;
    let starred = false;
    for (let at = 0; at < bytes.length; at += 16) {
      const line = row(bytes.subarray(at, at + 16));
      if (line === previous && !parsed.has('-v')) {
        out += starred ? '' : '*\n';
        starred = true;
        continue;
      }
      [previous, starred] = [line, false];
      out += `${hex(at + skip, canonical ? 8 : 7)}${line}\n`;
    }
    if (bytes.length > 0) out += `${hex(bytes.length + skip, canonical ? 8 : 7)}\n`;
    yield* process.print(out);
    return 0;
  },
};

function canonicalRow(part: Uint8Array): string {
  const cells = Array.from({ length: 16 }, (_, i) => (part[i] === undefined ? '  ' : hex(part[i] as number, 2)));
  return `  ${cells.slice(0, 8).join(' ')}  ${cells.slice(8).join(' ')}  |${Array.from(part, printable).join('')}|`;
}

function words(part: Uint8Array, gap: string): string {
  const cells: string[] = [];
  for (let i = 0; i < 16; i += 2)
    cells.push(i < part.length ? hex((part[i] as number) | ((part[i + 1] ?? 0) << 8), 4) : '    ');
  return cells.map((cell) => gap + cell).join('');
}
