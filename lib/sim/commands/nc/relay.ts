import { type Micros, ok, type Result } from '../../base/index.ts';
import type { OpenFile, Process, Wait } from '../../os/index.ts';
import type { Socket } from '../socket/socket.ts';
import type { Settings } from './options.ts';

const BUFFER = 16_384;
const EMPTY = new Uint8Array();

/**
 * readwrite() of netcat: standard input to the network and the network to standard output, until one direction's end means
 * the end of both.
 */
export class Relay {
  #stdin: OpenFile | undefined;
  /** Read from standard input, not sent yet. */
  #pending: Uint8Array = EMPTY;
  #netIn = true;
  #netOut = true;
  #received = 0;
  #quitAt: Micros | undefined;

  constructor(
    private readonly process: Process,
    private readonly socket: Socket,
    private readonly settings: Settings,
  ) {
    this.#stdin = settings.detached ? undefined : process.fds.get(0);
  }

  *run(): Generator<Wait, void, void> {
    const { process, settings } = this;
    for (;;) {
      const inputIsOver = this.#stdin === undefined && this.#pending.length === 0;
      if (inputIsOver && !this.#netIn) return;
      if (!this.#netIn && settings.listen && this.#pending.length === 0) return;
      if (settings.interval !== undefined) yield* process.sleep(settings.interval);
      const moved = [yield* this.#readInput(), yield* this.#sendPending(), yield* this.#receive()].includes(true);
      if (this.#stdin === undefined && this.#pending.length === 0) this.#endOutput();
      if (this.#quitAt !== undefined && process.machine.events.now >= this.#quitAt) return;
      if (!moved && !(yield* this.#wait())) return;
    }
  }

  /** Blocks until something can be done; false when the time of -w, or of -q, is over. */
  *#wait(): Generator<Wait, boolean, void> {
    const { events } = this.process.machine;
    if (this.#stdin === undefined && !this.#netIn) return true;
    const timeout = this.settings.timeout === undefined ? undefined : events.now + this.settings.timeout;
    const until = this.#quitAt === undefined ? timeout : Math.min(this.#quitAt, timeout ?? this.#quitAt);
    const queues = [
      ...(this.#stdin !== undefined && this.#pending.length < BUFFER ? [this.#stdin.readable] : []),
      ...(this.#netIn ? [this.socket.readable] : []),
      ...(this.#pending.length > 0 ? [this.socket.writable] : []),
    ];
    yield until === undefined ? { queues } : { queues, until };
    return until === undefined || events.now < until;
  }

  *#readInput(): Generator<Wait, boolean, void> {
    const stdin = this.#stdin;
    if (stdin === undefined || this.#pending.length > 0) return false;
    const read = yield* this.#readStdin(stdin);
    if (read.ok && read.value === 'again') return false;
    if (!read.ok || read.value === 'eof' || read.value.length === 0) {
      this.#stdin = undefined;
      return true;
    }
    const bytes = read.value as Uint8Array;
    this.#pending = this.settings.crlf ? withCarriageReturns(bytes) : bytes.slice();
    return true;
  }

  /** A background job that reads from its terminal is stopped first: that is read(2)'s business. */
  *#readStdin(stdin: OpenFile): Generator<Wait, Result<Uint8Array | 'eof' | 'again'>, void> {
    if (stdin.refusal(this.process, 'read') === undefined) return stdin.read(BUFFER);
    const read = yield* this.process.read(0, BUFFER);
    return read.ok && read.value.length === 0 ? ok('eof') : read;
  }

  *#sendPending(): Generator<Wait, boolean, void> {
    if (this.#pending.length === 0) return false;
    if (!this.#netOut) {
      this.#pending = EMPTY;
      return true;
    }
    const sent = yield* this.socket.sendNow(this.#pending);
    if (sent.ok) {
      this.#pending = this.#pending.subarray(sent.value);
      return true;
    }
    if (sent.error.errno === 'EAGAIN') return false;
    this.#netOut = false;
    this.#pending = EMPTY;
    this.#stdin = undefined;
    return true;
  }

  *#receive(): Generator<Wait, boolean, void> {
    if (!this.#netIn) return false;
    const data = this.socket.receiveNow(BUFFER);
    if (!data.ok && data.error.errno === 'EAGAIN') return false;
    if (!data.ok || data.value.length === 0) {
      this.#netIn = false;
      return true;
    }
    const written = yield* this.process.write(1, data.value);
    this.#received++;
    if (!written.ok) this.#stopReceiving();
    else if (this.settings.receiveLimit !== undefined && this.#received >= this.settings.receiveLimit) {
      this.#stopReceiving();
      this.#stdin = undefined;
    }
    return true;
  }

  #stopReceiving(): void {
    this.socket.shutdown('read');
    this.#netIn = false;
  }

  /** Standard input is over and sent: -N tells the peer, -q begins to count. */
  #endOutput(): void {
    if (!this.#netOut) return;
    const { shutdown, quitAfter } = this.settings;
    if (shutdown) this.socket.shutdown('write');
    this.#netOut = false;
    if (quitAfter !== undefined) this.#quitAt ??= this.process.machine.events.now + quitAfter;
  }
}

/** -C: each newline gets a carriage return before it. */
function withCarriageReturns(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (const [i, byte] of bytes.entries()) {
    if (byte === 10 && bytes[i - 1] !== 13) out.push(13);
    out.push(byte);
  }
  return Uint8Array.from(out);
}
