import { type Micros, SECOND } from '../../base/index.ts';
import type { Context } from '../netfilter/index.ts';
import type { LimitState, LimitUnit, QuotaState } from './rule.ts';

export const UNIT_SECONDS: Readonly<Record<LimitUnit, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/** nft_limit.c: a bucket that is full at first. */
export class Limiter {
  readonly #state: LimitState;
  readonly #most: Micros;
  /** Of one packet or byte. */
  readonly #cost: Micros;

  constructor(state: LimitState) {
    this.#state = state;
    const { rate, unit, burst, bytes } = state.spec;
    this.#cost = (UNIT_SECONDS[unit] * SECOND) / rate;
    // Of bytes a second's worth fits besides the burst.
    this.#most = this.#cost * (bytes ? rate + burst : burst);
  }

  passes({ ns, skb }: Context): boolean {
    const { now } = ns.kernel.events;
    const { bytes, over } = this.#state.spec;
    const before = this.#state.at === undefined ? this.#most : this.#state.credit + now - this.#state.at;
    const credit = Math.min(this.#most, before);
    const cost = bytes ? this.#cost * skb.length : this.#cost;
    this.#state.at = now;
    this.#state.credit = credit >= cost ? credit - cost : credit;
    return credit >= cost !== over;
  }
}

/** nft_quota.c */
export function takeQuota(state: QuotaState, { skb }: Context): boolean {
  state.used += skb.length;
  return state.used > state.limit === state.over;
}
