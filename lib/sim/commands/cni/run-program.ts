import { type Errno, fail, ok, type Result } from '../../base/index.ts';
import {
  baseName,
  concatBytes,
  Description,
  decodeText,
  encodeText,
  type OpenFile,
  type Process,
  SIGNAL_TEXT,
  type Wait,
} from '../../os/index.ts';

/** How a child ended and what it said. `signal`: what killed it, in Go's words. */
export type Outcome = {
  readonly status: number;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
};

type Options = { readonly env?: ReadonlyMap<string, string>; readonly input?: string };

/** Runs a program to its end with its input given and its two outputs kept apart, or gives execve(2)'s errno. */
export function* runProgram(
  process: Process,
  path: string,
  argv: readonly string[],
  { env, input = '' }: Options = {},
): Generator<Wait, Outcome | Errno, void> {
  const found = process.resolve(path);
  if (!found.ok) return found.error.errno;
  const [stdout, stderr] = [new Collector(), new Collector()];
  const fds = new Map<number, OpenFile>([
    [0, new Feeder(encodeText(input))],
    [1, stdout],
    [2, stderr],
  ]);
  const words = [...found.value.argvPrefix, ...argv.slice(1)];
  const child = process.spawn(found.value.program, { argv: words, fds, ...(env === undefined ? {} : { env }) });
  child.comm = baseName(found.value.path).slice(0, 15);
  const status = yield* process.wait(child);
  const said = { status, stdout: stdout.text(), stderr: stderr.text() };
  return child.endedBy === undefined ? said : { ...said, signal: SIGNAL_TEXT[child.endedBy].toLowerCase() };
}

/** A pipe whose other end writes all it has and closes. */
class Feeder extends Description {
  readonly kind = 'pipe';
  readonly path = 'pipe:[1]';
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {
    super();
  }

  read(size: number, delimiter?: number): Result<Uint8Array | 'eof'> {
    if (this.#at >= this.bytes.length) return ok('eof');
    const end = delimiter === undefined ? -1 : this.bytes.indexOf(delimiter, this.#at);
    const most = end < 0 ? this.bytes.length : end + 1;
    const taken = this.bytes.subarray(this.#at, Math.min(most, this.#at + size));
    this.#at += taken.length;
    return ok(taken);
  }

  write(): Result<number> {
    return fail('EBADF');
  }
}

/** What nobody would read to its end fills the reader's memory no further. */
const OUTPUT_LIMIT = 1 << 20;

/** A pipe whose other end reads at once what comes. */
class Collector extends Description {
  readonly kind = 'pipe';
  readonly path = 'pipe:[2]';
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  read(): Result<'eof'> {
    return fail('EBADF');
  }

  write(data: Uint8Array): Result<number> {
    if (this.#size + data.length > OUTPUT_LIMIT) return fail('ENOMEM');
    this.#size += data.length;
    this.#chunks.push(data.slice());
    return ok(data.length);
  }

  text(): string {
    return decodeText(concatBytes(this.#chunks));
  }
}
