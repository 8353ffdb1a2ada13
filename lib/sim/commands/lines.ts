import { ok, type Result } from '../base/index.ts';
import { decodeText, type Process, type Wait } from '../os/index.ts';

export type Line = {
  readonly text: string /** False only for a last line that the file does not end properly. */;
  readonly newline: boolean;
};

/** Reads a descriptor line by line as the lines come, and tells whether each was ended by `delimiter`. */
export class LineReader {
  #eof = false;

  constructor(
    private readonly process: Process,
    private readonly fd: number,
    private readonly delimiter = 10,
  ) {}

  /** The next line; undefined at the end of the file. */
  *next(): Generator<Wait, Result<Line | undefined>, void> {
    const chunks: Uint8Array[] = [];
    while (!this.#eof) {
      const read = yield* this.process.read(this.fd, 65_536, this.delimiter);
      if (!read.ok) return read;
      if (read.value.length === 0) {
        this.#eof = true;
        break;
      }
      if (read.value.at(-1) === this.delimiter) {
        return ok({ text: join(chunks, read.value.subarray(0, -1)), newline: true });
      }
      chunks.push(read.value.slice());
    }
    return ok(chunks.length === 0 ? undefined : { text: join(chunks), newline: false });
  }
}

function join(chunks: readonly Uint8Array[], last: Uint8Array = new Uint8Array(0)): string {
  if (chunks.length === 0) return decodeText(last);
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, last.length));
  let at = 0;
  for (const chunk of [...chunks, last]) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return decodeText(whole);
}

/** Opens an operand for reading as a descriptor; `-` is standard input. Directories are refused as read(2) refuses them. */
export function openInput(process: Process, operand: string): Result<number> {
  if (operand === '-') return ok(0);
  const file = process.machine.fs.open(process.path(operand), { read: true }, process);
  if (!file.ok) return file;
  if (file.value.kind === 'directory') {
    file.value.release();
    return { ok: false, error: { errno: 'EISDIR' } };
  }
  return ok(process.addFd(file.value));
}

/** Closes what `openInput` opened. */
export function closeInput(process: Process, fd: number): void {
  if (fd !== 0) process.closeFd(fd);
}
