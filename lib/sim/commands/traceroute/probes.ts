import type { Ip, Micros, Result, WaitQueue } from '../../base/index.ts';
import { type Family, type NetNs, openPing, type RawOptions, RawSocket } from '../../kernel/index.ts';

/** An answer to the probe with this number. */
export type Answer = {
  readonly probe: number;
  readonly at: Micros;
  readonly from: Ip;
  /** `!N` and its like; '' for time exceeded and for what the target itself answers. */
  readonly mark: string;
  /** No hop lies behind this one. */
  readonly last: boolean;
};

/** How probes are sent and answers are told apart: by UDP ports, or by the sequence numbers of ICMP echoes. */
export interface Prober {
  send(probe: number, ttl: number): Result<void>;
  answers(): Answer[];
  readonly readable: WaitQueue;
  close(): void;
}

export type ProberOptions = {
  readonly ns: NetNs;
  readonly target: Ip;
  readonly dataLength: number;
  readonly socket: Omit<RawOptions, 'filter' | 'ttl'>;
};

const FIRST_PORT = 33434;

/** Each probe goes to a port of its own, 33434 and up, on which nothing listens. */
export function udpProber(
  options: ProberOptions & { readonly sourcePort: number; readonly firstPort?: number },
): Prober {
  const { ns, target, socket: socketOptions } = options;
  const socket = new RawSocket(ns, target.family, 17, { ...socketOptions });
  const firstPort = options.firstPort ?? FIRST_PORT;
  const data = Uint8Array.from({ length: options.dataLength }, (_, i) => 0x40 + (i & 0x3f));
  return {
    readable: socket.readable,
    send(probe, ttl) {
      socket.options.ttl = ttl;
      return socket.send(target, {
        kind: 'udp',
        srcPort: options.sourcePort,
        dstPort: (firstPort + probe) & 0xffff,
        data,
      });
    },
    answers() {
      const found: Answer[] = [];
      for (let error = socket.error(); error !== undefined; error = socket.error()) {
        const payload = error.quoted?.payload;
        if (payload?.kind !== 'udp' || payload.srcPort !== options.sourcePort || error.offender === undefined) continue;
        found.push({
          probe: payload.dstPort - firstPort,
          at: error.at,
          from: error.offender,
          ...markOf(target.family, error.type, error.code, error.info),
        });
      }
      return found;
    },
    close: () => socket.close(),
  };
}

/** `-I`: the target answers with echo replies. */
export function icmpProber({
  ns,
  target,
  dataLength,
  socket: socketOptions,
  id,
}: ProberOptions & { readonly id: number }): Prober {
  const socket = openPing(ns, target.family, { ...socketOptions });
  const data = Uint8Array.from({ length: dataLength }, (_, i) => 0x40 + (i & 0x3f));
  return {
    readable: socket.readable,
    send(probe, ttl) {
      Object.assign(socket.options, { ttl });
      return socket.sendEcho(target, { id, seq: probe + 1, data });
    },
    answers() {
      const found: Answer[] = [];
      for (let reply = socket.receive(); reply !== undefined; reply = socket.receive()) {
        if (reply.id === id) found.push({ probe: reply.seq - 1, at: reply.at, from: reply.from, mark: '', last: true });
      }
      for (let error = socket.error(); error !== undefined; error = socket.error()) {
        if (error.id !== id || error.offender === undefined) continue;
        found.push({
          probe: error.seq - 1,
          at: error.at,
          from: error.offender,
          ...markOf(target.family, error.type, error.code, error.info),
        });
      }
      return found;
    },
    close: () => socket.close(),
  };
}

const UNREACHABLE4: Readonly<Record<number, string>> = {
  0: '!N',
  1: '!H',
  2: '!P',
  3: '',
  5: '!S',
  6: '!U',
  7: '!W',
  8: '!I',
  9: '!A',
  10: '!Z',
  11: '!Q',
  12: '!T',
  13: '!X',
  14: '!V',
  15: '!C',
};
const UNREACHABLE6: Readonly<Record<number, string>> = { 0: '!N', 1: '!X', 2: '!S', 3: '!H', 4: '' };

function markOf(family: Family, type: number, code: number, mtu: number): { mark: string; last: boolean } {
  if (family === 4) {
    if (type === 11) return { mark: '', last: false };
    if (type === 3 && code === 4) return { mark: `!F-${mtu}`, last: true };
    return { mark: type === 3 ? (UNREACHABLE4[code] ?? `!<${code}>`) : `!<${type}-${code}>`, last: true };
  }
  if (type === 3) return { mark: '', last: false };
  if (type === 2) return { mark: `!F-${mtu}`, last: true };
  return { mark: type === 1 ? (UNREACHABLE6[code] ?? `!<${code}>`) : `!<${type}-${code}>`, last: true };
}
