import type { Mac } from '../../base/index.ts';
import type { Link } from './link.ts';

/** dev_mc_add(): the device listens to a link-layer group; counted. */
export function joinGroup(link: Link, group: Mac): void {
  const users = link.groups.get(group) ?? 0;
  link.groups.set(group, users + 1);
  if (users === 0) link.kind.groupChanged?.(link, group, true);
}

/** dev_mc_del() */
export function leaveGroup(link: Link, group: Mac): void {
  const users = link.groups.get(group) ?? 0;
  if (users > 1) link.groups.set(group, users - 1);
  else if (link.groups.delete(group)) link.kind.groupChanged?.(link, group, false);
}
