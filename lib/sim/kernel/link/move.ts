import { done, fail, type Result } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';
import { callNotifiers } from '../notifier.ts';
import { dropTaps } from '../socket/tap.ts';
import { notifyLink } from './dump.ts';
import type { Link } from './link.ts';
import { chooseName } from './names.ts';
import { closeLink } from './updown.ts';

/**
 * dev_change_net_namespace(): the device goes down and loses what the old namespace's protocols gave it (addresses,
 * routes, its bridge); it keeps its MAC address, MTU, statistics, and its ifindex when that is free.
 */
export function moveLink(
  link: Link,
  target: NetNs,
  wanted: string | undefined,
  ifindex: number | undefined,
): Result<void> {
  if (target === link.ns) return done;
  if (link.isLoopback || link.kind.immovable === true) return fail('EINVAL', 'The interface netns is immutable');
  const name = wanted ?? link.name;
  if (target.linkByName(name) !== undefined) {
    return wanted === undefined
      ? fail('EEXIST', 'An interface with the same name exists in the target netns')
      : fail('EEXIST');
  }
  const chosen = chooseName(target, name);
  if (!chosen.ok) return chosen;
  if (ifindex !== undefined && target.linkByIndex(ifindex) !== undefined) return fail('EBUSY');
  closeLink(link);
  callNotifiers(link, 'unregister');
  link.ns.nsids.allocate(target);
  link.qdisc = 'noop';
  link.egress = undefined;
  link.ingress = undefined;
  notifyLink(link, 'dellink');
  link.ns.removeLink(link);
  dropTaps(link);
  link.groups.clear();
  link.unicast.clear();
  link.ns = target;
  link.name = chosen.value;
  if (ifindex !== undefined) link.ifindex = ifindex;
  else if (target.linkByIndex(link.ifindex) !== undefined) link.ifindex = target.nextIfindex();
  target.addLink(link);
  callNotifiers(link, 'register');
  notifyLink(link, 'newlink');
  return done;
}
