import type { Mac } from '../../base/index.ts';
import type { Link } from './link.ts';

/** dev_mc_add(): the device listens to a link-layer group; counted. */
export function joinGroup(link: Link, group: Mac): void {
  link.groups.set(group, (link.groups.get(group) ?? 0) + 1);
}

/** dev_mc_del() */
export function leaveGroup(link: Link, group: Mac): void {
  const users = link.groups.get(group) ?? 0;
  if (users > 1) link.groups.set(group, users - 1);
  else link.groups.delete(group);
}
