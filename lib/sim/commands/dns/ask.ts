import { type Errno, type Ip, type Micros, SECOND } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { DNS_CLASS_IN, DNS_TYPE, type DnsMessage, emitDns, parseDns } from '../../wire/dns/index.ts';
import type { Node } from '../../world/index.ts';
import { openSocket, type Socket } from '../socket/socket.ts';

/** One question as BIND's tools ask it: of one server, a few times. */
export type Query = {
  readonly name: string;
  readonly type: number;
  readonly port: number;
  readonly tcp: boolean;
  readonly tries: number;
  /** Seconds that a try waits. */
  readonly timeout: number;
  readonly recurse: boolean;
  readonly authentic: boolean;
  /** undefined: no EDNS. */
  readonly edns: { readonly size: number; readonly dnssec: boolean; readonly cookie: boolean } | undefined;
  /** A truncated answer is taken as it is. */
  readonly ignoreTruncation: boolean;
};

export type Reply = {
  readonly message: DnsMessage;
  readonly size: number;
  readonly tcp: boolean;
  readonly took: Micros;
  readonly server: Ip;
};

type Say = (line: string) => Generator<Wait, void, void>;

/** Asks; undefined: the server was not reached, which `say` was told of try by try. */
export function* ask(
  process: Process,
  node: Node,
  server: Ip,
  query: Query,
  say: Say,
): Generator<Wait, Reply | undefined, void> {
  const asker = new Asker(process, node, server, query, say);
  for (let i = 0; i < query.tries; i++) {
    const reply = query.tcp ? yield* asker.overTcp() : yield* asker.overUdp();
    if (reply !== undefined) return reply;
  }
  return undefined;
}

/** Errors in the words of libuv's and BIND's results. */
const WORDS: Partial<Readonly<Record<Errno, string>>> = {
  EAGAIN: 'timed out',
  EINPROGRESS: 'timed out',
  ETIMEDOUT: 'timed out',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
};

const wordsOf = (errno: Errno): string => WORDS[errno] ?? 'unexpected error';

class Asker {
  readonly #message: DnsMessage;

  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly server: Ip,
    private readonly query: Query,
    private readonly say: Say,
  ) {
    this.#message = questionOf(process, query);
  }

  get #now(): Micros {
    return this.process.machine.events.now;
  }

  get #place(): string {
    return `${this.server}#${this.query.port}`;
  }

  *overUdp(): Generator<Wait, Reply | undefined, void> {
    const startedAt = this.#now;
    const socket = openSocket(this.process, this.node, this.server.family, 'dgram');
    try {
      const connected = yield* socket.connect({ address: this.server, port: this.query.port });
      if (!connected.ok) return yield* this.#unreachable('UDP setup with', connected.error.errno);
      yield* socket.send(emitDns(this.#message));
      const reply = yield* this.#receive(socket, startedAt);
      if (reply === undefined || !reply.message.truncated || this.query.ignoreTruncation) return reply;
      yield* this.say(';; Truncated, retrying in TCP mode.');
      return yield* this.overTcp();
    } finally {
      socket.close();
    }
  }

  *#receive(socket: Socket, startedAt: Micros): Generator<Wait, Reply | undefined, void> {
    const deadline = startedAt + this.query.timeout * SECOND;
    for (;;) {
      const datagram = yield* socket.receive(undefined, deadline);
      if (!datagram.ok) {
        yield* this.say(`;; communications error to ${this.#place}: ${wordsOf(datagram.error.errno)}`);
        return undefined;
      }
      const message = parseDns(datagram.value);
      if (message === undefined || !message.response || message.id !== this.#message.id) continue;
      return { message, size: datagram.value.length, tcp: false, took: this.#now - startedAt, server: this.server };
    }
  }

  *overTcp(): Generator<Wait, Reply | undefined, void> {
    const startedAt = this.#now;
    const deadline = startedAt + this.query.timeout * SECOND;
    const socket = openSocket(this.process, this.node, this.server.family, 'stream');
    try {
      const connected = yield* socket.connect({ address: this.server, port: this.query.port }, deadline);
      if (!connected.ok) return yield* this.#unreachable('Connection to', connected.error.errno);
      const bytes = emitDns(this.#message);
      yield* socket.send(Uint8Array.of(bytes.length >> 8, bytes.length & 255, ...bytes));
      const received: number[] = [];
      while (received.length < 2 || received.length < 2 + (received[0] as number) * 256 + (received[1] as number)) {
        const piece = yield* socket.receive(undefined, deadline);
        if (piece.ok && piece.value.length > 0) received.push(...piece.value);
        else {
          const why = piece.ok ? 'end of file' : wordsOf(piece.error.errno);
          yield* this.say(`;; communications error to ${this.#place}: ${why}`);
          return undefined;
        }
      }
      const message = parseDns(Uint8Array.from(received.slice(2)));
      if (message === undefined) return undefined;
      return { message, size: received.length - 2, tcp: true, took: this.#now - startedAt, server: this.server };
    } finally {
      socket.close();
    }
  }

  *#unreachable(what: string, errno: Errno): Generator<Wait, undefined, void> {
    const place = `${this.#place}(${this.server})`;
    yield* this.say(`;; ${what} ${place} for ${this.query.name} failed: ${wordsOf(errno)}.`);
    if (what === 'UDP setup with') yield* this.say(';; no servers could be reached');
    return undefined;
  }
}

const EDNS_COOKIE = 10;
const DNSSEC_OK = 0x8000;

function questionOf(process: Process, { name, type, recurse, authentic, edns }: Query): DnsMessage {
  const { random } = process.machine;
  const cookie =
    edns?.cookie === true ? [0, EDNS_COOKIE, 0, 8, ...Array.from({ length: 8 }, () => random.int(0, 255))] : [];
  return {
    id: random.int(0, 0xffff),
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: recurse,
    recursionAvailable: false,
    authenticData: authentic,
    checkingDisabled: false,
    rcode: 0,
    questions: [{ name, type, class: DNS_CLASS_IN }],
    answers: [],
    authorities: [],
    additionals:
      edns === undefined
        ? []
        : [
            {
              name: '.',
              type: DNS_TYPE.OPT,
              class: edns.size,
              ttl: edns.dnssec ? DNSSEC_OK : 0,
              data: { form: 'bytes', bytes: Uint8Array.from(cookie) },
            },
          ],
  };
}
