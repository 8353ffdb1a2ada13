import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { hex, readBytes } from './bytes.ts';

export const od: CommandSpec = {
  ...program('od', 'dump files in octal and other formats', [
    option('-A --address-radix', 'output format for file offsets; RADIX is one of [doxn]', 'RADIX'),
    option('-c', 'same as -t c, select printable characters or backslash escapes'),
    option('-j --skip-bytes', 'skip BYTES input bytes first', 'BYTES'),
    option('-N --read-bytes', 'limit dump to BYTES input bytes', 'BYTES'),
    option('-t --format', 'select output format or formats: a c d[SIZE] o[SIZE] u[SIZE] x[SIZE]', 'TYPE'),
    option('-v --output-duplicates', 'do not use * to mark line suppression'),
    option('-x', 'same as -t x2, select hexadecimal 2-byte units'),
    option('-b', 'same as -t o1, select octal bytes'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, od);
    if (typeof parsed === 'number') return parsed;
    const format = formatOf(parsed);
    if (format === undefined)
      return yield* failure(process, 'od', `invalid type string ${quoted(parsed.value('-t') ?? '')}`);
    const all = yield* readBytes(process, 'od', parsed.operands);
    if (typeof all === 'number') return all;
    const skip = Number(parsed.value('-j') ?? 0);
    const bytes = all.subarray(skip, skip + Number(parsed.value('-N') ?? all.length));
    const radix = parsed.value('-A') ?? 'o';
    const address = (at: number) =>
      radix === 'n'
        ? ''
        : radix === 'x'
          ? hex(at + skip, 6)
          : (at + skip).toString(radix === 'd' ? 10 : 8).padStart(7, '0');
    let out = '';
    let previous = '';
    let starred = false;
    for (let at = 0; at < bytes.length; at += 16) {
      const row = bytes.subarray(at, at + 16);
      const line = format(row);
      if (line === previous && row.length === 16 && !parsed.has('-v')) {
        if (!starred) out += '*\n';
        starred = true;
        continue;
      }
      starred = false;
      previous = line;
      out += `${address(at)}${line}\n`;
    }
    yield* process.print(`${out}${radix === 'n' ? '' : `${address(bytes.length)}\n`}`);
    return 0;
  },
};

type Format = (row: Uint8Array) => string;

function formatOf(parsed: Parsed): Format | undefined {
  const type =
    parsed.value('-t') ?? (parsed.has('-c') ? 'c' : parsed.has('-x') ? 'x2' : parsed.has('-b') ? 'o1' : 'o2');
  if (type === 'c') return (row) => Array.from(row, (byte) => character(byte).padStart(4)).join('');
  if (type === 'a')
    return (row) =>
      Array.from(row, (byte) => (NAMES[byte & 127] ?? String.fromCharCode(byte & 127)).padStart(4)).join('');
  const found = /^([duox])([1248CSIL]?)$/.exec(type);
  if (found === null) return undefined;
  const size = Number(({ '': 4, C: 1, S: 2, I: 4, L: 8 } as Record<string, number>)[found[2] as string] ?? found[2]);
  return (row) => units(row, size, found[1] as 'd' | 'u' | 'o' | 'x');
}

const ESCAPES: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

const character = (byte: number) =>
  ESCAPES[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  [
    'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'
      .split(' ')
      .map((name, i) => [i, name]),
    [[127, 'del']],
  ].flat(),
);

/** Little-endian units, as x86 has them; a unit cut short by the end is filled with zeros. */
function units(row: Uint8Array, size: number, kind: 'd' | 'u' | 'o' | 'x'): string {
  const bits = size * 8;
  const most = (1n << BigInt(bits)) - 1n;
  const width =
    kind === 'x'
      ? size * 2
      : kind === 'o'
        ? most.toString(8).length
        : most.toString().length + (kind === 'd' && size === 8 ? 0 : kind === 'd' ? 1 : 0);
  let out = '';
  for (let at = 0; at < row.length; at += size) {
    let value = 0n;
    for (let k = 0; k < size; k++) value |= BigInt(row[at + k] ?? 0) << BigInt(8 * k);
    const text =
      kind === 'x'
        ? value.toString(16).padStart(width, '0')
        : kind === 'o'
          ? value.toString(8).padStart(width, '0')
          : String(kind === 'd' ? BigInt.asIntN(bits, value) : value);
    out += ` ${text.padStart(width)}`;
  }
  return out;
}
