import { SECOND } from '../../base/index.ts';
import { type Context, TokenBucket } from '../netfilter/index.ts';
import type { LimitSpec, LimitState, LimitUnit, QuotaState } from './rule.ts';

const UNIT_SECONDS: Readonly<Record<LimitUnit, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/** nft_limit.c: tokens are packets or bytes; of bytes a unit's worth fits beside the burst. */
export function newLimit(spec: LimitSpec): LimitState {
  const { rate, unit, burst, bytes } = spec;
  return { spec, bucket: new TokenBucket((UNIT_SECONDS[unit] * SECOND) / rate, bytes ? rate + burst : burst) };
}

export function takeLimit({ spec, bucket }: LimitState, { ns, skb }: Context): boolean {
  return bucket.take(ns.kernel.events.now, spec.bytes ? skb.length : 1) !== spec.over;
}

/** nft_quota.c */
export function takeQuota(state: QuotaState, { skb }: Context): boolean {
  state.used += skb.length;
  return state.used >= state.limit === state.over;
}
