import type { Skb } from '../skb.ts';

/** Packets whose way is told to `nft monitor trace` (skb->nf_trace). */
const traced = new WeakSet<Skb>();

export const isTraced = (skb: Skb): boolean => traced.has(skb);

export function setTraced(skb: Skb, on: boolean): void {
  if (on) traced.add(skb);
  else traced.delete(skb);
}
