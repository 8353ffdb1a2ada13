import { formatMac, Ip, type Mac, macBytes, macFromBytes } from '../base/index.ts';
import { concat, get16, get32, put16, put32 } from './bytes.ts';
import { fold, pseudoHeaderSum, sum16 } from './checksum.ts';

/**
 * Control messages of IPv6: errors and echo (RFC 4443), neighbour discovery (RFC 4861), multicast listener reports
 * (RFC 3810). The checksum covers a pseudo-header, so both directions need the addresses.
 */
export type Icmpv6Message =
  | Icmpv6Echo
  | Icmpv6Error
  | NeighborSolicitation
  | NeighborAdvertisement
  | RouterSolicitation
  | MldReport
  | Icmpv6Other;

type Common = { readonly kind: 'icmp6'; readonly code: number; readonly badChecksum?: number };

export type Icmpv6Echo = Common & {
  readonly type: 128 | 129;
  readonly id: number;
  readonly seq: number;
  readonly data: Uint8Array;
};

/** `info` is the MTU of "packet too big", the pointer of "parameter problem", else 0. */
export type Icmpv6Error = Common & { readonly type: 1 | 2 | 3 | 4; readonly info: number; readonly quote: Uint8Array };

export type NeighborSolicitation = Common & {
  readonly type: 135;
  readonly target: Ip;
  readonly options: readonly NdOption[];
};

export type NeighborAdvertisement = Common & {
  readonly type: 136;
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
  readonly target: Ip;
  readonly options: readonly NdOption[];
};

export type RouterSolicitation = Common & { readonly type: 133; readonly options: readonly NdOption[] };

/** Version 2 report: records of group memberships; `recordType` 4 is CHANGE_TO_EXCLUDE_MODE (join), 3 CHANGE_TO_INCLUDE (leave). */
export type MldReport = Common & {
  readonly type: 143;
  readonly records: readonly { readonly recordType: number; readonly group: Ip; readonly sources: readonly Ip[] }[];
};

export type Icmpv6Other = Common & { readonly type: number; readonly body: Uint8Array };

/** Options of neighbour discovery: link-layer addresses (1 source, 2 target), nonce (14, RFC 7527), others as bytes. */
export type NdOption =
  | { readonly type: 1 | 2; readonly mac: Mac }
  | { readonly type: number; readonly mac?: undefined; readonly bytes: Uint8Array };

export const ICMP6 = {
  unreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
  redirect: 137,
  mldv2Report: 143,
} as const;

/** Codes of "destination unreachable" (RFC 4443 section 3.1). */
export const UNREACH6 = {
  noRoute: 0,
  prohibited: 1,
  beyondScope: 2,
  address: 3,
  port: 4,
  policy: 5,
  reject: 6,
} as const;

export const isIcmpv6Echo = (m: Icmpv6Message): m is Icmpv6Echo => m.type === 128 || m.type === 129;
export const isIcmpv6Error = (m: Icmpv6Message): m is Icmpv6Error => m.type >= 1 && m.type <= 4;
export const isNeighborSolicitation = (m: Icmpv6Message): m is NeighborSolicitation => m.type === 135 && 'target' in m;
export const isNeighborAdvertisement = (m: Icmpv6Message): m is NeighborAdvertisement =>
  m.type === 136 && 'target' in m;

const optionBytes = (o: NdOption): number => (o.mac !== undefined ? 8 : 2 + o.bytes.length);
const optionsLength = (options: readonly NdOption[]): number => options.reduce((n, o) => n + optionBytes(o), 0);

export function icmpv6Length(m: Icmpv6Message): number {
  if ('data' in m) return 8 + m.data.length;
  if ('quote' in m) return 8 + m.quote.length;
  if ('target' in m) return 24 + optionsLength(m.options);
  if ('records' in m) return 8 + m.records.reduce((n, r) => n + 20 + 16 * r.sources.length, 0);
  if ('options' in m) return 8 + optionsLength(m.options);
  return 4 + m.body.length;
}

/** The first link-layer address option of that type. */
export const linkLayerOption = (options: readonly NdOption[], type: 1 | 2): Mac | undefined =>
  options.find((o) => o.type === type && o.mac !== undefined)?.mac;

/** undefined: shorter than its header. Malformed bodies of known types come back as Icmpv6Other. */
export function parseIcmpv6(b: Uint8Array, src: Ip, dst: Ip): Icmpv6Message | undefined {
  if (b.length < 8) return undefined;
  const type = b[0] as number;
  const good = fold(sum16(b, 0, b.length, pseudoHeaderSum(src, dst, 58, b.length))) === 0;
  const common = { kind: 'icmp6', code: b[1] as number, ...(good ? {} : { badChecksum: get16(b, 2) }) } as const;
  return parseBody(type, b, common) ?? { ...common, type, body: b.slice(4) };
}

function parseBody(type: number, b: Uint8Array, common: Common): Icmpv6Message | undefined {
  if (type === 128 || type === 129) return { ...common, type, id: get16(b, 4), seq: get16(b, 6), data: b.slice(8) };
  if (type === 1 || type === 2 || type === 3 || type === 4)
    return { ...common, type, info: get32(b, 4), quote: b.slice(8) };
  if (type === 133) {
    const options = parseOptions(b, 8);
    return options && { ...common, type, options };
  }
  if ((type === 135 || type === 136) && b.length >= 24) {
    const options = parseOptions(b, 24);
    if (options === undefined) return undefined;
    const target = Ip.fromBytes(b.subarray(8, 24));
    if (type === 135) return { ...common, type, target, options };
    const flags = b[4] as number;
    return {
      ...common,
      type,
      router: (flags & 0x80) !== 0,
      solicited: (flags & 0x40) !== 0,
      override: (flags & 0x20) !== 0,
      target,
      options,
    };
  }
  return type === 143 ? parseMldReport(b, common) : undefined;
}

function parseOptions(b: Uint8Array, start: number): NdOption[] | undefined {
  const options: NdOption[] = [];
  for (let at = start; at < b.length; ) {
    const type = b[at] as number;
    const length = (b[at + 1] ?? 0) * 8;
    if (length === 0 || at + length > b.length) return undefined;
    if ((type === 1 || type === 2) && length === 8) options.push({ type, mac: macFromBytes(b, at + 2) });
    else options.push({ type, bytes: b.slice(at + 2, at + length) });
    at += length;
  }
  return options;
}

function parseMldReport(b: Uint8Array, common: Common): MldReport | undefined {
  const records: MldReport['records'][number][] = [];
  let at = 8;
  for (let i = get16(b, 6); i > 0; i--) {
    const count = get16(b, at + 2);
    const end = at + 20 + 16 * count;
    if (end > b.length) return undefined;
    const sources = Array.from({ length: count }, (_, k) =>
      Ip.fromBytes(b.subarray(at + 20 + 16 * k, at + 36 + 16 * k)),
    );
    records.push({ recordType: b[at] as number, group: Ip.fromBytes(b.subarray(at + 4, at + 20)), sources });
    at = end;
  }
  return at === b.length ? { ...common, type: 143, records } : undefined;
}

export function emitIcmpv6(m: Icmpv6Message, src: Ip, dst: Ip): Uint8Array {
  const b = concat([Uint8Array.of(m.type, m.code, 0, 0), emitBody(m)]);
  put16(b, 2, m.badChecksum ?? fold(sum16(b, 0, b.length, pseudoHeaderSum(src, dst, 58, b.length))));
  return b;
}

function emitBody(m: Icmpv6Message): Uint8Array {
  if ('body' in m) return m.body;
  const word = new Uint8Array(4);
  if ('data' in m) {
    put16(word, 0, m.id);
    put16(word, 2, m.seq);
    return concat([word, m.data]);
  }
  if ('quote' in m) {
    put32(word, 0, m.info);
    return concat([word, m.quote]);
  }
  if ('records' in m) {
    put16(word, 2, m.records.length);
    return concat([word, ...m.records.map(emitRecord)]);
  }
  if (m.type === 136) word[0] = (m.router ? 0x80 : 0) | (m.solicited ? 0x40 : 0) | (m.override ? 0x20 : 0);
  return concat(['target' in m ? concat([word, m.target.bytes]) : word, ...m.options.map(emitOption)]);
}

function emitRecord(r: MldReport['records'][number]): Uint8Array {
  const head = Uint8Array.of(r.recordType, 0, 0, 0);
  put16(head, 2, r.sources.length);
  return concat([head, r.group.bytes, ...r.sources.map((s) => s.bytes)]);
}

const emitOption = (o: NdOption): Uint8Array =>
  o.mac !== undefined
    ? Uint8Array.of(o.type, 1, ...macBytes(o.mac))
    : concat([Uint8Array.of(o.type, (o.bytes.length + 2) / 8), o.bytes]);

export function describeIcmpv6(m: Icmpv6Message): string {
  if ('data' in m) return `ICMPv6 echo ${m.type === 128 ? 'request' : 'reply'} id ${m.id} seq ${m.seq}`;
  if ('records' in m) return `ICMPv6 listener report for ${m.records.map((r) => r.group).join(', ')}`;
  if (isNeighborSolicitation(m)) return `ICMPv6 who has ${m.target}?`;
  if (isNeighborAdvertisement(m)) {
    const mac = linkLayerOption(m.options, 2);
    return `ICMPv6 ${m.target} is ${mac === undefined ? 'here' : `at ${formatMac(mac)}`}`;
  }
  if (m.type === ICMP6.routerSolicitation) return 'ICMPv6 router solicitation';
  if (m.type === ICMP6.unreachable) return `ICMPv6 destination unreachable code ${m.code}`;
  if (m.type === ICMP6.packetTooBig && 'info' in m) return `ICMPv6 packet too big (mtu ${m.info})`;
  if (m.type === ICMP6.timeExceeded) return 'ICMPv6 hop limit exceeded';
  return `ICMPv6 type ${m.type} code ${m.code}`;
}
