import { strerror } from '../../base/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import { type Json, wellFormed } from './values/json.ts';
import { JsonParser } from './values/parse.ts';

export type InputSettings = {
  /** Lines (or with `slurp` all) as strings instead of JSON texts. */
  readonly raw: boolean;
  readonly slurp: boolean;
};

/** What fgets(3) reads at once at most. */
const PIECE = 4095;

/** The program's inputs, one after another, from the files or standard input, line by line as they come. */
export class Input {
  /** Files that could not be read. */
  failures = 0;
  /** The file that is read now, and how many of its lines. */
  name: string | undefined;
  line = 0;
  #fd: number | undefined;
  /** The present file has been read to its end. */
  #atEnd = false;
  readonly #files: string[];
  readonly #parser: JsonParser | undefined;
  #slurped: Json[] | string | undefined;
  /** A line of which the end has not come yet. */
  #part: string | undefined;

  constructor(
    private readonly process: Process,
    files: readonly string[],
    settings: InputSettings,
  ) {
    this.#files = files.length === 0 ? ['-'] : [...files];
    this.#parser = settings.raw ? undefined : new JsonParser();
    if (settings.slurp) this.#slurped = settings.raw ? '' : [];
  }

  /** Where the program is in its input, as error messages say it. */
  get position(): string {
    return this.name === undefined ? '<unknown>' : `${this.name}:${this.line}`;
  }

  /**
   * The next one; undefined: there are no more.
   *
   * @throws JsonError
   */
  *next(): Generator<Wait, Json | undefined, void> {
    for (let last = false; ; ) {
      if (this.#parser === undefined || this.#parser.remaining === 0) {
        const piece = yield* this.#read();
        last = this.#files.length === 0 && (this.#fd === undefined || this.#atEnd);
        if (this.#parser !== undefined) this.#parser.feed(piece, !last);
        else {
          const line = this.#take(wellFormed(decodeText(piece)));
          if (line !== undefined) return line;
        }
      }
      const value = this.#parser?.next();
      if (value !== undefined && this.#slurped === undefined) return value;
      if (value !== undefined) (this.#slurped as Json[]).push(value);
      else if (last) return this.#rest();
    }
  }

  /** A piece of raw input; the whole line, once its end has come. */
  #take(text: string): string | undefined {
    if (typeof this.#slurped === 'string') this.#slurped += text;
    else if (text !== '') this.#part = (this.#part ?? '') + text;
    if (this.#part === undefined || !text.endsWith('\n')) return undefined;
    const line = this.#part.slice(0, -1);
    this.#part = undefined;
    return line;
  }

  /** What is left at the end: all together, or a line without an end. */
  #rest(): Json | undefined {
    const rest = this.#slurped ?? this.#part;
    this.#slurped = undefined;
    this.#part = undefined;
    return rest;
  }

  /** A line of the present file, or of the next one; nothing at the end of a file. */
  *#read(): Generator<Wait, Uint8Array, void> {
    if (this.#fd === undefined || this.#atEnd) {
      this.#close();
      yield* this.#open();
    }
    if (this.#fd === undefined) return new Uint8Array(0);
    const read = yield* this.process.read(this.#fd, PIECE, 10);
    if (!read.ok) this.failures++;
    const piece = read.ok ? read.value.slice() : new Uint8Array(0);
    if (piece.at(-1) === 10) this.line++;
    // A line without an end is the last one; fgets(3) has looked for more already.
    else this.#atEnd = piece.length < PIECE;
    return piece;
  }

  #close(): void {
    if (this.#fd !== undefined && this.#fd !== 0) this.process.closeFd(this.#fd);
    this.#fd = undefined;
    this.#atEnd = false;
    this.name = undefined;
    this.line = 0;
  }

  *#open(): Generator<Wait, void, void> {
    const name = this.#files.shift();
    if (name === undefined) return;
    this.name = name === '-' ? '<stdin>' : name;
    if (name === '-') {
      this.#fd = 0;
      return;
    }
    const file = this.process.machine.fs.open(this.process.path(name), { read: true }, this.process);
    if (file.ok) {
      this.#fd = this.process.addFd(file.value);
      return;
    }
    this.failures++;
    yield* this.process.printError(`jq: error: Could not open file ${name}: ${strerror(file.error.errno)}\n`);
  }
}
