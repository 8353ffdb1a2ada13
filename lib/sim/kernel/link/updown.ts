import { done, fail, type Result } from '../../base/index.ts';
import { IFF } from '../messages.ts';
import { callNotifiers } from '../notifier.ts';
import { notifyLink } from './dump.ts';
import type { Link } from './link.ts';

/** dev_open(): UP, the kind's own opening, a queue, and everybody is told. */
export function openLink(link: Link): Result<void> {
  if (link.up) return done;
  if (!link.registered) return fail('ENODEV');
  link.flags |= IFF.UP;
  const opened = link.kind.open?.(link);
  if (opened?.ok === false) {
    link.flags &= ~IFF.UP;
    return opened;
  }
  if (link.qdisc === 'noop') link.qdisc = link.kind.qdisc ?? 'noqueue';
  link.activated = link.carrier;
  callNotifiers(link, 'up');
  notifyLink(link, 'newlink');
  return done;
}

/** dev_close() */
export function closeLink(link: Link): void {
  if (!link.up) return;
  link.flags &= ~IFF.UP;
  link.activated = false;
  link.kind.stop?.(link);
  callNotifiers(link, 'down');
  notifyLink(link, 'newlink');
}
