import type { MatchKind } from './match.ts';

export type QuotaData = { readonly name: 'quota'; readonly quota: number; readonly invert: boolean };

/** xt_quota.c: as long as there is enough left; the packet that finds too little uses up the rest. */
export const quota: MatchKind<QuotaData> = {
  compile: ({ quota, invert }) => {
    let left = quota;
    return ({ skb }) => {
      const enough = left >= skb.length;
      left = enough ? left - skb.length : 0;
      return enough !== invert;
    };
  },
};
