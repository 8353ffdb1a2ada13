import type { Errno } from '../../../base/index.ts';
import type { Placement } from '../match/match.ts';
import type { Context } from '../packet.ts';

/** 'continue': the next rule; anything else ends the packet's way through the table. */
export type TargetVerdict = 'accept' | 'drop' | 'stolen' | 'continue';

/** One kind of target in the kernel. `D` is what a rule says, as user space gave it. */
export type TargetKind<D> = {
  readonly run: (data: D, context: Context) => TargetVerdict;
  readonly check?: (data: D, placement: Placement) => Errno | undefined;
  readonly needsConntrack?: boolean;
  /** A rule that has it came (1) or went (-1): what it refers to cannot go meanwhile. */
  readonly hold?: (data: D, change: 1 | -1) => void;
};
