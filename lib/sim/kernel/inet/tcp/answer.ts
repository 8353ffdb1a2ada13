import { emitTcp, IPPROTO, TCP_FLAG, type TcpSegment } from '../../../wire/index.ts';
import type { NetNs } from '../../netns.ts';
import type { Skb } from '../../skb.ts';
import { bytesPayload, findPath, transmitOn } from '../path.ts';
import { add } from './sequence.ts';
import type { Ends } from './table.ts';

export type Answer = {
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window?: number;
  readonly timestamps?: { readonly value: number; readonly echo: number };
};

type From = Ends & {
  readonly remote: { readonly scope?: number };
  readonly options?: { readonly tos: number; readonly mark: number; readonly ttl: number | undefined };
};

/** ip_send_unicast_reply(): a segment of nobody's, made from the one that it answers. */
export function answer(ns: NetNs, { local, remote, options }: From, a: Answer): void {
  const { tos = 0, mark = 0, ttl } = options ?? {};
  const oif = remote.scope ?? 0;
  const way = findPath(ns, { to: remote.address, source: local.address, oif, tos, mark });
  if (!way.ok) return;
  const bytes = emitTcp(
    {
      srcPort: local.port,
      dstPort: remote.port,
      seq: a.seq,
      ack: a.ack,
      flags: a.flags,
      window: a.window ?? 0,
      options: a.timestamps === undefined ? {} : { timestamps: a.timestamps },
      data: new Uint8Array(),
    },
    local.address,
    remote.address,
  );
  ns.mib.add('Tcp.OutSegs');
  transmitOn(ns, way.path, { protocol: IPPROTO.tcp, payload: bytesPayload(bytes), ttl, tos, mark, df: true, id: 0 });
}

/** tcp_v4_send_reset(): nobody here knows of such a connection (RFC 9293 section 3.5.2). */
export function refuse(ns: NetNs, skb: Skb, ends: Ends, segment: TcpSegment): void {
  const { flags, seq, ack, data } = segment;
  if ((flags & TCP_FLAG.rst) !== 0 || skb.type !== 'host') return;
  ns.mib.add('Tcp.OutRsts');
  const mark = ns.ipv4.fwmark_reflect !== 0 ? skb.mark : 0;
  const from = { ...ends, options: { tos: 0, mark, ttl: undefined } };
  if ((flags & TCP_FLAG.ack) !== 0) answer(ns, from, { seq: ack, ack: 0, flags: TCP_FLAG.rst });
  else {
    const length = data.length + ((flags & TCP_FLAG.syn) !== 0 ? 1 : 0) + ((flags & TCP_FLAG.fin) !== 0 ? 1 : 0);
    answer(ns, from, { seq: 0, ack: add(seq, length), flags: TCP_FLAG.rst | TCP_FLAG.ack });
  }
}
