import { type Micros, SECOND } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { BodyReader, framingOf } from '../http/body.ts';
import { bodyStart, fieldOf, fromLatin1, type Head, parseHead, toLatin1 } from '../http/head.ts';
import { hostField, type Url } from '../http/url.ts';
import type { Socket } from '../socket/socket.ts';
import { type Connector, CurlError } from './connect.ts';
import type { Meter } from './meter.ts';
import type { Settings } from './settings.ts';
import type { Voice } from './voice.ts';

/** Where a transfer puts what it receives. */
export type Sink = {
  /** A part of the head, where it was asked for. */
  head(text: string): Generator<Wait, void, void>;
  /** A part of the body; false: it could not be written. */
  body(bytes: Uint8Array): Generator<Wait, boolean, void>;
};

/** What is known of a transfer, for --write-out. */
export type Report = {
  status: number;
  version: string;
  contentType: string;
  location: string | undefined;
  headSize: number;
  requestSize: number;
  received: number;
  sent: number;
  connects: number;
  remote: { ip: string; port: number } | undefined;
  local: { ip: string; port: number } | undefined;
  method: string;
  /** Micros from the start: connected, first byte. */
  connectedAt: Micros;
  firstByteAt: Micros;
};

const BUFFER = 102_400;
const MAX_HEAD = 300 * 1024;
const EXPECT_WAIT = SECOND;

/** One request and its response. */
export class Transfer {
  readonly report: Report = {
    status: 0,
    version: '0',
    contentType: '',
    location: undefined,
    headSize: 0,
    requestSize: 0,
    received: 0,
    sent: 0,
    connects: 0,
    remote: undefined,
    local: undefined,
    method: 'GET',
    connectedAt: 0,
    firstByteAt: 0,
  };
  #socket: Socket | undefined;
  /** A server that answered in HTTP/1.0 is spoken to in that when it sends us on. */
  old = false;

  constructor(
    private readonly process: Process,
    private readonly settings: Settings,
    private readonly connector: Connector,
    private readonly voice: Voice,
    private readonly meter: Meter,
    private readonly startedAt: Micros,
  ) {}

  get #now(): Micros {
    return this.process.machine.events.now;
  }

  get #deadline(): Micros | undefined {
    return this.settings.maxTime === undefined ? undefined : this.startedAt + this.settings.maxTime * SECOND;
  }

  /** @throws CurlError */
  *run(url: Url, method: string, sendsBody: boolean, sink: Sink): Generator<Wait, void, void> {
    this.report.method = method;
    const number = this.voice.nextConnection();
    try {
      const socket = yield* this.connector.connect(url, this.startedAt, this.#deadline);
      this.#connected(socket);
      const address = socket.remote?.address;
      yield* this.voice.say(`Connected to ${url.host} (${address}) port ${url.port} (#${number})`);
      yield* this.#send(socket, url, method, sendsBody);
      const keeps = yield* this.#receive(socket, method, sink);
      yield* this.meter.end();
      yield* this.voice.say(
        keeps ? `Connection #${number} to host ${url.host} left intact` : `Closing connection ${number}`,
      );
    } catch (error) {
      if (!(error instanceof CurlError)) throw error;
      yield* this.voice.say(error.message);
      if (!error.quiet) yield* this.meter.end();
      yield* this.voice.say(`Closing connection ${number}`);
      throw error;
    } finally {
      this.#socket?.close();
    }
  }

  #connected(socket: Socket): void {
    this.#socket = socket;
    this.report.connects++;
    this.report.connectedAt = this.#now - this.startedAt;
    const { local, remote } = socket;
    this.report.local = { ip: String(local.address), port: local.port };
    if (remote !== undefined) this.report.remote = { ip: String(remote.address), port: remote.port };
  }

  *#send(socket: Socket, url: Url, method: string, sendsBody: boolean): Generator<Wait, void, void> {
    const { settings } = this;
    const user = settings.user ?? url.user;
    if (user !== undefined) yield* this.voice.say(`Server auth using Basic with user '${user.split(':')[0]}'`);
    const body = sendsBody ? fromLatin1(settings.upload ?? settings.data ?? '') : new Uint8Array(0);
    const head = requestHead(settings, url, method, user, sendsBody ? body.length : undefined, this.old);
    yield* this.voice.sent(head);
    const waits = sendsBody && settings.upload !== undefined;
    const bytes = fromLatin1(head);
    this.report.requestSize += bytes.length + (waits ? 0 : body.length);
    const first = waits ? bytes : Uint8Array.from([...bytes, ...body]);
    yield* this.#write(socket, first);
    if (waits) yield* socket.receive(0, this.#now + EXPECT_WAIT);
    if (waits && !socket.canRead) yield* this.#write(socket, body);
    if (body.length === 0 || (waits && socket.canRead)) return;
    this.report.sent = body.length;
    this.meter.up = body.length;
    this.meter.upTotal = body.length;
    yield* this.voice.data('}', body.length);
  }

  *#write(socket: Socket, bytes: Uint8Array): Generator<Wait, void, void> {
    const sent = yield* socket.send(bytes);
    if (!sent.ok && sent.error.errno !== 'EPIPE' && sent.error.errno !== 'ECONNRESET') {
      throw new CurlError(55, `Send failure: ${sent.error.errno}`);
    }
  }

  /** Whether the connection could be used again. */
  *#receive(socket: Socket, method: string, sink: Sink): Generator<Wait, boolean, void> {
    let text = '';
    for (;;) {
      const end = bodyStart(text);
      if (end === undefined) {
        const piece = yield* this.#read(socket, text === '');
        text += toLatin1(piece);
        if (text.length >= 5 && !/^HTTP\//.test(text)) throw new CurlError(1, 'Received HTTP/0.9 when not allowed');
        if (piece.length === 0 || text.length > MAX_HEAD) throw new CurlError(52, 'Empty reply from server');
        continue;
      }
      const head = parseHead(text.slice(0, end));
      const rest = fromLatin1(text.slice(end));
      const status = Number(/^HTTP\/\S+ +(\d{3})/.exec(head.line)?.[1] ?? 0);
      if (status >= 100 && status < 200) {
        text = text.slice(end);
        continue;
      }
      return yield* this.#response(socket, method, head, status, rest, sink);
    }
  }

  *#read(socket: Socket, first: boolean, reader?: BodyReader): Generator<Wait, Uint8Array, void> {
    for (;;) {
      const tick = this.#now + SECOND;
      const piece = yield* socket.receive(BUFFER, Math.min(tick, this.#deadline ?? tick));
      if (piece.ok) {
        if (piece.value.length > 0 && this.report.firstByteAt === 0)
          this.report.firstByteAt = this.#now - this.startedAt;
        if (piece.value.length === 0 && first) throw new CurlError(52, 'Empty reply from server');
        return piece.value.slice();
      }
      const { errno } = piece.error;
      if (errno !== 'EAGAIN' && errno !== 'EINTR') {
        const words = errno === 'ECONNRESET' ? 'Connection reset by peer' : errno;
        throw new CurlError(56, `Recv failure: ${words}`);
      }
      if (this.#deadline !== undefined && this.#now >= this.#deadline) throw this.#timedOut(reader);
      yield* this.meter.tick();
    }
  }

  #timedOut(reader: BodyReader | undefined): CurlError {
    const elapsed = Math.round((this.#now - this.startedAt) / 1000);
    const total = reader?.framing.kind === 'length' ? ` out of ${reader.framing.length}` : '';
    const received = `${reader?.received ?? 0}${total} bytes received`;
    return new CurlError(28, `Operation timed out after ${elapsed} milliseconds with ${received}`);
  }

  *#response(
    socket: Socket,
    method: string,
    head: Head,
    status: number,
    rest: Uint8Array,
    sink: Sink,
  ): Generator<Wait, boolean, void> {
    const { report, settings } = this;
    report.status = status;
    report.version = /^HTTP\/(\d+(?:\.\d+)?)/.exec(head.line)?.[1] ?? '';
    report.contentType = fieldOf(head, 'Content-Type') ?? '';
    report.location = fieldOf(head, 'Location');
    report.headSize += head.raw.length;
    const framing = framingOf(head, method, status);
    const reader = new BodyReader(framing);
    const keeps = yield* this.#sayHead(head, framing.kind === 'close' && report.version !== '1.0');
    const failing = settings.fail && status >= 400;
    if (framing.kind === 'length') this.meter.downTotal = framing.length;
    if (failing) {
      throw new CurlError(22, `The requested URL returned error: ${status}`);
    }
    yield* sink.head(head.raw);
    const ignored = settings.follow && report.location !== undefined && status >= 300 && status < 400;
    if (ignored && rest.length > 0) yield* this.voice.say('Ignoring the response-body');
    yield* this.#body(socket, reader, rest, ignored ? undefined : sink);
    return keeps && framing.kind !== 'close';
  }

  /** The head as `-v` shows it, with what curl makes of it; whether the connection stays open behind the body. */
  *#sayHead(head: Head, unframed: boolean): Generator<Wait, boolean, void> {
    const { voice, report } = this;
    const old = report.version === '1.0' && !/keep-alive/i.test(fieldOf(head, 'Connection') ?? '');
    if (old) yield* voice.say('HTTP 1.0, assume close after body');
    const lines = head.raw.split(/(?<=\n)/);
    for (const [i, line] of lines.entries()) {
      if (unframed && i === lines.length - 1)
        yield* voice.say('no chunk, no close, no size. Assume close to signal end');
      yield* voice.received(line);
    }
    return !old && !/close/i.test(fieldOf(head, 'Connection') ?? '');
  }

  *#body(socket: Socket, reader: BodyReader, rest: Uint8Array, sink: Sink | undefined): Generator<Wait, void, void> {
    let piece = rest;
    while (!reader.done) {
      if (piece.length === 0) {
        piece = yield* this.#read(socket, false, reader);
        if (piece.length === 0) return this.#ended(reader);
      }
      yield* this.voice.data('{', piece.length);
      const body = reader.take(piece);
      this.report.received += body.length;
      this.meter.down = this.report.received;
      if (sink !== undefined && body.length > 0 && !(yield* sink.body(body))) {
        throw new CurlError(23, 'Failure writing output to destination');
      }
      yield* this.meter.tick();
      piece = new Uint8Array(0);
    }
  }

  /** The server has closed: that ends a body whose length was not said, and cuts any other short. */
  #ended(reader: BodyReader): void {
    if (reader.framing.kind === 'length') {
      throw new CurlError(18, `transfer closed with ${reader.missing} bytes remaining to read`);
    }
    if (reader.framing.kind === 'chunked')
      throw new CurlError(18, 'transfer closed with outstanding read data remaining');
  }
}

/** Own fields take the place of those that curl makes, or with nothing behind the colon take them away. */
function requestHead(
  settings: Settings,
  url: Url,
  method: string,
  user: string | undefined,
  length: number | undefined,
  old: boolean,
): string {
  const own = new Map<string, string | undefined>();
  const extra: string[] = [];
  for (const line of settings.headers) {
    const name = line.split(/[:;]/)[0]?.toLowerCase() ?? '';
    const isMade = MADE.includes(name);
    if (/^[^:]+;\s*$/.test(line)) extra.push(line.replace(/;\s*$/, ':'));
    else if (/^[^:]+:\s*$/.test(line)) own.set(name, undefined);
    else if (isMade) own.set(name, line);
    else extra.push(line);
  }
  const made: readonly (readonly [string, string | undefined])[] = [
    ['Host', hostField(url)],
    ['Authorization', user === undefined ? undefined : `Basic ${btoa(user.includes(':') ? user : `${user}:`)}`],
    ['Range', settings.range === undefined ? undefined : `bytes=${settings.range}`],
    ['User-Agent', settings.agent ?? 'curl/7.88.1'],
    ['Accept', '*/*'],
    ['Accept-Encoding', settings.compressed ? 'deflate, gzip, br, zstd' : undefined],
    ['Referer', settings.referer],
    ['Cookie', settings.cookie],
  ];
  const kept = made.flatMap(([name, value]) => {
    const key = name.toLowerCase();
    if (own.has(key)) return own.get(key) ?? [];
    return value === undefined || value === '' ? [] : `${name}: ${value}`;
  });
  const entity: string[] = [];
  if (length !== undefined && !own.has('content-length')) entity.push(`Content-Length: ${length}`);
  if (length !== undefined && settings.upload !== undefined) entity.push('Expect: 100-continue');
  else if (length !== undefined && !own.has('content-type')) {
    entity.push('Content-Type: application/x-www-form-urlencoded');
  }
  const late = own.get('content-type');
  if (late !== undefined) extra.push(late);
  const version = settings.http10 || old ? '1.0' : '1.1';
  return `${[`${method} ${url.path} HTTP/${version}`, ...kept, ...extra, ...entity].join('\r\n')}\r\n\r\n`;
}

const MADE = [
  'host',
  'user-agent',
  'accept',
  'accept-encoding',
  'referer',
  'cookie',
  'range',
  'authorization',
  'content-type',
  'content-length',
];
