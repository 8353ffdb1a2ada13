import { Ip, strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { parseNumericHost } from '../names.ts';
import { getAddresses, getName } from '../socket/resolve.ts';
import { openSocket, type Socket, type SocketAddress } from '../socket/socket.ts';
import { portNumber } from './address.ts';
import { failure, type Settings } from './options.ts';
import { Relay } from './relay.ts';
import { applyOptions } from './socket-options.ts';

const BACKLOG = 1;

/** Waits for a caller, or with -k for one after another. */
export function* serve(process: Process, node: Node, settings: Settings): Generator<Wait, number, void> {
  const listener = yield* listen(process, node, settings);
  for (;;) {
    if (settings.udp) yield* serveDatagrams(process, node, settings, listener);
    else {
      const accepted = yield* listener.accept();
      if (!accepted.ok) throw failure(`accept: ${strerror(accepted.error.errno)}`);
      const connection = accepted.value;
      if (settings.verbose) yield* report(process, node, settings, 'Connection received', connection.remote);
      yield* new Relay(process, connection, settings).run();
      connection.close();
    }
    if (!settings.keep) return 0;
  }
}

/** local_listen() */
function* listen(process: Process, node: Node, settings: Settings): Generator<Wait, Socket, void> {
  const protocol = settings.udp ? 'udp' : 'tcp';
  const port = portNumber(process, settings.port, protocol);
  let errno: Parameters<typeof strerror>[0] = 'EADDRNOTAVAIL';
  for (const address of yield* localAddresses(process, node, settings)) {
    const socket = openSocket(process, node, address.family, settings.udp ? 'dgram' : 'stream');
    socket.options.reuseAddress = true;
    socket.options.reusePort = true;
    applyOptions(socket, settings);
    const bound = socket.bind({ address, port });
    const listening = bound.ok && !settings.udp ? socket.listen(BACKLOG) : bound;
    if (listening.ok) {
      if (settings.verbose) yield* report(process, node, settings, settings.udp ? 'Bound' : 'Listening', socket.local);
      return socket;
    }
    errno = listening.error.errno;
    socket.close();
  }
  throw failure(strerror(errno));
}

function* localAddresses(process: Process, node: Node, settings: Settings): Generator<Wait, readonly Ip[], void> {
  const { host, family, numeric } = settings;
  if (host === undefined) return family === 4 ? [Ip.any4] : family === 6 ? [Ip.any6] : [Ip.any4, Ip.any6];
  const isName = parseNumericHost(host) === undefined;
  const found =
    numeric && isName
      ? { ok: false as const, message: 'Name or service not known' }
      : yield* getAddresses(process, node, host, { family });
  if (!found.ok) throw failure(`getaddrinfo: ${found.message}`);
  return found.addresses;
}

/** With -k the socket hears everybody; without, whoever speaks first. */
function* serveDatagrams(
  process: Process,
  node: Node,
  settings: Settings,
  socket: Socket,
): Generator<Wait, void, void> {
  if (!settings.keep) {
    const caller = yield* socket.peek();
    if (!caller.ok) throw failure(`recvfrom: ${strerror(caller.error.errno)}`);
    yield* socket.connect(caller.value.from);
    if (settings.verbose) yield* report(process, node, settings, 'Connection received', caller.value.from);
  }
  yield* new Relay(process, socket, settings).run();
}

/** report_sock() */
function* report(
  process: Process,
  node: Node,
  settings: Settings,
  what: string,
  end: SocketAddress | undefined,
): Generator<Wait, void, void> {
  if (end === undefined) return;
  const found = settings.numeric ? undefined : yield* getName(process, node, end.address);
  if (found?.kind === 'try again') {
    yield* process.printError('nc: getnameinfo: Temporary failure in name resolution\n');
    return;
  }
  yield* process.printError(`${what} on ${found?.kind === 'name' ? found.name : end.address} ${end.port}\n`);
}
