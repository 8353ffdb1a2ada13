import { type Part, SetList } from '../../ipset/index.ts';
import { partsOf, type SetReference } from '../match/set.ts';
import type { Context } from '../packet.ts';
import type { TargetKind } from './target.ts';

export type SetTarget = {
  readonly name: 'SET';
  readonly add?: SetReference;
  readonly del?: SetReference;
  /** What is there already begins anew. */
  readonly exist: boolean;
  /** Seconds. */
  readonly timeout?: number;
};

/** xt_set.c: the packet's addresses become an element, or cease to be one. */
export const set: TargetKind<SetTarget> = {
  hold: ({ add, del }, change) => {
    if (add !== undefined) add.slot.references += change;
    if (del !== undefined) del.slot.references += change;
  },
  run: ({ add, del, exist, timeout }, context) => {
    const { now } = context.ns.kernel.events;
    if (add !== undefined)
      each(add, context, (set, parts) => {
        const time = timeout === undefined || set.created.timeout === undefined ? {} : { timeout };
        // The packet that brings it is its first.
        const counters = set.created.counters === true ? { packets: 1, bytes: context.skb.length } : {};
        set.add({ parts, ...time, ...counters }, exist, now);
      });
    if (del !== undefined) each(del, context, (set, parts) => set.remove({ parts }, true, now));
    return 'continue';
  },
};

type AddressSet = Exclude<SetReference['slot']['set'], SetList>;

/** A list means the first of its sets that can hold the packet. */
function each({ slot, sides }: SetReference, context: Context, act: (set: AddressSet, parts: Part[]) => void): void {
  const { now } = context.ns.kernel.events;
  const sets = slot.set instanceof SetList ? slot.set.members(now).map((member) => member.slot.set) : [slot.set];
  for (const set of sets) {
    if (set instanceof SetList) continue;
    const parts = partsOf(set, sides, context);
    if (parts === undefined) continue;
    act(set, parts);
    return;
  }
}
