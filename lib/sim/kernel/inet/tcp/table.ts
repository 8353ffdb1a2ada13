import type { Ip } from '../../../base/index.ts';
import type { Request } from './request.ts';
import type { TcpSocket } from './socket.ts';
import type { TimeWait } from './time-wait.ts';

/** Who answers the segments of a connection: its socket, a beginning (SYN-RECEIVED), or a memory of it (TIME-WAIT). */
export type Connection = TcpSocket | Request | TimeWait;

/** The ends of a connection, as the local host sees them. */
export type Ends = {
  readonly local: { readonly address: Ip; readonly port: number };
  readonly remote: { readonly address: Ip; readonly port: number };
};

const keyOf = ({ local, remote }: Ends): string => `${local.address} ${local.port} ${remote.address} ${remote.port}`;

/** The TCP sockets of one namespace (struct inet_hashinfo). */
export class TcpTable {
  readonly #connections = new Map<string, Connection>();
  readonly #listeners = new Map<number, TcpSocket[]>();
  /** Steps that the search for a port of the next connection leaves out, per hash of its ends (table_perturb). */
  readonly perturbation = new Uint32Array(256);

  find(ends: Ends): Connection | undefined {
    return this.#connections.get(keyOf(ends));
  }

  /** Takes the place of whoever had these ends. */
  add(connection: Connection, ends: Ends): void {
    this.#connections.set(keyOf(ends), connection);
  }

  remove(connection: Connection, ends: Ends): void {
    const key = keyOf(ends);
    if (this.#connections.get(key) === connection) this.#connections.delete(key);
  }

  /** In the order in which they came to be. */
  connections(): Connection[] {
    return [...this.#connections.values()];
  }

  listen(socket: TcpSocket): void {
    const { port } = socket.local;
    this.#listeners.set(port, [socket, ...(this.#listeners.get(port) ?? [])]);
  }

  unlisten(socket: TcpSocket): void {
    const { port } = socket.local;
    const rest = (this.#listeners.get(port) ?? []).filter((one) => one !== socket);
    if (rest.length === 0) this.#listeners.delete(port);
    else this.#listeners.set(port, rest);
  }

  /** By port. */
  listeners(): TcpSocket[] {
    return [...this.#listeners].sort(([a], [b]) => a - b).flatMap(([, sockets]) => sockets);
  }

  /** inet_lookup_listener(): who has bound itself closest; of a SO_REUSEPORT group one, by a hash of the peer. */
  findListener(dst: Ip, port: number, iif: number, hash: number): TcpSocket | undefined {
    let best: TcpSocket[] = [];
    let most = -1;
    for (const socket of this.#listeners.get(port) ?? []) {
      if (!socket.accepts(dst, iif)) continue;
      const points =
        (socket.family === dst.family ? 1 : 0) +
        (socket.local.address === dst ? 2 : 0) +
        (socket.options.device === 0 ? 0 : 4);
      if (points > most) best = [];
      if (points >= most) best.push(socket);
      most = Math.max(most, points);
    }
    const [first] = best;
    if (first === undefined || !first.options.reusePort) return first;
    const group = best.filter((socket) => socket.options.reusePort);
    return group[hash % group.length];
  }
}
