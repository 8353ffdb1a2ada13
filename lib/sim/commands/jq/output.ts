import { strerror } from '../../base/index.ts';
import { concatBytes, encodeText, type Process, type Wait } from '../../os/index.ts';

/** What stdio collects before it writes to anything but a terminal. */
const BUFFER = 4096;

/** Standard output as stdio has it: whole buffers, and the rest at the end, behind what went to standard error meanwhile. */
export class Output {
  #held: Uint8Array[] = [];
  #size = 0;
  #error: string | undefined;

  constructor(
    private readonly process: Process,
    private readonly atOnce: boolean,
  ) {}

  *write(text: string): Generator<Wait, void, void> {
    const bytes = encodeText(text);
    this.#held.push(bytes);
    this.#size += bytes.length;
    if (this.atOnce) yield* this.#flush(this.#size);
    else if (this.#size >= BUFFER) yield* this.#flush(this.#size - (this.#size % BUFFER));
  }

  /** Writes the rest; false: something could not be written, and that was said. */
  *end(): Generator<Wait, boolean, void> {
    yield* this.#flush(this.#size);
    if (this.#error === undefined) return true;
    yield* this.process.printError(`Error: writing output failed: ${this.#error}\n`);
    return false;
  }

  *#flush(size: number): Generator<Wait, void, void> {
    if (size === 0) return;
    const all = concatBytes(this.#held);
    this.#held = [all.slice(size)];
    this.#size -= size;
    const written = yield* this.process.write(1, all.subarray(0, size));
    if (!written.ok) this.#error = strerror(written.error.errno);
  }
}
