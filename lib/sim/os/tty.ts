import { ok, type Result } from '../base/index.ts';
import { Description, takeUntil } from './open-file.ts';
import type { Signal } from './signals.ts';
import { encodeText } from './text.ts';
import type { Machine, OpenFile, Process } from './types.ts';

/** What a line editor before the terminal may offer while a program that knows its input is reading (the shell). */
export type PromptState = {
  readonly text: string;
  /** PS2: the command typed so far is not complete. */
  readonly continuation: boolean;
  readonly complete: (line: string, cursor: number) => Completion;
  readonly history: readonly string[];
};

export type Completion = {
  /** `line.slice(from, to)` is what a candidate replaces. */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly string[];
  /** Ends the candidate when it is the only one: a blank, `/`, or nothing. */
  readonly suffix: string;
};

export type TtyOptions = {
  readonly columns: number;
  readonly rows: number;
  /** Receives what programs write, with each newline as CR LF (termios ONLCR). */
  readonly output: (data: Uint8Array) => void;
};

/**
 * A terminal line (tty(4)) in cooked mode. Editing happens before it: whoever holds the keyboard hands over whole lines,
 * ends of file and the signal keys, and the terminal echoes them and passes them to the foreground process group.
 */
export class Tty extends Description {
  readonly kind = 'tty';
  readonly path: string;
  readonly name: string;
  columns: number;
  rows: number;
  /** Echo of typed lines (stty echo). */
  echo = true;
  /** The process group that the keyboard's signals go to and that may read (tcsetpgrp(3)). */
  foreground = 0;
  prompt: PromptState | undefined;
  #machine: Machine;
  #output: (data: Uint8Array) => void;
  #input: (Uint8Array | 'eof')[] = [];
  #hungUp = false;

  /** `name`: `pts/0`. Made by `machine.openTty`. */
  constructor(options: TtyOptions & { readonly machine: Machine; readonly name: string }) {
    super();
    this.#machine = options.machine;
    this.name = options.name;
    this.path = `/dev/${options.name}`;
    this.columns = options.columns;
    this.rows = options.rows;
    this.#output = options.output;
  }

  /** A line was entered, without its newline. It is echoed and waits until something reads it. */
  enter(line: string): void {
    if (this.echo) this.write(encodeText(`${line}\n`));
    this.#input.push(encodeText(`${line}\n`));
    this.readable.wake();
  }

  /** Ctrl-D on an empty line. */
  endOfFile(): void {
    this.#input.push('eof');
    this.readable.wake();
  }

  /** Ctrl-C, Ctrl-\ and Ctrl-Z: typed-ahead input is dropped, the foreground group gets the signal. */
  interrupt(signal: 'INT' | 'QUIT' | 'TSTP'): void {
    this.#input = [];
    if (this.echo) this.write(encodeText({ INT: '^C', QUIT: '^\\', TSTP: '^Z' }[signal]));
    this.signal(signal);
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.signal('WINCH');
  }

  /** The line is gone: everything that runs on it gets SIGHUP, and reads end. */
  hangUp(): void {
    this.#hungUp = true;
    for (const process of [...this.#machine.processes.values()]) if (process.tty === this) process.kill('HUP');
    this.readable.wake();
  }

  signal(signal: Signal): void {
    for (const process of [...this.#machine.processes.values()]) {
      if (process.pgid === this.foreground && process.tty === this) process.kill(signal);
    }
  }

  /** Typed lines that nothing has read yet. */
  get pendingInput(): number {
    return this.#input.length;
  }

  read(size: number, delimiter = 10): Result<Uint8Array | 'eof' | 'again'> {
    const head = this.#input[0];
    if (head === undefined) return ok(this.#hungUp ? 'eof' : 'again');
    if (head === 'eof') {
      this.#input.shift();
      return ok('eof');
    }
    const count = takeUntil(head, size, delimiter);
    if (count === head.length) this.#input.shift();
    else this.#input[0] = head.subarray(count);
    return ok(head.subarray(0, count));
  }

  write(data: Uint8Array): Result<number> {
    this.#output(withCarriageReturns(data));
    return ok(data.length);
  }

  /** A background process that reads from its terminal is stopped (SIGTTIN). */
  override refusal(process: Process, access: 'read' | 'write'): Signal | undefined {
    const background = process.tty === this && this.foreground !== 0 && process.pgid !== this.foreground;
    return access === 'read' && background ? 'TTIN' : undefined;
  }
}

function withCarriageReturns(data: Uint8Array): Uint8Array {
  const newlines = data.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
  if (newlines === 0) return data;
  const out = new Uint8Array(data.length + newlines);
  let at = 0;
  for (const byte of data) {
    if (byte === 10) out[at++] = 13;
    out[at++] = byte;
  }
  return out;
}

export const isTty = (file: OpenFile | undefined): file is Tty => file instanceof Tty;
