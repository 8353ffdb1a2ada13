import { type TosTarget, type TtlTarget, tos, ttl } from './header.ts';
import { type ConnmarkTarget, connmark, type MarkTarget, mark } from './mark.ts';
import {
  type LogTarget,
  log,
  type NflogTarget,
  type NotrackTarget,
  nflog,
  notrack,
  type TraceTarget,
  trace,
} from './misc.ts';
import { dnat, masquerade, type NatTarget, redirect, snat } from './nat.ts';
import { type RejectTarget, reject } from './reject.ts';
import { type SetTarget, set } from './set.ts';
import type { TargetKind } from './target.ts';

/** What a rule may do beyond verdicts and jumps. `name` is what stands behind iptables' -j. */
export type Target =
  | ConnmarkTarget
  | LogTarget
  | MarkTarget
  | NatTarget
  | NflogTarget
  | NotrackTarget
  | RejectTarget
  | SetTarget
  | TosTarget
  | TraceTarget
  | TtlTarget;

export type TargetName = Target['name'];

const KINDS = {
  CONNMARK: connmark,
  CT: notrack,
  DNAT: dnat,
  HL: ttl,
  LOG: log,
  MARK: mark,
  MASQUERADE: masquerade,
  NFLOG: nflog,
  REDIRECT: redirect,
  REJECT: reject,
  SET: set,
  SNAT: snat,
  TOS: tos,
  TRACE: trace,
  TTL: ttl,
} as const satisfies { readonly [N in TargetName]: unknown };

/** The kind of a target, for any target: what belongs together by name is typed together above. */
export const targetKind = (target: Target): TargetKind<Target> => KINDS[target.name] as TargetKind<Target>;
