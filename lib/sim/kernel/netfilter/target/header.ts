import { setPacket } from '../../skb.ts';
import type { TargetKind } from './target.ts';

export type TosTarget = { readonly name: 'TOS'; readonly value: number; readonly mask: number };

/** xt_DSCP.c: tos = (tos & ~mask) ^ value */
export const tos: TargetKind<TosTarget> = {
  check: (_, { table }) => (table === 'mangle' ? undefined : 'EINVAL'),
  run: ({ value, mask }, { skb, packet }) => {
    if (packet.kind === 'ipv4') setPacket(skb, { ...packet, tos: (packet.tos & ~mask) ^ value });
    else setPacket(skb, { ...packet, trafficClass: (packet.trafficClass & ~mask) ^ value });
    return 'continue';
  },
};

export type DscpTarget = { readonly name: 'DSCP'; readonly dscp: number };

/** xt_DSCP.c: the upper six bits; congestion notification keeps its two. */
export const dscp: TargetKind<DscpTarget> = {
  check: (_, { table }) => (table === 'mangle' ? undefined : 'EINVAL'),
  run: ({ dscp }, { skb, packet }) => {
    const set = (old: number): number => (old & 3) | (dscp << 2);
    if (packet.kind === 'ipv4') setPacket(skb, { ...packet, tos: set(packet.tos) });
    else setPacket(skb, { ...packet, trafficClass: set(packet.trafficClass) });
    return 'continue';
  },
};

export type TtlTarget = {
  readonly name: 'TTL' | 'HL';
  readonly mode: 'set' | 'inc' | 'dec';
  readonly value: number;
};

/** xt_HL.c */
export const ttl: TargetKind<TtlTarget> = {
  check: (_, { table }) => (table === 'mangle' ? undefined : 'EINVAL'),
  run: ({ mode, value }, { skb, packet }) => {
    const old = packet.kind === 'ipv4' ? packet.ttl : packet.hopLimit;
    const changed = mode === 'set' ? value : mode === 'inc' ? old + value : old - value;
    const bounded = Math.min(255, Math.max(0, changed));
    if (packet.kind === 'ipv4') setPacket(skb, { ...packet, ttl: bounded });
    else setPacket(skb, { ...packet, hopLimit: bounded });
    return 'continue';
  },
};
