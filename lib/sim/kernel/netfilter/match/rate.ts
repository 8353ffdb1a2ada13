import { SECOND } from '../../../base/index.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { MatchKind } from './match.ts';

/** `per` is the unit's length in seconds: 1, 60, 3600, 86400. */
export type LimitData = { readonly name: 'limit'; readonly rate: number; readonly per: number; readonly burst: number };

/** xt_limit.c: a bucket of `burst` tokens, full at first, one more every per/rate seconds. */
export const limit: MatchKind<LimitData> = {
  compile: ({ rate, per, burst }) => {
    const bucket = new TokenBucket((per * SECOND) / rate, burst);
    return ({ ns }) => bucket.take(ns.kernel.events.now);
  },
};

export type StatisticData =
  /** `probability` in units of 2^-31, as the kernel keeps it. */
  | {
      readonly name: 'statistic';
      readonly mode: 'random';
      readonly probability: number;
      readonly invert: boolean;
    }
  | {
      readonly name: 'statistic';
      readonly mode: 'nth';
      readonly every: number;
      readonly packet: number;
      readonly invert: boolean;
    };

/** xt_statistic.c */
export const statistic: MatchKind<StatisticData> = {
  compile: (data) => {
    if (data.mode === 'random') {
      const { probability, invert } = data;
      return ({ ns }) => ns.kernel.netfilterRandom.uint32() >>> 1 < probability !== invert;
    }
    const { every, packet, invert } = data;
    // The counter starts so that packet number `packet` (from 0) is the first to match.
    let count = every - 1 - packet;
    return () => {
      const next = count + 1 > every - 1 ? 0 : count + 1;
      const hit = next === 0;
      count = next;
      return hit !== invert;
    };
  },
};
