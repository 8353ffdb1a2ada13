import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { closeInput, type Line, LineReader, openInput } from '../lines.ts';

/** sed's input: its files as one stream, read one line ahead so that `$` knows the last line. */
export class Input {
  /** Whether a file could not be read. */
  failed = false;
  /** The number of the line given last. */
  line = 0;
  /** The name of the file it came from. */
  name = '-';
  #files: string[];
  #reader: { lines: LineReader; fd: number; name: string } | undefined;
  #ahead: { line: Line; name: string } | undefined;
  #started = false;

  constructor(
    private readonly process: Process,
    files: readonly string[],
  ) {
    this.#files = [...files];
  }

  *next(): Generator<Wait, Line | undefined, void> {
    if (!this.#started) {
      this.#started = true;
      this.#ahead = yield* this.#read();
    }
    const current = this.#ahead;
    if (current === undefined) return undefined;
    this.#ahead = yield* this.#read();
    this.line++;
    this.name = current.name;
    return current.line;
  }

  get isLast(): boolean {
    return this.#ahead === undefined;
  }

  /** Hands over what is left, as it stands: `sed -i 3q` keeps the rest of the file. */
  *rest(take: (text: string) => void): Generator<Wait, void, void> {
    for (let line = yield* this.next(); line !== undefined; line = yield* this.next()) {
      take(line.text + (line.newline ? '\n' : ''));
    }
  }

  *#read(): Generator<Wait, { line: Line; name: string } | undefined, void> {
    for (;;) {
      if (this.#reader === undefined && !(yield* this.#open())) return undefined;
      const reader = this.#reader;
      if (reader === undefined) continue;
      const line = yield* reader.lines.next();
      if (line.ok && line.value !== undefined) return { line: line.value, name: reader.name };
      if (!line.ok) yield* this.#complain(`read error on ${reader.name}: ${strerror(line.error.errno)}`);
      closeInput(this.process, reader.fd);
      this.#reader = undefined;
    }
  }

  /** Opens the next file; false when there is none left. */
  *#open(): Generator<Wait, boolean, void> {
    const name = this.#files.shift();
    if (name === undefined) return false;
    const fd = openInput(this.process, name);
    if (fd.ok) this.#reader = { lines: new LineReader(this.process, fd.value), fd: fd.value, name };
    else if (fd.error.errno === 'EISDIR') yield* this.#complain(`read error on ${name}: ${strerror('EISDIR')}`);
    else yield* this.#complain(`can't read ${name}: ${strerror(fd.error.errno)}`);
    return true;
  }

  *#complain(text: string): Generator<Wait, void, void> {
    this.failed = true;
    yield* this.process.printError(`sed: ${text}\n`);
  }
}
