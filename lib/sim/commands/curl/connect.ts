import { Ip, type Micros, SECOND, strerror } from '../../base/index.ts';
import { getLink } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { Url } from '../http/url.ts';
import { getAddresses } from '../socket/resolve.ts';
import { openSocket, type Socket } from '../socket/socket.ts';
import type { Settings } from './settings.ts';

/** A transfer that failed: curl's number and words. `quiet`: the progress meter stays as it is. */
export class CurlError {
  constructor(
    readonly code: number,
    readonly message: string,
    readonly quiet = false,
  ) {}
}

export type Verbose = (line: string) => Generator<Wait, void, void>;

const CONNECT_TIMEOUT = 300;

/** Finds and reaches servers, for all transfers of a run. */
export class Connector {
  /** Names that were looked up, or given by --resolve. */
  readonly #known = new Map<string, readonly Ip[]>();

  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly settings: Settings,
    private readonly say: Verbose,
  ) {}

  /** --resolve HOST:PORT:ADDRESS */
  *preload(): Generator<Wait, void, void> {
    for (const entry of this.settings.resolve) {
      const found = /^([^:]+):(\d+):(.+)$/.exec(entry.replace(/^\+/, ''));
      const addresses = (found?.[3] ?? '').split(',').map((text) => Ip.parse(text.replace(/^\[|\]$/g, '')));
      if (found === null || addresses.some((ip) => ip === undefined)) {
        throw new CurlError(49, `Couldn't parse CURLOPT_RESOLVE entry '${entry}'`);
      }
      this.#known.set(`${found[1]}:${found[2]}`.toLowerCase(), addresses as Ip[]);
      yield* this.say(`Added ${found[1]}:${found[2]}:${found[3]} to DNS cache`);
    }
  }

  /** @throws CurlError */
  *connect(url: Url, startedAt: Micros, deadline: Micros | undefined): Generator<Wait, Socket, void> {
    const addresses = yield* this.#resolve(url);
    const { events } = this.process.machine;
    const limit = startedAt + (this.settings.connectTimeout ?? CONNECT_TIMEOUT) * SECOND;
    const until = Math.min(limit, deadline ?? limit);
    let code = 7;
    for (const address of addresses) {
      const socket = yield* this.#try(url, address, until);
      if (typeof socket !== 'string') return socket;
      if (socket === 'EINPROGRESS') {
        const elapsed = Math.round((events.now - startedAt) / 1000);
        if (until === deadline) throw new CurlError(28, `Connection timed out after ${elapsed} milliseconds`);
        const where = `Failed to connect to ${url.host} port ${url.port}`;
        throw new CurlError(28, `${where} after ${elapsed} ms: Timeout was reached`);
      }
      if (socket === 'ETIMEDOUT') code = 28;
    }
    const elapsed = Math.floor((events.now - startedAt) / 1000);
    const what = `Failed to connect to ${url.host} port ${url.port} after ${elapsed} ms: Couldn't connect to server`;
    throw new CurlError(code, what);
  }

  *#resolve(url: Url): Generator<Wait, readonly Ip[], void> {
    const key = `${url.host}:${url.port}`.toLowerCase();
    const known = this.#known.get(key);
    if (known !== undefined) {
      yield* this.say(`Hostname ${url.host} was found in DNS cache`);
      return known;
    }
    const { family } = this.settings;
    const found = yield* getAddresses(this.process, this.node, url.host, { family });
    if (!found.ok) {
      if (Ip.parse(url.host) !== undefined) throw new CurlError(7, "Couldn't connect to server");
      throw new CurlError(6, `Could not resolve host: ${url.host}`, true);
    }
    this.#known.set(key, found.addresses);
    return found.addresses;
  }

  /** The connected socket, or why there is none. */
  *#try(url: Url, address: Ip, until: Micros): Generator<Wait, Socket | string, void> {
    const shown = address.family === 6 ? `[${address}]` : String(address);
    yield* this.say(`  Trying ${shown}:${url.port}...`);
    const socket = openSocket(this.process, this.node, address.family, 'stream');
    socket.options.noDelay = true;
    yield* this.#bind(socket, address.family);
    const connected = yield* socket.connect({ address, port: url.port }, until);
    if (connected.ok) return socket;
    const { errno } = connected.error;
    if (errno === 'ENETUNREACH' || errno === 'EACCES' || errno === 'EINVAL') {
      yield* this.say(`Immediate connect fail for ${address}: ${strerror(errno)}`);
    } else if (errno !== 'EINPROGRESS') {
      yield* this.say(`connect to ${address} port ${url.port} failed: ${strerror(errno)}`);
    }
    socket.close();
    return errno;
  }

  /** --interface NAME|ADDRESS and --local-port */
  *#bind(socket: Socket, family: 4 | 6): Generator<Wait, void, void> {
    const { interface: name, localPort } = this.settings;
    if (name === undefined && localPort === undefined) return;
    let address = family === 4 ? Ip.any4 : Ip.any6;
    if (name !== undefined) address = yield* this.#localAddress(socket, name, address);
    if (address.isUnspecified && localPort === undefined) return;
    const bound = socket.bind({ address, port: localPort ?? 0 });
    if (!bound.ok) {
      const number = bound.error.errno === 'EADDRINUSE' ? 98 : 99;
      throw new CurlError(45, `bind failed with errno ${number}: ${strerror(bound.error.errno)}`);
    }
    yield* this.say(`Local port: ${socket.local.port}`);
  }

  *#localAddress(socket: Socket, name: string, any: Ip): Generator<Wait, Ip, void> {
    const ns = this.node.kernel.netns(this.process.netns) ?? this.node.kernel.init;
    const link = getLink(ns, name);
    if (link !== undefined) {
      socket.options.device = link.ifindex;
      return any;
    }
    const found = yield* getAddresses(this.process, this.node, name, { family: any.family });
    const address = found.ok ? found.addresses[0] : undefined;
    if (address === undefined) throw new CurlError(45, `Couldn't bind to '${name}'`);
    const family = any.family === 4 ? 2 : 10;
    yield* this.say(`Name '${name}' family ${family} resolved to '${address}' family ${family}`);
    return address;
  }
}
