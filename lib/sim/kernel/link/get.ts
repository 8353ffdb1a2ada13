import type { LinkMessage } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { linkMessage } from './dump.ts';
import { syncLinkwatch } from './operstate.ts';

/** RTM_GETLINK of one device, by name, alternative name or ifindex. */
export function getLink(ns: NetNs, which: string | number): LinkMessage | undefined {
  const link = typeof which === 'number' ? ns.linkByIndex(which) : ns.linkByName(which);
  if (link === undefined) return undefined;
  syncLinkwatch(link);
  return linkMessage(link);
}
