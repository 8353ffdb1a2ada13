import type { TargetKind } from './target.ts';

export type LogTarget = {
  readonly name: 'LOG';
  readonly prefix: string;
  readonly level: number;
  /** XT_LOG_*: TCP sequence 1, TCP options 2, IP options 4, uid 8. */
  readonly flags: number;
};

/** The line goes to the kernel's log; the rule's counter and trace event tell of it here. */
export const log: TargetKind<LogTarget> = { run: () => 'continue' };

export type NflogTarget = { readonly name: 'NFLOG'; readonly group: number; readonly prefix: string };
export const nflog: TargetKind<NflogTarget> = { run: () => 'continue' };

/** Every packet's way is traced here already. */
export type TraceTarget = { readonly name: 'TRACE' };
export const trace: TargetKind<TraceTarget> = { run: () => 'continue' };

/** `by`: whether the rule said NOTRACK or CT --notrack. */
export type NotrackTarget = { readonly name: 'CT'; readonly by: 'NOTRACK' | '--notrack' };

/** xt_CT.c: the packet passes connection tracking unseen. */
export const notrack: TargetKind<NotrackTarget> = {
  check: (_, { table }) => (table === 'raw' ? undefined : 'EINVAL'),
  run: (_, { skb }) => {
    skb.ct ??= { entry: undefined };
    return 'continue';
  },
};
