import { type Ip, type Micros, SECOND } from '../../base/index.ts';
import { inet, type SocketAddress } from '../../kernel/inet/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { DNS_CLASS_IN, DNS_RCODE, type DnsMessage, emitDns, labelsOf, parseDns } from '../../wire/dns/index.ts';
import type { Node } from '../../world/index.ts';
import type { ResolverConfig } from './resolver-config.ts';
import { openSocket, type Socket } from './socket.ts';

const PORT = 53;

/** What became of a question: an answer with the record, or why there is none (netdb.h's h_errno). */
export type Answer =
  | { readonly kind: 'answer'; readonly message: DnsMessage }
  | { readonly kind: 'no such name' }
  | { readonly kind: 'no data' }
  /** No server answered usefully: it may be otherwise next time. */
  | { readonly kind: 'try again' };

/**
 * The stub resolver of the C library (res_send): asks the name servers in turn, all types of one name at once from one
 * socket, over TCP when an answer does not fit a datagram.
 */
export class DnsClient {
  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly config: ResolverConfig,
  ) {
    node.kernel.load(inet);
  }

  /** One answer for each type; `name` is complete. */
  *ask(name: string, types: readonly number[]): Generator<Wait, Answer[], void> {
    if (labelsOf(name) === undefined) return types.map(() => ({ kind: 'no such name' }));
    const { servers, attempts, timeout } = this.config;
    for (let attempt = 0; attempt < attempts; attempt++) {
      for (const [i, server] of servers.entries()) {
        const wait = (timeout * SECOND * 2 ** i) / (i > 0 ? servers.length : 1);
        const answers = yield* this.#askServer(server, name, types, wait);
        if (answers !== undefined) return answers;
      }
    }
    return types.map(() => ({ kind: 'try again' }));
  }

  /** undefined: the next server may know more. */
  *#askServer(
    server: Ip,
    name: string,
    types: readonly number[],
    wait: Micros,
  ): Generator<Wait, Answer[] | undefined, void> {
    const socket = openSocket(this.process, this.node, server.family, 'dgram');
    try {
      const to = { address: server, port: PORT };
      if (!(yield* socket.connect(to)).ok) return undefined;
      const queries = types.map((type) => this.#query(name, type));
      for (const query of queries) if (!(yield* socket.send(emitDns(query))).ok) return undefined;
      const messages = yield* this.#collect(socket, queries, this.process.machine.events.now + wait);
      if (messages === undefined) return undefined;
      const answers: Answer[] = [];
      for (const [i, message] of messages.entries()) {
        const whole = message.truncated ? yield* this.#askOverTcp(to, queries[i] as DnsMessage, wait) : message;
        const answer = whole === undefined ? undefined : answerOf(whole);
        if (answer === undefined) return undefined;
        answers.push(answer);
      }
      return answers;
    } finally {
      socket.close();
    }
  }

  #query(name: string, type: number): DnsMessage {
    return {
      id: this.process.machine.random.int(0, 0xffff),
      response: false,
      opcode: 0,
      authoritative: false,
      truncated: false,
      recursionDesired: true,
      recursionAvailable: false,
      authenticData: false,
      checkingDisabled: false,
      rcode: 0,
      questions: [{ name, type, class: DNS_CLASS_IN }],
      answers: [],
      authorities: [],
      additionals: [],
    };
  }

  /** The answers to all queries, in their order; undefined when they do not come in time. */
  *#collect(
    socket: Socket,
    queries: readonly DnsMessage[],
    deadline: Micros,
  ): Generator<Wait, DnsMessage[] | undefined, void> {
    const found = new Map<number, DnsMessage>();
    while (found.size < queries.length) {
      const datagram = yield* socket.receive(undefined, deadline);
      if (!datagram.ok) return undefined;
      const message = parseDns(datagram.value);
      if (message?.response === true && queries.some(({ id }) => id === message.id)) found.set(message.id, message);
    }
    return queries.map(({ id }) => found.get(id) as DnsMessage);
  }

  *#askOverTcp(to: SocketAddress, query: DnsMessage, wait: Micros): Generator<Wait, DnsMessage | undefined, void> {
    const socket = openSocket(this.process, this.node, to.address.family, 'stream');
    const deadline = this.process.machine.events.now + wait;
    try {
      if (!(yield* socket.connect(to, deadline)).ok) return undefined;
      const bytes = emitDns(query);
      const sent = yield* socket.send(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff, ...bytes));
      if (!sent.ok) return undefined;
      const received: number[] = [];
      while (received.length < 2 || received.length < 2 + ((received[0] ?? 0) << 8) + (received[1] ?? 0)) {
        const part = yield* socket.receive(undefined, deadline);
        if (!part.ok || part.value.length === 0) return undefined;
        received.push(...part.value);
      }
      return parseDns(Uint8Array.from(received.slice(2)));
    } finally {
      socket.close();
    }
  }
}

/** undefined: the server could not, or would not. */
function answerOf(message: DnsMessage): Answer | undefined {
  if (message.rcode === DNS_RCODE.NXDOMAIN) return { kind: 'no such name' };
  if (message.rcode !== DNS_RCODE.NOERROR) return undefined;
  return message.answers.length > 0 ? { kind: 'answer', message } : { kind: 'no data' };
}
