import { type BridgeOptions, dumpLinks } from '../../../kernel/index.ts';
import type { Wait } from '../../../os/index.ts';
import type { Session } from '../../iproute2/session.ts';
import { arrival, Lazy } from '../../lazy.ts';
import type { KindCommand } from './kind-command.ts';

/** Kinds that come when they are first asked for, each with its module of the kernel. */
const KINDS: Readonly<Record<string, Lazy<KindCommand>>> = {
  gre: new Lazy(async () => (await import('./iptunnel.ts')).gre),
  ifb: new Lazy(async () => (await import('./ifb.ts')).ifb),
  ipip: new Lazy(async () => (await import('./iptunnel.ts')).ipip),
  ipvlan: new Lazy(async () => (await import('./ipvlan.ts')).ipvlan),
  macvlan: new Lazy(async () => (await import('./macvlan.ts')).macvlan),
  sit: new Lazy(async () => (await import('./iptunnel.ts')).sit),
  vlan: new Lazy(async () => (await import('./vlan.ts')).vlan),
  vxlan: new Lazy(async () => (await import('./vxlan.ts')).vxlan),
};

/** The spanning tree protocol, which comes when a bridge is first told to speak it. */
const STP = new Lazy(async () => (await import('../../../kernel/stp/index.ts')).stpModule);

export const KIND_PARTS: readonly Lazy<unknown>[] = [...Object.values(KINDS), STP];

/** What the options of a bridge need beside the bridge. */
export function* bridgeModules(session: Session, options: BridgeOptions | undefined): Generator<Wait, void, void> {
  if (options?.stpState === 1) session.node.kernel.load(yield* arrival(session.process, STP));
}

/** The kind, with its module in the kernel; undefined for one that is no module here. */
export function* kindCommand(session: Session, name: string): Generator<Wait, KindCommand | undefined, void> {
  const part = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (part === undefined) return undefined;
  const kind = yield* arrival(session.process, part);
  session.node.kernel.load(kind.module);
  return kind;
}

/** Before details are shown: the printers of all kinds that are there. */
export function* arriveKinds(session: Session): Generator<Wait, void, void> {
  for (const name of new Set(dumpLinks(session.ns).map((link) => link.kind))) {
    const part = name === undefined || !Object.hasOwn(KINDS, name) ? undefined : KINDS[name];
    if (part !== undefined) yield* arrival(session.process, part);
  }
}

/** Precondition: it has arrived. */
export const arrivedKind = (name: string): KindCommand | undefined =>
  Object.hasOwn(KINDS, name) ? KINDS[name]?.value : undefined;
