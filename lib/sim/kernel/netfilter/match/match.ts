import type { Errno } from '../../../base/index.ts';
import type { HookName } from '../../hooks.ts';
import type { Family } from '../../messages.ts';
import type { NetNs } from '../../netns.ts';
import type { Context } from '../packet.ts';
import type { Selectors, TableName } from '../rule.ts';

/** Where a rule is to stand: what an extension may refuse (xt_mtchk_param, xt_tgchk_param). `hooks`: from which it can be reached. */
export type Placement = {
  readonly family: Family;
  readonly table: TableName;
  readonly hooks: readonly HookName[];
  readonly selectors: Selectors;
};

/** One kind of match in the kernel: whether a packet is meant. `D` is what a rule says, as user space gave it. */
export type MatchKind<D> = {
  /** Made once per rule, so that what it counts (limit, statistic) is the rule's own. */
  readonly compile: (data: D) => (context: Context) => boolean;
  readonly check?: (data: D, placement: Placement) => Errno | undefined;
  readonly needsConntrack?: boolean;
  /** A rule that has it came (1) or went (-1): what it refers to cannot go meanwhile. */
  readonly hold?: (data: D, change: 1 | -1, ns: NetNs) => void;
};

export type PortRange = readonly [first: number, last: number];
export const inRange = (port: number, [first, last]: PortRange): boolean => port >= first && port <= last;
