import type { ZoneTemplate } from '../../ct-ref.ts';
import type { TargetKind } from './target.ts';

export type CtTarget =
  /** `by`: whether the rule said NOTRACK or CT --notrack. */
  | { readonly name: 'CT'; readonly by: 'NOTRACK' | '--notrack' }
  | {
      readonly name: 'CT';
      readonly by: '--zone';
      readonly zone: number | 'mark';
      readonly direction: ZoneTemplate['direction'];
    }
  /** Nothing was asked for. */
  | { readonly name: 'CT'; readonly by: undefined };

/** xt_CT.c: what connection tracking is told of the packet before it sees it. */
export const ct: TargetKind<CtTarget> = {
  needsConntrack: true,
  check: (_, { table }) => (table === 'raw' ? undefined : 'EINVAL'),
  run: (data, { skb }) => {
    if (skb.ct !== undefined) return 'continue';
    if (data.by === '--zone') {
      const id = data.zone === 'mark' ? skb.mark & 0xffff : data.zone;
      skb.ct = { entry: undefined, template: { id, direction: data.direction } };
    } else skb.ct = { entry: undefined };
    return 'continue';
  },
};
