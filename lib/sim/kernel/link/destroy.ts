import { done, fail, type Result } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';
import { callNotifiers } from '../notifier.ts';
import { dropTaps } from '../socket/tap.ts';
import { notifyLink } from './dump.ts';
import type { Link } from './link.ts';
import { closeLink } from './updown.ts';

/** RTM_DELLINK. `lo` cannot go. */
export function delLink(ns: NetNs, ifindex: number): Result<void> {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return fail('ENODEV');
  if (link.isLoopback) return fail('EOPNOTSUPP');
  destroyLinks([link]);
  return done;
}

/** Unregisters devices and what goes with them (unregister_netdevice_many): all close first, then all leave. */
export function destroyLinks(links: readonly Link[]): void {
  const all = new Set(links);
  // The set grows while it is walked: what stands on a device goes with it.
  for (const link of all) for (const other of [...link.uppers, ...(link.kind.destroy?.(link) ?? [])]) all.add(other);
  for (const link of all) closeLink(link);
  for (const link of all) unregister(link);
}

function unregister(link: Link): void {
  callNotifiers(link, 'unregister');
  notifyLink(link, 'dellink');
  link.registered = false;
  link.ns.removeLink(link);
  dropTaps(link);
  link.peer = undefined;
  link.lower?.uppers.delete(link);
}
