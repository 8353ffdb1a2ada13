import type { Ip, Random } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';
import { isWildcard } from './address.ts';

/** Whoever uses a local port: a socket, or what is left of one (TIME-WAIT). */
export type PortUser = {
  readonly local: { readonly address: Ip; readonly port: number };
  readonly family: 4 | 6;
  readonly v6Only: boolean;
  readonly options: { readonly reuseAddress: boolean; readonly reusePort: boolean; readonly device: number };
  /** A listening socket shares its port with nobody but by SO_REUSEPORT. */
  readonly listening?: boolean;
  /** The port was asked for by bind(2), not found by connect(2). */
  readonly boundPort: boolean;
};

/** The local ports of one protocol in one namespace (struct inet_hashinfo's bind hash; udp_table). */
export class PortTable {
  readonly #ns: NetNs;
  readonly #random: Random;
  readonly #users = new Map<number, Set<PortUser>>();
  /** Automatic binds take odd ports, connections even ones, while there are such (inet_csk_find_open_port). */
  readonly #parity: boolean;

  constructor(ns: NetNs, random: Random, parity: boolean) {
    this.#ns = ns;
    this.#random = random;
    this.#parity = parity;
  }

  usersOf(port: number): Iterable<PortUser> {
    return this.#users.get(port) ?? [];
  }

  /** Everybody who has a port, by its number. */
  *all(): Generator<PortUser> {
    for (const port of [...this.#users.keys()].sort((a, b) => a - b)) yield* this.usersOf(port);
  }

  add(user: PortUser, port = user.local.port): void {
    const users = this.#users.get(port) ?? new Set();
    users.add(user);
    this.#users.set(port, users);
  }

  remove(user: PortUser): void {
    const { port } = user.local;
    const users = this.#users.get(port);
    if (users?.delete(user) === true && users.size === 0) this.#users.delete(port);
  }

  /** Takes `wanted`, or a free port when it is 0; undefined: EADDRINUSE. */
  bind(user: PortUser, wanted: number): number | undefined {
    const port = wanted !== 0 ? wanted : this.#find(user);
    if (port === undefined || this.conflicts(user, port)) return undefined;
    this.add(user, port);
    return port;
  }

  #find(user: PortUser): number | undefined {
    const { low, count } = this.range();
    const start = this.#random.int(0, count - 1);
    for (const parity of this.#parity ? [1, 0] : [undefined]) {
      for (let i = 0; i < count; i++) {
        const port = low + ((start + i) % count);
        if ((parity === undefined || ((port - low) & 1) === parity) && !this.isReserved(port) && !this.#users.has(port))
          return port;
      }
    }
    return this.#sharable(user, low, count);
  }

  /** No port is free altogether: one whose users have another address will do. */
  #sharable(user: PortUser, low: number, count: number): number | undefined {
    for (let port = low; port < low + count; port++)
      if (!this.isReserved(port) && !this.conflicts(user, port)) return port;
    return undefined;
  }

  /** net.ipv4.ip_local_port_range */
  range(): { low: number; count: number } {
    const [low = 32768, high = 60999] = this.#ns.ipv4.ip_local_port_range;
    return { low, count: high - low + 1 };
  }

  /** net.ipv4.ip_local_reserved_ports: `8080,30000-32767`. */
  isReserved(port: number): boolean {
    const text = this.#ns.ipv4.ip_local_reserved_ports;
    if (text === '') return false;
    return text.split(',').some((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return port >= first && port <= last;
    });
  }

  /** inet_csk_bind_conflict(), udp_lib_lport_inuse() */
  conflicts(user: PortUser, port: number): boolean {
    for (const other of this.usersOf(port)) if (other !== user && clash(user, other)) return true;
    return false;
  }
}

function clash(a: PortUser, b: PortUser): boolean {
  const [x, y] = [a.options, b.options];
  if (x.device !== 0 && y.device !== 0 && x.device !== y.device) return false;
  if (x.reusePort && y.reusePort) return false;
  if (x.reuseAddress && y.reuseAddress && b.listening !== true) return false;
  return overlap(a, b);
}

/** ipv6_rcv_saddr_equal(): could one packet be for both? */
function overlap(a: PortUser, b: PortUser): boolean {
  const [x, y] = [a.local.address, b.local.address];
  if (x === y) return true;
  if (x.family === y.family) return isWildcard(x) || isWildcard(y);
  const [six, four] = x.family === 6 ? [a, b] : [b, a];
  if (six.v6Only || !isWildcard(six.local.address)) return false;
  return four.local.address.family === 4;
}
