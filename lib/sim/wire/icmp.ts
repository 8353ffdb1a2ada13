import { Ip } from '../base/index.ts';
import { get16, put16 } from './bytes.ts';
import { fold, sum16 } from './checksum.ts';

/**
 * Control messages of IPv4 (RFC 792, RFC 1191).
 *
 *   | type 1 | code 1 | checksum 2 | rest of header 4 | echo data, or the packet that caused the error |
 */
export type IcmpMessage = IcmpEcho | IcmpError | IcmpOther;

export type IcmpEcho = {
  readonly kind: 'icmp';
  readonly type: typeof ICMP.echoRequest | typeof ICMP.echoReply;
  readonly code: number;
  readonly id: number;
  readonly seq: number;
  readonly data: Uint8Array;
  /** Present only when the sum on the wire was wrong, so that emitting gives the same bytes again. */
  readonly badChecksum?: number;
};

export type IcmpError = {
  readonly kind: 'icmp';
  readonly type:
    | typeof ICMP.unreachable
    | typeof ICMP.timeExceeded
    | typeof ICMP.parameterProblem
    | typeof ICMP.redirect;
  readonly code: number;
  /** Next-hop MTU of "fragmentation needed", pointer of "parameter problem" (in the high byte); 0 elsewhere. */
  readonly info: number;
  /** Where a redirect points. */
  readonly gateway: Ip | undefined;
  /** The start of the packet that caused the error, from its IP header. */
  readonly quote: Uint8Array;
  readonly badChecksum?: number;
};

export type IcmpOther = {
  readonly kind: 'icmp';
  readonly type: number;
  readonly code: number;
  readonly body: Uint8Array;
  readonly badChecksum?: number;
};

export const ICMP = {
  echoReply: 0,
  unreachable: 3,
  redirect: 5,
  echoRequest: 8,
  timeExceeded: 11,
  parameterProblem: 12,
} as const;

/** Codes of "destination unreachable" (RFC 792, RFC 1122, RFC 1812). */
export const UNREACH = {
  net: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragNeeded: 4,
  sourceRouteFailed: 5,
  netUnknown: 6,
  hostUnknown: 7,
  netProhibited: 9,
  hostProhibited: 10,
  filtered: 13,
} as const;

export const isIcmpEcho = (m: IcmpMessage): m is IcmpEcho => m.type === ICMP.echoRequest || m.type === ICMP.echoReply;

export const isIcmpError = (m: IcmpMessage): m is IcmpError =>
  m.type === ICMP.unreachable ||
  m.type === ICMP.timeExceeded ||
  m.type === ICMP.parameterProblem ||
  m.type === ICMP.redirect;

export function icmpLength(m: IcmpMessage): number {
  if (isIcmpEcho(m)) return 8 + m.data.length;
  return isIcmpError(m) ? 8 + m.quote.length : 4 + m.body.length;
}

/** undefined: shorter than its header. */
export function parseIcmp(b: Uint8Array): IcmpMessage | undefined {
  if (b.length < 8) return undefined;
  const type = b[0] as number;
  const code = b[1] as number;
  const bad = fold(sum16(b)) === 0 ? {} : { badChecksum: get16(b, 2) };
  if (type === ICMP.echoRequest || type === ICMP.echoReply) {
    return { kind: 'icmp', type, code, id: get16(b, 4), seq: get16(b, 6), data: b.slice(8), ...bad };
  }
  if (type === ICMP.redirect) {
    return { kind: 'icmp', type, code, info: 0, gateway: Ip.fromBytes(b.subarray(4, 8)), quote: b.slice(8), ...bad };
  }
  if (type === ICMP.unreachable || type === ICMP.timeExceeded || type === ICMP.parameterProblem) {
    const info = type === ICMP.parameterProblem ? get16(b, 4) : get16(b, 6);
    return { kind: 'icmp', type, code, info, gateway: undefined, quote: b.slice(8), ...bad };
  }
  return { kind: 'icmp', type, code, body: b.slice(4), ...bad };
}

export function emitIcmp(m: IcmpMessage): Uint8Array {
  const b = new Uint8Array(icmpLength(m));
  b[0] = m.type;
  b[1] = m.code;
  if (isIcmpEcho(m)) {
    put16(b, 4, m.id);
    put16(b, 6, m.seq);
    b.set(m.data, 8);
  } else if (isIcmpError(m)) {
    if (m.gateway !== undefined) b.set(m.gateway.bytes, 4);
    else put16(b, m.type === ICMP.parameterProblem ? 4 : 6, m.info);
    b.set(m.quote, 8);
  } else {
    b.set(m.body, 4);
  }
  put16(b, 2, m.badChecksum ?? fold(sum16(b)));
  return b;
}

const UNREACH_WORDS: Readonly<Record<number, string>> = {
  [UNREACH.net]: 'network unreachable',
  [UNREACH.host]: 'host unreachable',
  [UNREACH.protocol]: 'protocol unreachable',
  [UNREACH.port]: 'port unreachable',
  [UNREACH.fragNeeded]: 'fragmentation needed',
  [UNREACH.netProhibited]: 'network prohibited',
  [UNREACH.hostProhibited]: 'host prohibited',
  [UNREACH.filtered]: 'administratively filtered',
};

export function describeIcmp(m: IcmpMessage): string {
  if (isIcmpEcho(m)) return `ICMP echo ${m.type === ICMP.echoRequest ? 'request' : 'reply'} id ${m.id} seq ${m.seq}`;
  if (m.type === ICMP.unreachable && isIcmpError(m)) {
    return `ICMP ${UNREACH_WORDS[m.code] ?? `unreachable code ${m.code}`}${m.code === UNREACH.fragNeeded ? ` (mtu ${m.info})` : ''}`;
  }
  if (m.type === ICMP.timeExceeded)
    return m.code === 0 ? 'ICMP time to live exceeded' : 'ICMP reassembly time exceeded';
  if (m.type === ICMP.redirect && isIcmpError(m)) return `ICMP redirect to ${m.gateway}`;
  return `ICMP type ${m.type} code ${m.code}`;
}
