import { Ip, SECOND, strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { bodyStart, toLatin1 } from '../http/head.ts';
import { getAddresses } from '../socket/resolve.ts';
import { openSocket, type Socket } from '../socket/socket.ts';
import { RequestHandler } from './http-handler.ts';
import type { Output } from './output.ts';

export type ServerSettings = { readonly port: number; readonly bind: string | undefined; readonly directory: string };

/** Connections at a time, and bytes of a request's head: more are refused, as a real machine has limits too. */
const MAX_CONNECTIONS = 200;
const MAX_HEAD = 65_536;

/** `python3 -m http.server`: serves until it is interrupted. A connection is served while others wait (ThreadingMixIn). */
export function* serveHttp(
  process: Process,
  node: Node,
  settings: ServerSettings,
  output: Output,
): Generator<Wait, number, void> {
  const listener = yield* listen(process, node, settings);
  if (typeof listener === 'string') {
    yield* process.printError(listener);
    return 1;
  }
  let interrupted = false;
  process.onSignal('INT', () => {
    interrupted = true;
  });
  process.onSignal('PIPE', 'ignore');
  const { address, port } = listener.local;
  const host = address.family === 6 ? `[${address}]` : String(address);
  yield* output.write(`Serving HTTP on ${address} port ${port} (http://${host}:${port}/) ...\n`);
  const connections = new Set<Connection>();
  while (!interrupted) {
    const isBusy = () => interrupted || listener.canRead || [...connections].some((one) => one.isReady);
    yield* process.waitFor(isBusy, [listener.readable, ...[...connections].map((one) => one.queue)]);
    if (interrupted) break;
    if (listener.canRead && connections.size < MAX_CONNECTIONS) {
      const accepted = yield* listener.accept();
      if (accepted.ok) connections.add(new Connection(process, accepted.value, process.path(settings.directory)));
    }
    for (const connection of connections) {
      if (connection.isReady && !(yield* connection.step())) connections.delete(connection);
    }
  }
  yield* output.write('\nKeyboard interrupt received, exiting.\n');
  return 0;
}

/** The socket; or the traceback that says why there is none. */
function* listen(process: Process, node: Node, { bind, port }: ServerSettings): Generator<Wait, Socket | string, void> {
  let address = Ip.any4;
  if (bind !== undefined) {
    const found = yield* getAddresses(process, node, bind);
    if (!found.ok)
      return traceback(FAMILY_FRAMES, `socket.gaierror: [Errno ${gaiNumber(found.message)}] ${found.message}`);
    address = found.addresses[0] ?? address;
  }
  const socket = openSocket(process, node, address.family, 'stream');
  socket.options.reuseAddress = true;
  // getaddrinfo(3) keeps 16 bits of the number.
  const bound = socket.bind({ address, port: port & 0xffff });
  const listening = bound.ok ? socket.listen(5) : bound;
  if (listening.ok) return socket;
  const { errno } = listening.error;
  const name = errno === 'EACCES' ? 'PermissionError' : 'OSError';
  return traceback(BIND_FRAMES, `${name}: [Errno ${NUMBERS[errno] ?? 22}] ${strerror(errno)}`);
}

const NUMBERS: Readonly<Record<string, number>> = { EADDRINUSE: 98, EADDRNOTAVAIL: 99, EACCES: 13 };

const gaiNumber = (message: string): number =>
  message === 'Name or service not known' ? -2 : message === 'Temporary failure in name resolution' ? -3 : -5;

type FrameLine = readonly [where: string, line: string, name: string, code?: string];

const MAIN_FRAMES: readonly FrameLine[] = [
  ['<frozen runpy>', '198', '_run_module_as_main'],
  ['<frozen runpy>', '88', '_run_code'],
  ['/usr/lib/python3.11/http/server.py', '1309', '<module>', 'test('],
];
const FAMILY_FRAMES: readonly FrameLine[] = [
  ...MAIN_FRAMES,
  [
    '/usr/lib/python3.11/http/server.py',
    '1254',
    'test',
    'ServerClass.address_family, addr = _get_best_family(bind, port)\n                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
  ],
  [
    '/usr/lib/python3.11/http/server.py',
    '1237',
    '_get_best_family',
    'infos = socket.getaddrinfo(\n            ^^^^^^^^^^^^^^^^^^^',
  ],
  [
    '/usr/lib/python3.11/socket.py',
    '962',
    'getaddrinfo',
    'for res in _socket.getaddrinfo(host, port, family, type, proto, flags):\n               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
  ],
];
const BIND_FRAMES: readonly FrameLine[] = [
  ...MAIN_FRAMES,
  [
    '/usr/lib/python3.11/http/server.py',
    '1256',
    'test',
    'with ServerClass(addr, HandlerClass) as httpd:\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
  ],
  ['/usr/lib/python3.11/socketserver.py', '456', '__init__', 'self.server_bind()'],
  [
    '/usr/lib/python3.11/http/server.py',
    '1303',
    'server_bind',
    'return super().server_bind()\n           ^^^^^^^^^^^^^^^^^^^^^',
  ],
  ['/usr/lib/python3.11/http/server.py', '136', 'server_bind', 'socketserver.TCPServer.server_bind(self)'],
  ['/usr/lib/python3.11/socketserver.py', '472', 'server_bind', 'self.socket.bind(self.server_address)'],
];

function traceback(frames: readonly FrameLine[], error: string): string {
  const lines = frames.map(([where, line, name, code]) => {
    const source = code === undefined ? '' : `    ${code}\n`;
    return `  File "${where}", line ${line}, in ${name}\n${source}`;
  });
  return `Traceback (most recent call last):\n${lines.join('')}${error}\n`;
}

/** One client: first its request comes, then the answer goes, as much as the socket takes at a time. */
class Connection {
  #request = '';
  #pieces: Uint8Array[] | undefined;
  readonly #deadline: number;

  constructor(
    private readonly process: Process,
    private readonly socket: Socket,
    private readonly folder: string,
  ) {
    this.#deadline = process.machine.events.now + 3600 * SECOND;
  }

  get isReady(): boolean {
    return this.#pieces === undefined ? this.socket.canRead : this.socket.canWrite;
  }

  get queue() {
    return this.#pieces === undefined ? this.socket.readable : this.socket.writable;
  }

  /** Goes on as far as it can without waiting; false: the connection is over. */
  *step(): Generator<Wait, boolean, void> {
    const going = this.#pieces === undefined ? yield* this.#receive() : true;
    if (going && this.#pieces !== undefined && !(yield* this.#send())) return true;
    if (going && this.#pieces === undefined && this.process.machine.events.now < this.#deadline) return true;
    this.socket.shutdown('write');
    this.socket.close();
    return false;
  }

  *#receive(): Generator<Wait, boolean, void> {
    const piece = this.socket.receiveNow();
    if (!piece.ok) return piece.error.errno === 'EAGAIN';
    if (piece.value.length === 0) return false;
    this.#request += toLatin1(piece.value);
    // The simple request of HTTP/0.9 is a line.
    const end =
      /^[^\n]*\n/.test(this.#request) && !/^\S+ +\S+ +\S/.test(this.#request)
        ? this.#request.indexOf('\n') + 1
        : bodyStart(this.#request);
    if (end === undefined) return this.#request.length < MAX_HEAD;
    const client = String(this.socket.remote?.address ?? '');
    const handler = new RequestHandler(this.process, this.folder, client);
    const { pieces, log } = handler.answer(this.#request.slice(0, end));
    for (const line of log) yield* this.process.printError(line);
    this.#pieces = [...pieces];
    return true;
  }

  /** True when all is sent, or nobody takes it. */
  *#send(): Generator<Wait, boolean, void> {
    const pieces = this.#pieces as Uint8Array[];
    while (pieces.length > 0) {
      const piece = pieces[0] as Uint8Array;
      const sent = yield* this.socket.sendNow(piece);
      if (!sent.ok) return sent.error.errno !== 'EAGAIN';
      if (sent.value < piece.length) pieces[0] = piece.subarray(sent.value);
      else pieces.shift();
    }
    return true;
  }
}
