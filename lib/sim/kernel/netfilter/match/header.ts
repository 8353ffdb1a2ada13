import { Ip, type Mac } from '../../../base/index.ts';
import type { Inverted } from '../rule.ts';
import { inRange, type MatchKind, type PortRange } from './match.ts';

export type CommentData = { readonly name: 'comment'; readonly text: string };
export const comment: MatchKind<CommentData> = { compile: () => () => true };

export type MarkData = {
  readonly name: 'mark' | 'connmark';
  readonly mark: number;
  readonly mask: number;
  readonly invert: boolean;
};
export const mark: MatchKind<MarkData> = {
  compile:
    ({ mark, mask, invert }) =>
    ({ skb }) =>
      ((skb.mark & mask) >>> 0 === mark >>> 0) !== invert,
};
export const connmark: MatchKind<MarkData> = {
  needsConntrack: true,
  compile:
    ({ mark, mask, invert }) =>
    ({ skb: { ct } }) =>
      ct?.entry !== undefined && ((ct.entry.mark & mask) >>> 0 === mark >>> 0) !== invert,
};

export type TosData = { readonly name: 'tos'; readonly tos: number; readonly mask: number; readonly invert: boolean };
export const tos: MatchKind<TosData> = {
  compile:
    ({ tos, mask, invert }) =>
    ({ packet }) =>
      (((packet.kind === 'ipv4' ? packet.tos : packet.trafficClass) & mask) === tos) !== invert,
};

export type DscpData = { readonly name: 'dscp'; readonly dscp: number; readonly invert: boolean };
/** xt_dscp.c: the upper six bits of the field. */
export const dscp: MatchKind<DscpData> = {
  compile:
    ({ dscp, invert }) =>
    ({ packet }) =>
      ((packet.kind === 'ipv4' ? packet.tos : packet.trafficClass) >> 2 === dscp) !== invert,
};

export type TtlData = { readonly name: 'ttl' | 'hl'; readonly mode: 'eq' | 'ne' | 'lt' | 'gt'; readonly ttl: number };
export const ttl: MatchKind<TtlData> = {
  compile:
    ({ mode, ttl }) =>
    ({ packet }) => {
      const value = packet.kind === 'ipv4' ? packet.ttl : packet.hopLimit;
      if (mode === 'lt') return value < ttl;
      if (mode === 'gt') return value > ttl;
      return (value === ttl) === (mode === 'eq');
    },
};

export type LengthData = { readonly name: 'length'; readonly range: PortRange; readonly invert: boolean };
export const length: MatchKind<LengthData> = {
  compile:
    ({ range, invert }) =>
    ({ skb }) =>
      inRange(skb.length, range) !== invert,
};

export type MacData = { readonly name: 'mac'; readonly mac: Mac; readonly invert: boolean };
export const mac: MatchKind<MacData> = {
  check: (_, { hooks }) => (hooks.some((hook) => hook === 'output' || hook === 'postrouting') ? 'EINVAL' : undefined),
  compile:
    ({ mac, invert }) =>
    (context) =>
      context.in !== undefined && (context.skb.src === mac) !== invert,
};

export type PkttypeData = {
  readonly name: 'pkttype';
  readonly type: 'unicast' | 'broadcast' | 'multicast';
  readonly invert: boolean;
};
export const pkttype: MatchKind<PkttypeData> = {
  compile: ({ type, invert }) => {
    const wanted = type === 'unicast' ? 'host' : type;
    return ({ skb }) => (skb.type === wanted) !== invert;
  },
};

export type IprangeData = {
  readonly name: 'iprange';
  readonly src?: Inverted<readonly [Ip, Ip]>;
  readonly dst?: Inverted<readonly [Ip, Ip]>;
};
const between = (ip: Ip, [first, last]: readonly [Ip, Ip]): boolean =>
  Ip.compare(ip, first) >= 0 && Ip.compare(ip, last) <= 0;
export const iprange: MatchKind<IprangeData> = {
  compile:
    ({ src, dst }) =>
    ({ packet }) =>
      (src === undefined || between(packet.src, src.value) !== src.invert) &&
      (dst === undefined || between(packet.dst, dst.value) !== dst.invert),
};
