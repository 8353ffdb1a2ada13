import { strerror } from '../../base/index.ts';
import { encodeText } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const base64: CommandSpec = {
  ...program('base64', 'base64 encode or decode FILE, or standard input, to standard output', [
    option('-d --decode', 'decode data'),
    option('-i --ignore-garbage', 'when decoding, ignore non-alphabet characters'),
    option('-w --wrap', 'wrap encoded lines after COLS character (default 76); use 0 to disable line wrapping', 'COLS'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, base64);
    if (typeof parsed === 'number') return parsed;
    const [file = '-', extra] = parsed.operands;
    if (extra !== undefined) return yield* usageError(process, 'base64', `extra operand ${quoted(extra)}`);
    const wrap = parsed.value('-w') ?? '76';
    if (!/^\d+$/.test(wrap)) return yield* failure(process, 'base64', `invalid wrap size: ${quoted(wrap)}`);
    const fd = openInput(process, file);
    if (!fd.ok) return yield* failure(process, 'base64', `${file}: ${strerror(fd.error.errno)}`);
    const text = yield* process.readAll(fd.value);
    closeInput(process, fd.value);
    if (!parsed.has('-d')) {
      yield* process.print(wrapped(encode(encodeText(text)), Number(wrap)));
      return 0;
    }
    const { bytes, valid } = decode(
      parsed.has('-i') ? text.replace(/[^A-Za-z0-9+/=]/g, '') : text.replaceAll('\n', ''),
    );
    yield* process.write(1, bytes);
    return valid ? 0 : yield* failure(process, 'base64', 'invalid input');
  },
};

function encode(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const word = (a << 16) | (b << 8) | c;
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(word >> shift) & 63]).join('');
    const padding = Math.max(0, i + 3 - bytes.length);
    out += letters.slice(0, 4 - padding) + '='.repeat(padding);
  }
  return out;
}

function decode(text: string): { bytes: Uint8Array; valid: boolean } {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const group = text.slice(i, i + 4);
    const digits = [...group.replace(/=+$/, '')].map((c) => ALPHABET.indexOf(c));
    if (digits.includes(-1) || digits.length < 2) return { bytes: Uint8Array.from(bytes), valid: false };
    const word = digits.reduce((sum, digit, k) => sum | (digit << (18 - 6 * k)), 0);
    bytes.push(...[word >> 16, (word >> 8) & 255, word & 255].slice(0, digits.length - 1));
    if (group.length < 4) return { bytes: Uint8Array.from(bytes), valid: false };
  }
  return { bytes: Uint8Array.from(bytes), valid: true };
}

function wrapped(text: string, columns: number): string {
  if (text === '') return '';
  if (columns === 0) return text;
  return `${text.match(new RegExp(`.{1,${columns}}`, 'g'))?.join('\n')}\n`;
}
