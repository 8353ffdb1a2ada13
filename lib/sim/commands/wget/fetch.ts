import { type Errno, type Ip, SECOND, strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { BodyReader, framingOf } from '../http/body.ts';
import { bodyStart, fromLatin1, type Head, parseHead, toLatin1 } from '../http/head.ts';
import { hostField, type Url } from '../http/url.ts';
import { getAddresses } from '../socket/resolve.ts';
import { openSocket, type Socket } from '../socket/socket.ts';

export type Request = {
  readonly method: string;
  readonly body: string | undefined;
  readonly headers: readonly string[];
  readonly agent: string;
  /** Seconds that connecting or waiting for data may take. */
  readonly timeout: number;
  readonly family: 4 | 6 | undefined;
};

/** What went wrong, in wget's words; `fatal`: another try would not help. */
export class FetchError {
  constructor(
    readonly message: string,
    readonly status: number,
    readonly fatal: boolean,
  ) {}
}

export type Log = (text: string) => Generator<Wait, void, void>;

/** A response: its head is there, its body comes. */
export class Response {
  readonly status: number;
  readonly reason: string;
  readonly reader: BodyReader;

  constructor(
    readonly head: Head,
    method: string,
    private readonly socket: Socket,
    private readonly process: Process,
    private readonly timeout: number,
    private rest: Uint8Array,
  ) {
    const [, status = '0', reason = ''] = /^HTTP\/\S+ +(\d{3}) ?(.*)/.exec(head.line) ?? [];
    this.status = Number(status);
    this.reason = reason;
    this.reader = new BodyReader(framingOf(head, method, this.status));
  }

  /** The next part of the body; undefined at its end. */
  *next(): Generator<Wait, Uint8Array | undefined, void> {
    while (!this.reader.done) {
      let piece = this.rest;
      this.rest = new Uint8Array(0);
      if (piece.length === 0) {
        const got = yield* this.socket.receive(8192, this.process.machine.events.now + this.timeout * SECOND);
        if (!got.ok)
          throw new FetchError(`Read error at byte ${this.reader.received} (${words(got.error.errno)}).`, 4, false);
        if (got.value.length === 0) {
          if (this.reader.framing.kind !== 'length') return undefined;
          throw new FetchError(`Connection closed at byte ${this.reader.received}. `, 4, false);
        }
        piece = got.value.slice();
      }
      const body = this.reader.take(piece);
      if (body.length > 0) return body;
    }
    return undefined;
  }

  close(): void {
    this.socket.close();
  }
}

const words = (errno: Errno): string =>
  errno === 'EAGAIN' || errno === 'EINPROGRESS' ? 'Connection timed out' : strerror(errno);

/** Names that were resolved in this run are not told again. */
export class Fetcher {
  readonly #known = new Map<string, readonly Ip[]>();

  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly request: Request,
    private readonly log: Log,
  ) {}

  /** @throws FetchError */
  *get(url: Url, method: string, printHead: boolean): Generator<Wait, Response, void> {
    const socket = yield* this.#connect(url);
    yield* this.log('HTTP request sent, awaiting response... ');
    const sent = yield* socket.send(fromLatin1(this.#text(url, method)));
    if (!sent.ok) throw new FetchError(`Failed writing HTTP request: ${strerror(sent.error.errno)}.`, 4, false);
    return yield* this.#response(socket, method, printHead);
  }

  #text(url: Url, method: string): string {
    const { body, agent, headers } = this.request;
    const lines = [
      `${method} ${url.path} HTTP/1.1`,
      `Host: ${hostField(url)}`,
      `User-Agent: ${agent}`,
      'Accept: */*',
      'Accept-Encoding: identity',
      'Connection: Keep-Alive',
      ...(body === undefined
        ? []
        : ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`]),
    ];
    for (const header of headers) {
      const name = header.split(':')[0]?.toLowerCase() ?? '';
      const at = lines.findIndex((line) => line.toLowerCase().startsWith(`${name}:`));
      if (at > 0) lines[at] = header;
      else lines.push(header);
    }
    return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
  }

  *#addresses(url: Url): Generator<Wait, readonly Ip[], void> {
    const known = this.#known.get(url.host);
    if (known !== undefined) return known;
    const numeric = /^[\d.]+$|:/.test(url.host);
    if (!numeric) yield* this.log(`Resolving ${url.host} (${url.host})... `);
    const found = yield* getAddresses(this.process, this.node, url.host, { family: this.request.family });
    if (!found.ok) {
      if (!numeric) yield* this.log(`failed: ${found.message}.\n`);
      throw new FetchError(`wget: unable to resolve host address ‘${url.host}’\n`, 4, true);
    }
    if (!numeric) yield* this.log(`${found.addresses.join(', ')}\n`);
    this.#known.set(url.host, found.addresses);
    return found.addresses;
  }

  *#connect(url: Url): Generator<Wait, Socket, void> {
    const addresses = yield* this.#addresses(url);
    let last: Errno = 'ECONNREFUSED';
    for (const address of addresses) {
      const place = address.family === 6 ? `[${address}]` : String(address);
      const shown = url.host === String(address) ? place : `${url.host} (${url.host})|${address}|`;
      yield* this.log(`Connecting to ${shown}:${url.port}... `);
      const socket = openSocket(this.process, this.node, address.family, 'stream');
      const deadline = this.process.machine.events.now + this.request.timeout * SECOND;
      const connected = yield* socket.connect({ address, port: url.port }, deadline);
      if (connected.ok) {
        yield* this.log('connected.\n');
        return socket;
      }
      socket.close();
      last = connected.error.errno;
      yield* this.log(`failed: ${words(last)}.\n`);
    }
    throw new FetchError('', 4, last !== 'EINPROGRESS' && last !== 'ETIMEDOUT');
  }

  *#response(socket: Socket, method: string, printHead: boolean): Generator<Wait, Response, void> {
    let text = '';
    for (;;) {
      const end = bodyStart(text);
      if (end !== undefined) {
        const head = parseHead(text.slice(0, end));
        const rest = fromLatin1(text.slice(end));
        const response = new Response(head, method, socket, this.process, this.request.timeout, rest);
        yield* this.#sayHead(head, response, printHead);
        return response;
      }
      const got = yield* socket.receive(8192, this.process.machine.events.now + this.request.timeout * SECOND);
      if (!got.ok) throw new FetchError(`Read error (${words(got.error.errno)}) in headers.\n`, 4, false);
      if (got.value.length === 0) throw new FetchError('No data received.\n', 4, false);
      text += toLatin1(got.value);
    }
  }

  *#sayHead(head: Head, response: Response, all: boolean): Generator<Wait, void, void> {
    if (!all) return yield* this.log(`${response.status} ${response.reason}\n`);
    yield* this.log('\n');
    const lines = head.raw.split(/\r?\n/).filter((line) => line !== '');
    yield* this.process.printError(lines.map((line) => `  ${line}\n`).join(''));
  }
}
