import type { TargetKind } from './target.ts';

export type NflogTarget = {
  readonly name: 'NFLOG';
  readonly group: number;
  readonly prefix: string;
  /** Bytes of a packet; undefined: all. */
  readonly size: number | undefined;
  readonly threshold: number;
};

/** Packets go to the listeners of the group, and there are none on any machine here. */
export const nflog: TargetKind<NflogTarget> = { run: () => 'continue' };

/** Every packet's way is traced here already. */
export type TraceTarget = { readonly name: 'TRACE' };
export const trace: TargetKind<TraceTarget> = { run: () => 'continue' };
