import { type Process, Regex, type Wait } from '../../os/index.ts';

/** awk's strings hold bytes: one character each, as mawk counts them. */
export function toBinary(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

export const fromBinary = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Reads records from a descriptor: lines, pieces between a character or an expression, or paragraphs (RS=""). */
export class RecordReader {
  #buffer = '';
  #eof = false;

  constructor(
    private readonly process: Process,
    readonly fd: number,
  ) {}

  *next(separator: string): Generator<Wait, string | undefined, void> {
    if (separator === '') return yield* this.#paragraph();
    const find = finder(separator);
    for (;;) {
      const found = find(this.#buffer);
      // A match at the very end may grow longer with more input.
      if (found !== undefined && (separator.length === 1 || found.end < this.#buffer.length || this.#eof)) {
        const record = this.#buffer.slice(0, found.start);
        this.#buffer = this.#buffer.slice(found.end);
        return record;
      }
      if (this.#eof) return this.#last();
      yield* this.#fill(separator);
    }
  }

  *#paragraph(): Generator<Wait, string | undefined, void> {
    for (;;) {
      this.#buffer = this.#buffer.replace(/^\n+/, '');
      const end = this.#buffer.indexOf('\n\n');
      if (end >= 0) {
        const record = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 2);
        return record;
      }
      if (this.#eof) return this.#last();
      yield* this.#fill('\n');
    }
  }

  #last(): string | undefined {
    if (this.#buffer === '') return undefined;
    const record = this.#buffer.replace(/\n$/, '');
    this.#buffer = '';
    return record;
  }

  *#fill(separator: string): Generator<Wait, void, void> {
    const read = yield* this.process.read(this.fd, 65_536, separator === '\n' ? 10 : undefined);
    if (!read.ok || read.value.length === 0) this.#eof = true;
    else this.#buffer += toBinary(read.value);
  }
}

function finder(separator: string): (text: string) => { start: number; end: number } | undefined {
  if (separator.length === 1) {
    return (text) => {
      const start = text.indexOf(separator);
      return start < 0 ? undefined : { start, end: start + 1 };
    };
  }
  const regex = new Regex(separator, 'extended');
  return (text) => regex.exec(text);
}
