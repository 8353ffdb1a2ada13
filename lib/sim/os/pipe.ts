import { fail, ok, type Result } from '../base/index.ts';
import { Description, takeUntil } from './open-file.ts';
import type { OpenFile } from './types.ts';

/**
 * pipe(7): a bounded buffer between two descriptions. A full pipe makes the writer wait, an empty one the reader; when
 * the last writer closes, the reader sees the end of the file, and when the last reader closes, a write fails with EPIPE.
 *
 *   writer ──▶ [ chunk | chunk | … ≤ capacity bytes ] ──▶ reader
 */
class Buffer {
  chunks: Uint8Array[] = [];
  length = 0;
  readerOpen = true;
  writerOpen = true;

  constructor(
    readonly capacity: number,
    readonly ino: number,
  ) {}
}

class PipeReader extends Description {
  readonly kind = 'pipe';
  readonly path: string;
  writer: PipeWriter | undefined;

  constructor(readonly buffer: Buffer) {
    super();
    this.path = `pipe:[${buffer.ino}]`;
  }

  read(size: number, delimiter?: number): Result<Uint8Array | 'eof' | 'again'> {
    const { buffer } = this;
    const head = buffer.chunks[0];
    if (head === undefined) return ok(buffer.writerOpen ? 'again' : 'eof');
    const count = takeUntil(head, size, delimiter);
    if (count === head.length) buffer.chunks.shift();
    else buffer.chunks[0] = head.subarray(count);
    buffer.length -= count;
    this.writer?.writable.wake();
    return ok(head.subarray(0, count));
  }

  write(): Result<number> {
    return fail('EBADF');
  }

  protected override closed(): void {
    this.buffer.readerOpen = false;
    this.buffer.chunks = [];
    this.writer?.writable.wake();
  }
}

class PipeWriter extends Description {
  readonly kind = 'pipe';
  readonly path: string;

  constructor(
    readonly buffer: Buffer,
    readonly reader: PipeReader,
  ) {
    super();
    this.path = reader.path;
    reader.writer = this;
  }

  read(): Result<'eof'> {
    return fail('EBADF');
  }

  write(data: Uint8Array): Result<number> {
    const { buffer } = this;
    if (!buffer.readerOpen) return fail('EPIPE');
    const count = Math.min(data.length, buffer.capacity - buffer.length);
    if (count > 0) {
      buffer.chunks.push(data.slice(0, count));
      buffer.length += count;
      this.reader.readable.wake();
    }
    return ok(count);
  }

  protected override closed(): void {
    this.buffer.writerOpen = false;
    this.reader.readable.wake();
  }
}

/** An end of a named pipe is opened again: with both ends closed it is new, and who comes first waits for the other. */
export function reopenPipe({ reader, writer }: { reader: OpenFile; writer: OpenFile }, end: 'reader' | 'writer'): void {
  if (!(reader instanceof PipeReader) || !(writer instanceof PipeWriter)) return;
  const { buffer } = reader;
  if (!buffer.readerOpen && !buffer.writerOpen) {
    buffer.readerOpen = true;
    buffer.writerOpen = true;
  } else if (end === 'reader') buffer.readerOpen = true;
  else buffer.writerOpen = true;
}

/** A named pipe opened for reading and writing (fifo(7)): both ends in one, so that it neither blocks nor ends. */
class PipeBoth extends Description {
  readonly kind = 'pipe';
  readonly path: string;

  constructor(
    private readonly reader: OpenFile,
    private readonly writer: OpenFile,
  ) {
    super(reader.readable, writer.writable);
    this.path = reader.path;
    reader.retain();
    writer.retain();
  }

  read(size: number, delimiter?: number): Result<Uint8Array | 'eof' | 'again'> {
    return this.reader.read(size, delimiter);
  }

  write(data: Uint8Array): Result<number> {
    return this.writer.write(data);
  }

  protected override closed(): void {
    this.reader.release();
    this.writer.release();
  }
}

export const bothEnds = ({ reader, writer }: { reader: OpenFile; writer: OpenFile }): OpenFile =>
  new PipeBoth(reader, writer);

/** pipe(2). Neither end is retained yet: give each to a descriptor. */
export function createPipe(capacity: number, ino: number): { reader: OpenFile; writer: OpenFile } {
  const reader = new PipeReader(new Buffer(capacity, ino));
  return { reader, writer: new PipeWriter(reader.buffer, reader) };
}
