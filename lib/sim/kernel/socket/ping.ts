import type { Errno, Ip, Micros, Result, WaitQueue } from '../../base/index.ts';
import { ICMP, ICMP6, IPPROTO, type Ipv4Packet, type Ipv6Packet } from '../../wire/index.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { type RawOptions, RawSocket, type SocketError } from './raw.ts';

export type PingOptions = Omit<RawOptions, 'filter'>;

/** An echo reply, or an ICMP message of another kind that is about no packet of ours. */
export type PingReply = {
  readonly at: Micros;
  readonly from: Ip;
  readonly to: Ip;
  readonly ifindex: number;
  readonly ttl: number;
  readonly tos: number;
  readonly type: number;
  readonly code: number;
  readonly id: number;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly checksumOk: boolean;
};

export type PingError = {
  readonly at: Micros;
  readonly origin: 'local' | 'icmp' | 'icmp6';
  readonly errno: Errno;
  readonly type: number;
  readonly code: number;
  /** Path MTU of EMSGSIZE and of "fragmentation needed". */
  readonly info: number;
  /** Who sent the ICMP error. */
  readonly offender: Ip | undefined;
  readonly gateway: Ip | undefined;
  /** From the quoted packet; undefined for local errors. */
  readonly dst: Ip | undefined;
  /** -1 when the quoted packet is no echo request. */
  readonly id: number;
  readonly seq: number;
};

/** The raw ICMP or ICMPv6 socket of ping(8): its filter lets echo replies in, errors come through the error queue. */
export interface PingSocket {
  /** Options may change between sends (TTL, for one). */
  readonly options: PingOptions;
  readonly readable: WaitQueue;
  /** EMSGSIZE also queues an error with the MTU. */
  sendEcho(
    dst: Ip,
    echo: { readonly id: number; readonly seq: number; readonly data: Uint8Array; readonly confirm?: boolean },
  ): Result<void>;
  /** The next echo reply, whoever asked: callers compare the id. */
  receive(): PingReply | undefined;
  error(): PingError | undefined;
  close(): void;
}

export function openPing(ns: NetNs, family: Family, options: PingOptions = {}): PingSocket {
  const reply = family === 4 ? ICMP.echoReply : ICMP6.echoReply;
  const filter = ({ payload }: Ipv4Packet | Ipv6Packet): boolean =>
    (payload.kind === 'icmp' || payload.kind === 'icmp6') && payload.type === reply;
  const socket = new RawSocket(ns, family, family === 4 ? IPPROTO.icmp : IPPROTO.icmpv6, { ...options, filter });
  return {
    options: socket.options,
    readable: socket.readable,
    sendEcho(dst, { id, seq, data, confirm }) {
      const echo = { code: 0, id, seq: seq & 0xffff, data };
      return socket.send(
        dst,
        family === 4
          ? { kind: 'icmp', type: ICMP.echoRequest, ...echo }
          : { kind: 'icmp6', type: ICMP6.echoRequest, ...echo },
        confirm,
      );
    },
    receive() {
      const next = socket.receive();
      return next === undefined ? undefined : pingReply(next.at, next.packet, next.ifindex);
    },
    error() {
      const next = socket.error();
      return next === undefined ? undefined : pingError(next);
    },
    close: () => socket.close(),
  };
}

type EchoBody = {
  readonly type: number;
  readonly code: number;
  readonly id: number;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly badChecksum?: number;
};

function pingReply(at: Micros, packet: Ipv4Packet | Ipv6Packet, ifindex: number): PingReply {
  // The filter lets nothing else in.
  const { type, code, id, seq, data, badChecksum } = packet.payload as EchoBody;
  return {
    at,
    from: packet.src,
    to: packet.dst,
    ifindex,
    ttl: packet.kind === 'ipv4' ? packet.ttl : packet.hopLimit,
    tos: packet.kind === 'ipv4' ? packet.tos : packet.trafficClass,
    type,
    code,
    id,
    seq,
    data,
    checksumOk: badChecksum === undefined,
  };
}

function pingError(error: SocketError): PingError {
  const { quoted, ...rest } = error;
  const payload = quoted?.payload;
  const echo = payload !== undefined && 'seq' in payload ? payload : undefined;
  return { ...rest, dst: quoted?.dst, id: echo?.id ?? -1, seq: echo?.seq ?? -1 };
}
