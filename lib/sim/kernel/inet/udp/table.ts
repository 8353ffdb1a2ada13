import type { Ip } from '../../../base/index.ts';
import type { UdpSocket } from './socket.ts';

/** Source and destination of a datagram. */
export type Flow = {
  readonly src: Ip;
  readonly sport: number;
  readonly dst: Ip;
  readonly dport: number;
  /** The device that it came in by. */
  readonly iif: number;
};

/** The UDP sockets of one namespace that have a port (struct udp_table). */
export class UdpTable {
  readonly #byPort = new Map<number, UdpSocket[]>();

  add(socket: UdpSocket): void {
    const { port } = socket.local;
    // The newest comes first, as in the kernel's hash chains.
    this.#byPort.set(port, [socket, ...(this.#byPort.get(port) ?? [])]);
  }

  remove(socket: UdpSocket): void {
    const { port } = socket.local;
    const rest = (this.#byPort.get(port) ?? []).filter((one) => one !== socket);
    if (rest.length === 0) this.#byPort.delete(port);
    else this.#byPort.set(port, rest);
  }

  /** By port, the newest first. */
  sockets(): UdpSocket[] {
    return [...this.#byPort].sort(([a], [b]) => a - b).flatMap(([, sockets]) => sockets);
  }

  /** Everybody whom a datagram to many is for. */
  matching(flow: Flow): UdpSocket[] {
    return (this.#byPort.get(flow.dport) ?? []).filter((socket) => score(socket, flow) >= 0);
  }

  /** udp4_lib_lookup2(): the socket that says most about such datagrams; of a SO_REUSEPORT group one, by a hash of the flow. */
  find(flow: Flow): UdpSocket | undefined {
    let best: UdpSocket[] = [];
    let most = -1;
    for (const socket of this.#byPort.get(flow.dport) ?? []) {
      const points = score(socket, flow);
      if (points < 0 || points < most) continue;
      best = points > most ? [socket] : [...best, socket];
      most = points;
    }
    const [first] = best;
    if (first === undefined || !first.options.reusePort) return first;
    const group = best.filter((socket) => socket.options.reusePort);
    return group[hash(flow) % group.length];
  }
}

/** compute_score(): -1 when the socket is not for it. */
function score(socket: UdpSocket, { src, sport, dst, iif }: Flow): number {
  const { local, remote, options } = socket;
  if (!socket.accepts(dst, iif)) return -1;
  if (remote !== undefined && (remote.port !== sport || remote.address !== src)) return -1;
  return (
    (socket.family === dst.family ? 1 : 0) +
    (local.address === dst ? 4 : 0) +
    (remote === undefined ? 0 : 8) +
    (options.device === 0 ? 0 : 4)
  );
}

function hash({ src, sport, dst, dport }: Flow): number {
  let h = 0x811c9dc5;
  const mix = (value: number): void => {
    h = Math.imul(h ^ value, 0x01000193);
  };
  for (const byte of src.bytes) mix(byte);
  for (const byte of dst.bytes) mix(byte);
  mix(sport);
  mix(dport);
  return (h ^ (h >>> 15)) >>> 0;
}
