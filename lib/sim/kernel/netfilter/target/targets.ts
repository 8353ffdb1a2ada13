import { type CtTarget, ct } from './ct.ts';
import { type DscpTarget, dscp, type TosTarget, type TtlTarget, tos, ttl } from './header.ts';
import { type LogTarget, log } from './log.ts';
import { type ConnmarkTarget, connmark, type MarkTarget, mark } from './mark.ts';
import { type NflogTarget, nflog, type TraceTarget, trace } from './misc.ts';
import { dnat, masquerade, type NatTarget, type NetmapTarget, netmap, redirect, snat } from './nat.ts';
import { type RejectTarget, reject } from './reject.ts';
import { type SetTarget, set } from './set.ts';
import type { TargetKind } from './target.ts';
import { type TcpmssTarget, tcpmss } from './tcpmss.ts';

/** What a rule may do beyond verdicts and jumps. `name` is what stands behind iptables' -j. */
export type Target =
  | ConnmarkTarget
  | CtTarget
  | DscpTarget
  | LogTarget
  | MarkTarget
  | NatTarget
  | NetmapTarget
  | NflogTarget
  | RejectTarget
  | SetTarget
  | TcpmssTarget
  | TosTarget
  | TraceTarget
  | TtlTarget;

export type TargetName = Target['name'];

const KINDS = {
  CONNMARK: connmark,
  CT: ct,
  DNAT: dnat,
  DSCP: dscp,
  HL: ttl,
  LOG: log,
  MARK: mark,
  MASQUERADE: masquerade,
  NETMAP: netmap,
  NFLOG: nflog,
  REDIRECT: redirect,
  REJECT: reject,
  SET: set,
  SNAT: snat,
  TCPMSS: tcpmss,
  TOS: tos,
  TRACE: trace,
  TTL: ttl,
} as const satisfies { readonly [N in TargetName]: unknown };

/** The kind of a target, for any target: what belongs together by name is typed together above. */
export const targetKind = (target: Target): TargetKind<Target> => KINDS[target.name] as TargetKind<Target>;
