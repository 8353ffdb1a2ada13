import type { Micros } from '../../base/index.ts';

/**
 * Traffic control's half of rtnetlink(7): queueing disciplines, their classes, and filters. Handles are the kernel's
 * 32 bits, `1:10` is 0x0001_0010; rates are bytes a second, sizes bytes, times microseconds.
 */
export const TC_H = {
  root: 0xffff_ffff,
  ingress: 0xffff_fff1,
  /** Where filters of clsact stand: `ffff:fff2` before the stack sees what came in, `ffff:fff3` before the queue. */
  minIngress: 0xffff_fff2,
  minEgress: 0xffff_fff3,
  clsact: 0xffff_0000,
} as const;

export const majorOf = (handle: number): number => (handle & 0xffff_0000) >>> 0;

export type QdiscOptions =
  | { readonly kind: 'noqueue' | 'ingress' | 'clsact' }
  | { readonly kind: 'pfifo' | 'bfifo'; readonly limit?: number }
  | { readonly kind: 'pfifo_fast' }
  | TbfOptions
  | NetemOptions
  | HtbOptions;

export type TbfOptions = {
  readonly kind: 'tbf';
  readonly rate: number;
  readonly burst: number;
  /** Bytes that may wait. */
  readonly limit: number;
  readonly peakRate?: number;
  readonly peakBurst?: number;
};

export type NetemOptions = {
  readonly kind: 'netem';
  readonly limit: number;
  readonly delay: Micros;
  readonly jitter: Micros;
  /** Chances, 0 to 1; `…Correlation` with the packet before. */
  readonly delayCorrelation: number;
  readonly loss: number;
  readonly lossCorrelation: number;
  readonly duplicate: number;
  readonly duplicateCorrelation: number;
  readonly reorder: number;
  readonly reorderCorrelation: number;
  readonly corrupt: number;
  readonly corruptCorrelation: number;
  readonly gap: number;
  /** 0: as fast as it comes. */
  readonly rate: number;
};

export type HtbOptions = {
  readonly kind: 'htb';
  readonly r2q?: number;
  /** Minor number of the class for what no filter names. */
  readonly default?: number;
  readonly directPackets?: number;
};

/** A class of htb. */
export type ClassOptions = {
  readonly rate: number;
  readonly ceil: number;
  readonly burst: number;
  readonly cburst: number;
  readonly prio: number;
  /** 0: rate / r2q. */
  readonly quantum: number;
};

export type QdiscStats = {
  readonly bytes: number;
  readonly packets: number;
  readonly drops: number;
  readonly overlimits: number;
  readonly requeues: number;
  readonly backlog: number;
  readonly qlen: number;
};

export type QdiscMessage = {
  readonly ifindex: number;
  readonly handle: number;
  readonly parent: number;
  readonly refcnt: number;
  readonly options: QdiscOptions;
  readonly stats: QdiscStats;
};

export type ClassMessage = {
  readonly ifindex: number;
  readonly classid: number;
  /** TC_H.root for one directly below the discipline. */
  readonly parent: number;
  /** The discipline that was put in it; 0: its own plain queue. */
  readonly leaf: number;
  /** 0 for those that packets wait in. */
  readonly level: number;
  readonly options: ClassOptions;
  readonly stats: QdiscStats;
  readonly lends: number;
  readonly borrows: number;
  /** In the kernel's ticks of 64 ns. */
  readonly tokens: number;
  readonly ctokens: number;
};

export type U32Key = { readonly value: number; readonly mask: number; readonly offset: number };

export type FilterAction =
  | {
      readonly kind: 'mirred';
      readonly mode: 'redirect' | 'mirror';
      readonly direction: 'egress' | 'ingress';
      readonly ifindex: number;
      /** What becomes of the packet itself; without it, redirecting takes it and mirroring lets it go on. */
      readonly control?: 'stolen' | 'pipe' | 'pass';
    }
  | { readonly kind: 'gact'; readonly verdict: 'drop' | 'pass' | 'pipe' | 'continue' };

export const controlOf = ({ mode, control }: Extract<FilterAction, { kind: 'mirred' }>): 'stolen' | 'pipe' | 'pass' =>
  control ?? (mode === 'redirect' ? 'stolen' : 'pipe');

export type FilterSpec = {
  readonly kind: 'u32' | 'matchall';
  readonly keys: readonly U32Key[];
  readonly classid: number;
  readonly actions: readonly FilterAction[];
};

export type FilterMessage = FilterSpec & {
  readonly ifindex: number;
  readonly parent: number;
  /** EtherType; 3 is `all`. */
  readonly protocol: number;
  readonly pref: number;
  /** `800::800` is 0x8000_0800. */
  readonly handle: number;
  readonly numbered: readonly { readonly index: number; readonly packets: number; readonly bytes: number }[];
};

export type NewQdisc = {
  readonly ifindex: number;
  /** TC_H.root, TC_H.ingress, a class, or 0. */
  readonly parent: number;
  readonly handle: number;
  /** undefined: that of the one that is there. */
  readonly options: QdiscOptions | undefined;
};

export type NewClass = {
  readonly ifindex: number;
  readonly parent: number;
  readonly classid: number;
  readonly options: Partial<ClassOptions>;
};

export type NewFilter = FilterSpec & {
  readonly ifindex: number;
  readonly parent: number;
  readonly protocol: number;
  /** 0: the next below those that are there, from 49152. */
  readonly pref: number;
};
