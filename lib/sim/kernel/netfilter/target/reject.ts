import {
  emitIpv4Payload,
  emitIpv6Payload,
  fold,
  get32,
  ICMP,
  ICMP6,
  parseIpv4Payload,
  parseIpv6Payload,
  pseudoHeaderSum,
  put16,
  put32,
  sum16,
} from '../../../wire/index.ts';
import { sendIcmpError } from '../../ip/icmp.ts';
import { sendIpv4 } from '../../ip/output.ts';
import { routeOutput } from '../../ip/route.ts';
import { sendIcmpv6Error } from '../../ip6/icmp.ts';
import { sendIpv6 } from '../../ip6/output.ts';
import { routeOutput6 } from '../../ip6/route.ts';
import { type Context, transportOf } from '../packet.ts';
import type { TargetKind } from './target.ts';

/** `tcp-reset`, or the code of "destination unreachable" under its name (libipt_REJECT, libip6t_REJECT). */
export type RejectTarget = { readonly name: 'REJECT'; readonly with: string };

const CODES4: Readonly<Record<string, number>> = {
  'icmp-net-unreachable': 0,
  'icmp-host-unreachable': 1,
  'icmp-proto-unreachable': 2,
  'icmp-port-unreachable': 3,
  'icmp-net-prohibited': 9,
  'icmp-host-prohibited': 10,
  'icmp-admin-prohibited': 13,
};

const CODES6: Readonly<Record<string, number>> = {
  'icmp6-no-route': 0,
  'icmp6-adm-prohibited': 1,
  'icmp6-addr-unreachable': 3,
  'icmp6-port-unreachable': 4,
  'icmp6-policy-fail': 5,
  'icmp6-reject-route': 6,
};

export const reject: TargetKind<RejectTarget> = {
  check: (data, { table, hooks, selectors }) => {
    if (table !== 'filter' || !hooks.every((hook) => ['input', 'forward', 'output'].includes(hook))) return 'EINVAL';
    const { protocol } = selectors;
    const isTcp = protocol?.value === 6 && !protocol.invert;
    return data.with === 'tcp-reset' && !isTcp ? 'EINVAL' : undefined;
  },
  run: (data, context) => {
    if (data.with === 'tcp-reset') sendReset(context);
    else if (context.packet.kind === 'ipv4')
      sendIcmpError(context.skb, { type: ICMP.unreachable, code: CODES4[data.with] ?? 3 });
    else sendIcmpv6Error(context.skb, { type: ICMP6.unreachable, code: CODES6[data.with] ?? 4 });
    return 'drop';
  },
};

const TCP = 6;
const RST = 4;
const ACK = 16;
const SYN = 2;
const FIN = 1;

/** nf_send_reset(): as if the port were closed (RFC 793 section 3.4). */
export function sendReset({ ns, packet, skb }: Context): void {
  const { tcpFlags, present, srcPort, dstPort } = transportOf(packet);
  if (!present || (tcpFlags & RST) !== 0) return;
  const segment = rawSegment(packet);
  if (segment === undefined) return;
  const answer = new Uint8Array(20);
  put16(answer, 0, dstPort);
  put16(answer, 2, srcPort);
  const hasAck = (tcpFlags & ACK) !== 0;
  if (hasAck) put32(answer, 4, get32(segment, 8));
  else put32(answer, 8, (get32(segment, 4) + lengthOf(segment, tcpFlags)) >>> 0);
  answer[12] = 0x50;
  answer[13] = hasAck ? RST : RST | ACK;
  const { src, dst } = packet;
  put16(answer, 16, fold(sum16(answer, 0, answer.length, pseudoHeaderSum(dst, src, TCP, answer.length))));
  if (packet.kind === 'ipv4') {
    const way = routeOutput(ns, { dst: src, src: dst });
    const source = way.ok ? way : routeOutput(ns, { dst: src });
    if (!source.ok) return;
    const payload = parseIpv4Payload(TCP, answer, dst, src);
    sendIpv4(ns, { ...source.dst, source: dst }, src, TCP, payload, {
      ttl: ns.ipv4.ip_default_ttl,
      tos: 0,
      df: true,
      id: 0,
      cause: skb.ct,
    });
  } else {
    const way = routeOutput6(ns, { dst: src });
    if (!way.ok) return;
    const payload = parseIpv6Payload(TCP, answer, dst, src);
    sendIpv6(ns, { ...way.dst, source: dst }, { to: src, protocol: TCP, payload, hopLimit: undefined, cause: skb.ct });
  }
}

/** Sequence numbers that a segment takes up. */
const lengthOf = (segment: Uint8Array, flags: number): number =>
  segment.length - ((segment[12] as number) >> 4) * 4 + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);

const rawSegment = (packet: Context['packet']): Uint8Array | undefined => {
  const bytes = packet.kind === 'ipv4' ? emitIpv4Payload(packet) : emitIpv6Payload(packet);
  return bytes.length >= 20 ? bytes : undefined;
};
