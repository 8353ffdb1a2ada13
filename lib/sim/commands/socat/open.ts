import { type Errno, Ip, type Result, SECOND, strerror } from '../../base/index.ts';
import type { OpenFile, Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { lookUpService } from '../names.ts';
import { getAddresses } from '../socket/resolve.ts';
import { openSocket, type Socket, type SocketAddress } from '../socket/socket.ts';
import type { SocatAddress } from './address.ts';
import { Failure } from './failure.ts';

/** An open address: what is read from it, what is written to it, and how its writing side ends. */
export type Channel = {
  readonly input: OpenFile | undefined;
  readonly output: OpenFile | undefined;
  /** The descriptor that is read. */
  readonly fd: number;
  endOutput(): void;
};

/** A listener that forks: each caller is served by a child, which opens the other address. */
export type Listener = { next(): Generator<Wait, Socket, void> };

const BACKLOG = 5;
/** socat keeps the lower descriptors for itself. */
const LOWEST_FD = 5;

type Context = { readonly process: Process; readonly node: Node };

const isUdp = (type: string): boolean => type.startsWith('UDP');

const familyOf = (type: string): 4 | 6 | undefined => (type.includes('4-') ? 4 : type.includes('6-') ? 6 : undefined);

const describe = ({ address, port }: SocketAddress): string =>
  address.family === 4 ? `AF=2 ${address}:${port}` : `AF=10 [${address}]:${port}`;

const sizeOf = (address: Ip): number => (address.family === 4 ? 16 : 28);

export const isListener = ({ type }: SocatAddress): boolean => /-(LISTEN|RECVFROM|RECV)$/.test(type);

export function channelOf(process: Process, socket: Socket): Channel {
  const file = process.fds.get(socket.fd);
  return { input: file, output: file, fd: socket.fd, endOutput: () => void socket.shutdown('write') };
}

/** Opens any address but a listener that forks. */
export function* openAddress(context: Context, address: SocatAddress): Generator<Wait, Channel, void> {
  const { process } = context;
  const { type, parameters } = address;
  const close = (): void => {};
  switch (type) {
    case 'STDIO':
      return { input: process.fds.get(0), output: process.fds.get(1), fd: 0, endOutput: close };
    case 'STDIN':
      return { input: process.fds.get(0), output: undefined, fd: 0, endOutput: close };
    case 'STDOUT':
    case 'STDERR':
      return { input: undefined, output: process.fds.get(type === 'STDOUT' ? 1 : 2), fd: 0, endOutput: close };
    case 'OPEN':
    case 'GOPEN':
    case 'CREATE':
      return openFile(process, address);
    case 'EXEC':
    case 'SYSTEM':
      return runCommand(
        process,
        type === 'SYSTEM' ? ['sh', '-c', parameters[0] ?? ''] : (parameters[0] ?? '').split(/\s+/),
      );
    default:
      if (!isListener(address)) return channelOf(process, yield* connect(context, address));
      return channelOf(process, yield* (yield* listen(context, address)).next());
  }
}

function openFile(process: Process, { type, parameters, options }: SocatAddress): Channel {
  const path = parameters[0] ?? '';
  const creates = type === 'CREATE' || options.has('creat') || options.has('create');
  const write =
    !options.has('rdonly') && (creates || options.has('wronly') || options.has('rdwr') || options.has('append'));
  const flags = {
    read: !options.has('wronly') && type !== 'CREATE',
    write,
    create: creates,
    truncate: type === 'CREATE' || options.has('trunc'),
    append: options.has('append'),
  };
  const opened = process.machine.fs.open(process.path(path), flags, process);
  if (!opened.ok) throw new Failure(`open("${path}", 02, 0666): ${strerror(opened.error.errno)}`);
  const fd = process.addFd(opened.value, LOWEST_FD);
  return { input: opened.value, output: write ? opened.value : undefined, fd, endOutput: () => {} };
}

/** A child on two pipes. */
function runCommand(process: Process, words: readonly string[]): Channel {
  const resolved = process.resolve(words[0] ?? '');
  if (!resolved.ok) throw new Failure(`execvp("${words[0]}", "${words[0]}"): ${strerror(resolved.error.errno)}`);
  const [down, up] = [process.machine.pipe(), process.machine.pipe()];
  const errors = process.fds.get(2);
  const fds = new Map([[0, down.reader], [1, up.writer], ...(errors === undefined ? [] : [[2, errors] as const])]);
  const { program, argvPrefix } = resolved.value;
  const [writer, reader] = [process.addFd(down.writer, LOWEST_FD), process.addFd(up.reader, LOWEST_FD)];
  process.spawn(program, { argv: [...argvPrefix, ...words.slice(1)], fds });
  return {
    input: process.fds.get(reader),
    output: process.fds.get(writer),
    fd: reader,
    endOutput: () => void process.closeFd(writer),
  };
}

function applyOptions(socket: Socket, { options }: SocatAddress): void {
  socket.options.reuseAddress = options.has('reuseaddr');
  socket.options.reusePort = options.has('reuseport');
  socket.options.broadcast = options.has('broadcast');
  socket.options.noDelay = options.has('nodelay');
  socket.options.keepAlive = options.has('keepalive');
  const ttl = Number(options.get('ttl'));
  if (ttl > 0) socket.options.ttl = ttl;
  const only = options.get('ipv6only') ?? options.get('ipv6-v6only');
  if (options.has('ipv6only') || options.has('ipv6-v6only')) socket.options.v6Only = only !== '0';
}

function portOf(process: Process, text: string, udp: boolean, host: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  const service = lookUpService(process, text);
  if (service?.protocols.includes(udp ? 'udp' : 'tcp') === true) return service.port;
  throw new Failure(`getaddrinfo("${host}", "${text}", {1,2,1,0}, {}): Servname not supported for ai_socktype`);
}

/** `bind=ADDRESS[:PORT]`, `sourceport=PORT` */
function* bindLocal(
  context: Context,
  socket: Socket,
  { options }: SocatAddress,
  port: number,
): Generator<Wait, void, void> {
  const text = options.get('bind');
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text ?? '');
  const host = match?.[1] ?? match?.[2] ?? '';
  let address = socket.family === 4 ? Ip.any4 : Ip.any6;
  if (host !== '') {
    const found = yield* getAddresses(context.process, context.node, host, { family: socket.family });
    if (!found.ok) throw new Failure(`getaddrinfo("${host}", "NULL", {1,0,1,6}, {}): ${found.message}`);
    address = found.addresses[0] ?? address;
  }
  const to = { address, port: match?.[3] === undefined ? port : Number(match[3]) };
  check(socket.bind(to), (text_) => `bind(${socket.fd}, {${describe(to)}}, ${sizeOf(address)}): ${text_}`);
}

function check(result: Result<void>, say: (text: string) => string): void {
  if (!result.ok) throw new Failure(say(strerror(result.error.errno)));
}

function* connect(context: Context, address: SocatAddress): Generator<Wait, Socket, void> {
  const { process, node } = context;
  const [host = '', portText = ''] = address.parameters;
  const udp = isUdp(address.type);
  const bare = host.replace(/^\[|\]$/g, '');
  const port = portOf(process, portText, udp, bare);
  const found = yield* getAddresses(process, node, bare, { family: familyOf(address.type) });
  if (!found.ok) throw new Failure(`getaddrinfo("${bare}", "NULL", {1,0,1,6}, {}): ${found.message}`);
  let problem = '';
  for (const ip of found.addresses) {
    const socket = openSocket(process, node, ip.family, udp ? 'dgram' : 'stream', LOWEST_FD);
    applyOptions(socket, address);
    const source = Number(address.options.get('sourceport') ?? address.options.get('sp') ?? 0);
    if (source > 0 || address.options.has('bind')) yield* bindLocal(context, socket, address, source);
    const connected = yield* socket.connect({ address: ip, port }, deadlineOf(process, address));
    if (connected.ok) return socket;
    const errno: Errno = connected.error.errno === 'EINPROGRESS' ? 'ETIMEDOUT' : connected.error.errno;
    problem = `connect(${socket.fd}, ${describe({ address: ip, port })}, ${sizeOf(ip)}): ${strerror(errno)}`;
    socket.close();
  }
  throw new Failure(problem);
}

function deadlineOf(process: Process, { options }: SocatAddress): number | undefined {
  const seconds = Number(options.get('connect-timeout'));
  return seconds > 0 ? process.machine.events.now + Math.round(seconds * SECOND) : undefined;
}

/** Binds, and gives one caller after another. Datagrams are given as sockets that are connected to their senders. */
export function* listen(context: Context, address: SocatAddress): Generator<Wait, Listener, void> {
  const udp = isUdp(address.type);
  const socket = yield* bound(context, address, udp);
  if (!udp) {
    check(
      socket.listen(Number(address.options.get('backlog') ?? BACKLOG)),
      (text) => `listen(${socket.fd}, 5): ${text}`,
    );
    return { next: () => accept(socket) };
  }
  let current = socket;
  return {
    *next() {
      const caller = yield* current.peek();
      if (!caller.ok) throw new Failure(`recvfrom(): ${strerror(caller.error.errno)}`);
      if (address.type.endsWith('-RECV')) return current;
      const serving = current;
      yield* serving.connect(caller.value.from);
      if (address.options.has('fork')) current = yield* bound(context, address, udp);
      return serving;
    },
  };
}

function* bound(context: Context, address: SocatAddress, udp: boolean): Generator<Wait, Socket, void> {
  const port = portOf(context.process, address.parameters[0] ?? '', udp, 'NULL');
  const family = familyOf(address.type) ?? (address.options.get('pf') === 'ip6' ? 6 : 4);
  const socket = openSocket(context.process, context.node, family, udp ? 'dgram' : 'stream', LOWEST_FD);
  applyOptions(socket, address);
  if (udp && address.options.has('fork')) socket.options.reuseAddress = true;
  yield* bindLocal(context, socket, address, port);
  return socket;
}

function* accept(listener: Socket): Generator<Wait, Socket, void> {
  const accepted = yield* listener.accept();
  if (!accepted.ok) throw new Failure(`accept(): ${strerror(accepted.error.errno)}`);
  return accepted.value;
}
