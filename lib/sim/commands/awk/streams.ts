import { strerror } from '../../base/index.ts';
import type { OpenFile, Process, Wait } from '../../os/index.ts';
import { AwkError } from './ast.ts';
import { fromBinary, RecordReader } from './records.ts';

type Stream = { readonly fd: number; readonly child: Process | undefined; readonly reader: RecordReader | undefined };

/** The files and commands that a program has open, by the name it gave them. */
export class Streams {
  readonly #open = new Map<string, Stream>();

  constructor(private readonly process: Process) {}

  /** Where `print > name`, `>> name` or `| name` writes to; opened at first use. */
  *output(kind: '>' | '>>' | '|', name: string): Generator<Wait, number, void> {
    const open = this.#open.get(name);
    if (open !== undefined) return open.fd;
    if (kind === '|') return (yield* this.#spawn(name, 'write')).fd;
    const standard = STANDARD[name];
    if (standard !== undefined) return standard;
    const flags = { write: true, create: true, truncate: kind === '>', append: kind === '>>' };
    const file = this.process.machine.fs.open(this.process.path(name), flags, this.process);
    if (!file.ok) throw new AwkError(`cannot open "${name}" for output (${strerror(file.error.errno)})`);
    const fd = this.process.addFd(file.value, 3);
    this.#open.set(name, { fd, child: undefined, reader: undefined });
    return fd;
  }

  /** The reader behind `getline < name` or `name | getline`; undefined when it cannot be opened. */
  *input(kind: 'file' | 'command', name: string): Generator<Wait, RecordReader | undefined, void> {
    const open = this.#open.get(name);
    if (open !== undefined) return open.reader;
    if (kind === 'command') return (yield* this.#spawn(name, 'read')).reader;
    if (name === '-' || name === '/dev/stdin') return this.#remember(name, 0, undefined);
    const file = this.process.machine.fs.open(this.process.path(name), { read: true }, this.process);
    return file.ok ? this.#remember(name, this.process.addFd(file.value, 3), undefined) : undefined;
  }

  #remember(name: string, fd: number, child: Process | undefined): RecordReader {
    const reader = new RecordReader(this.process, fd);
    this.#open.set(name, { fd, child, reader });
    return reader;
  }

  *#spawn(command: string, access: 'read' | 'write'): Generator<Wait, Stream, void> {
    const pipe = this.process.machine.pipe();
    const theirs = access === 'read' ? { number: 1, file: pipe.writer } : { number: 0, file: pipe.reader };
    const child = this.#shell(command, new Map([...this.#standard(), [theirs.number, theirs.file]]));
    const fd = this.process.addFd(access === 'read' ? pipe.reader : pipe.writer, 3);
    const stream = { fd, child, reader: access === 'read' ? new RecordReader(this.process, fd) : undefined };
    this.#open.set(command, stream);
    yield {};
    return stream;
  }

  #shell(command: string, fds: ReadonlyMap<number, OpenFile>): Process {
    const shell = this.process.resolve('sh');
    if (!shell.ok) throw new AwkError(`cannot run sh (${strerror(shell.error.errno)})`);
    return this.process.spawn(shell.value.program, { argv: ['sh', '-c', command], fds });
  }

  /** What a command inherits: not the other streams, which are closed on exec. */
  #standard(): Map<number, OpenFile> {
    return new Map([...this.process.fds].filter(([fd]) => fd <= 2));
  }

  *system(command: string): Generator<Wait, number, void> {
    return yield* this.process.wait(this.#shell(command, this.#standard()));
  }

  /** close(name): the status of a command, 0 for a file, -1 for what is not open. */
  *close(name: string): Generator<Wait, number, void> {
    const stream = this.#open.get(name);
    if (stream === undefined) return -1;
    this.#open.delete(name);
    if (stream.fd > 2) this.process.closeFd(stream.fd);
    return stream.child === undefined ? 0 : yield* this.process.wait(stream.child);
  }

  *closeAll(): Generator<Wait, void, void> {
    for (const name of [...this.#open.keys()]) yield* this.close(name);
  }

  *write(fd: number, text: string): Generator<Wait, void, void> {
    yield* this.process.write(fd, fromBinary(text));
  }
}

const STANDARD: Readonly<Record<string, number>> = { '/dev/stdout': 1, '-': 1, '/dev/stderr': 2 };
