import type { Context } from '../netfilter/index.ts';
import type { NftChain, NftRule, Verdict } from './rule.ts';

/** One step of a traced packet (NFT_MSG_TRACE). */
export type TraceEvent = {
  /** The same for all steps of one packet. */
  readonly id: number;
  readonly chain: NftChain;
  readonly context: Context;
} & (
  | { readonly type: 'packet' }
  | {
      readonly type: 'rule';
      readonly rule: NftRule;
      readonly verdict: Verdict['kind'];
      readonly target: string | undefined;
    }
  | { readonly type: 'return' }
  | { readonly type: 'policy'; readonly policy: 'accept' | 'drop' }
);
