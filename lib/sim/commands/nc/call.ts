import { type Errno, Ip, strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { parseNumericHost, serviceName } from '../names.ts';
import { getAddresses } from '../socket/resolve.ts';
import { openSocket, type Socket } from '../socket/socket.ts';
import { portNumber } from './address.ts';
import { failure, portsOf, type Settings } from './options.ts';
import { Relay } from './relay.ts';
import { applyOptions } from './socket-options.ts';

/** What -z writes to a UDP port to find out whether somebody refuses it. */
const PROBE = Uint8Array.of(0x58);
const PROBES = 3;

/** Connects to each port in turn; the exit status. */
export function* call(process: Process, node: Node, settings: Settings): Generator<Wait, number, void> {
  let status = 1;
  for (const port of portsOf(process, settings)) {
    const connected = yield* connect(process, node, settings, port);
    if (connected === undefined) continue;
    const { socket, address } = connected;
    status = 0;
    if (settings.verbose || settings.scan) {
      const answers = !settings.udp || (yield* isOpen(socket, settings, process));
      if (!answers) {
        status = 1;
        socket.close();
        continue;
      }
      if (settings.verbose) yield* process.printError(connectionInfo(process, settings, address, port));
    }
    if (!settings.scan) yield* new Relay(process, socket, settings).run();
    socket.close();
    if (settings.interval !== undefined) yield* process.sleep(settings.interval);
  }
  return status;
}

/** remote_connect(): each address of the host until one answers. */
function* connect(
  process: Process,
  node: Node,
  settings: Settings,
  port: number,
): Generator<Wait, { socket: Socket; address: Ip } | undefined, void> {
  const host = settings.host ?? '';
  for (const address of yield* addressesOf(process, node, settings, host, port)) {
    const socket = openSocket(process, node, address.family, settings.udp ? 'dgram' : 'stream');
    applyOptions(socket, settings);
    yield* bindSource(process, node, socket, settings);
    const { now } = process.machine.events;
    const deadline = settings.timeout === undefined ? undefined : now + settings.timeout;
    const connected = yield* socket.connect({ address, port }, deadline);
    if (connected.ok) return { socket, address };
    socket.close();
    if (settings.verbose) yield* process.printError(complaint(settings, host, address, port, connected.error.errno));
  }
  return undefined;
}

function* addressesOf(
  process: Process,
  node: Node,
  settings: Settings,
  host: string,
  port: number,
): Generator<Wait, readonly Ip[], void> {
  const { family, numeric } = settings;
  const isName = parseNumericHost(host) === undefined;
  const found =
    numeric && isName
      ? { ok: false as const, message: 'Name or service not known' }
      : yield* getAddresses(process, node, host, { family });
  if (!found.ok) throw failure(`getaddrinfo for host "${host}" port ${port}: ${found.message}`);
  return found.addresses;
}

function* bindSource(process: Process, node: Node, socket: Socket, settings: Settings): Generator<Wait, void, void> {
  const { sourceAddress, sourcePort } = settings;
  if (sourceAddress === undefined && sourcePort === undefined) return;
  const port = sourcePort === undefined ? 0 : portNumber(process, sourcePort, settings.udp ? 'udp' : 'tcp');
  let address = socket.family === 4 ? Ip.any4 : Ip.any6;
  if (sourceAddress !== undefined) {
    const found = yield* getAddresses(process, node, sourceAddress, { family: socket.family });
    if (!found.ok) throw failure(`getaddrinfo: ${found.message}`);
    address = found.addresses[0] ?? address;
  }
  const bound = socket.bind({ address, port });
  if (!bound.ok) throw failure(`bind failed: ${strerror(bound.error.errno)}`);
}

function complaint({ numeric, udp }: Settings, host: string, address: Ip, port: number, errno: Errno): string {
  const text = String(address);
  const name = numeric || host === text ? host : `${host} (${text})`;
  const what = errno === 'EINPROGRESS' ? 'timed out' : 'failed';
  return `nc: connect to ${name} port ${port} (${udp ? 'udp' : 'tcp'}) ${what}: ${strerror(errno)}\n`;
}

function connectionInfo(process: Process, { numeric, host = '', udp }: Settings, address: Ip, port: number): string {
  const protocol = udp ? 'udp' : 'tcp';
  const service = numeric ? undefined : serviceName(process, port, protocol);
  const shown = numeric || host === String(address) ? host : `${host} (${address})`;
  return `Connection to ${shown} ${port} port [${protocol}/${service ?? '*'}] succeeded!\n`;
}

/** udptest(): a refusal comes as the error of a later write. Only scanning, or a terminal, is worth the bytes. */
function* isOpen(socket: Socket, settings: Settings, process: Process): Generator<Wait, boolean, void> {
  if (!settings.scan && process.fds.get(0)?.kind !== 'tty') return true;
  for (let i = 0; i < PROBES; i++) if (!(yield* socket.sendNow(PROBE)).ok) return false;
  return true;
}
