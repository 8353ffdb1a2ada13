import { strerror } from '../../base/index.ts';
import { encodeText, type Process, type Wait } from '../../os/index.ts';
import { failure } from '../coreutils.ts';
import { closeInput, openInput } from '../lines.ts';

/** All bytes of the operands (standard input where there is none); a number is the exit status of a failure. */
export function* readBytes(
  process: Process,
  name: string,
  operands: readonly string[],
  describe = (file: string) => file,
): Generator<Wait, Uint8Array | number, void> {
  let text = '';
  for (const operand of operands.length > 0 ? operands : ['-']) {
    const fd = openInput(process, operand);
    if (!fd.ok) return yield* failure(process, name, `${describe(operand)}: ${strerror(fd.error.errno)}`);
    text += yield* process.readAll(fd.value);
    closeInput(process, fd.value);
  }
  return encodeText(text);
}

export const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');

export const printable = (byte: number) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');
