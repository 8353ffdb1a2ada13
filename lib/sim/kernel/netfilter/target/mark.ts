import type { CtRef } from '../../ct-ref.ts';
import type { Entry } from '../conntrack/entry.ts';
import { conntrackOf } from '../conntrack/table.ts';
import type { Context } from '../packet.ts';
import type { TargetKind } from './target.ts';

/** mark = (mark & ~mask) ^ value, as --set-xmark says it; all of --set-mark, --and-mark, --or-mark, --xor-mark come to that. */
export type MarkTarget = { readonly name: 'MARK'; readonly value: number; readonly mask: number };

export const mark: TargetKind<MarkTarget> = {
  run: ({ value, mask }, { skb }) => {
    skb.mark = ((skb.mark & ~mask) ^ value) >>> 0;
    return 'continue';
  },
};

export type ConnmarkTarget =
  | { readonly name: 'CONNMARK'; readonly mode: 'set'; readonly value: number; readonly mask: number }
  | {
      readonly name: 'CONNMARK';
      readonly mode: 'save' | 'restore';
      readonly nfmask: number;
      readonly ctmask: number;
    };

/** xt_connmark.c */
export const connmark: TargetKind<ConnmarkTarget> = {
  needsConntrack: true,
  run: (data, context) => {
    const { skb } = context;
    const entry = entryOf(skb.ct);
    if (entry === undefined) return 'continue';
    if (data.mode === 'restore') {
      skb.mark = ((skb.mark & ~data.nfmask) ^ (entry.mark & data.ctmask)) >>> 0;
      return 'continue';
    }
    const mark =
      data.mode === 'set'
        ? ((entry.mark & ~data.mask) ^ data.value) >>> 0
        : ((entry.mark & ~data.ctmask) ^ (skb.mark & data.nfmask)) >>> 0;
    setMark(context, entry, mark);
    return 'continue';
  },
};

const entryOf = (ct: CtRef | undefined): Entry | undefined => ct?.entry;

function setMark({ ns }: Context, entry: Entry, mark: number): void {
  if (entry.mark === mark) return;
  entry.mark = mark;
  if (entry.confirmed) conntrackOf(ns).publish('UPDATE', entry);
}
