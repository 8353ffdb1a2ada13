import { SECOND } from '../../base/index.ts';
import { callNotifiers } from '../notifier.ts';
import { notifyLink } from './dump.ts';
import type { Link } from './link.ts';

/** The work queue that runs link events when nothing asks for a delay. */
const PROMPTLY = 150;

/** netif_carrier_on / netif_carrier_off: the change shows at once in the flags, and a little later in the operational state. */
export function setCarrier(link: Link, carrier: boolean): void {
  if (link.carrier === carrier) return;
  link.carrier = carrier;
  link.carrierChanges++;
  if (link.registered) fireLinkwatch(link);
}

/**
 * Queues the device for the link watch (net/core/link_watch.c). Events of a device with a lower device, and carriers that
 * set a waiting queue going, are urgent; others wait until a second has passed since the last run of such.
 */
export function fireLinkwatch(link: Link): void {
  const { linkwatch, events } = link.ns.kernel;
  const starting = link.carrier && link.qdisc !== 'noop' && !link.activated;
  const urgent = link.up && (starting || link.iflink !== link.ifindex);
  const pending = linkwatch.pending.get(link);
  if (pending !== undefined && !urgent) return;
  pending?.cancel();
  const delay = urgent ? PROMPTLY : Math.max(PROMPTLY, linkwatch.nextAt - events.now);
  const timer = events.after(delay, () => {
    linkwatch.pending.delete(link);
    if (!urgent) linkwatch.nextAt = events.now + SECOND;
    if (link.registered) runLinkwatch(link);
  });
  linkwatch.pending.set(link, timer);
}

/** linkwatch_sync_dev(): who asks for one device gets no state that is about to change. */
export function syncLinkwatch(link: Link): void {
  const { pending } = link.ns.kernel.linkwatch;
  pending.get(link)?.cancel();
  if (pending.delete(link) && link.registered) runLinkwatch(link);
}

/** linkwatch_do_dev(): the operational state follows the carrier, and who cares is told. */
function runLinkwatch(link: Link): void {
  link.operstate = defaultOperstate(link);
  if (!link.up) return;
  link.activated = link.carrier;
  callNotifiers(link, 'change');
  notifyLink(link, 'newlink');
}

/**
 * default_operstate(). Whether "lower layer down" is said depends, as in the kernel, on what device has the peer's
 * ifindex in the link's own namespace.
 */
function defaultOperstate(link: Link): Link['operstate'] {
  if (link.carrier) return 'UP';
  if (link.iflink === link.ifindex) return 'DOWN';
  const lower = link.ns.linkByIndex(link.iflink);
  return lower === undefined || lower.carrier ? 'DOWN' : 'LOWERLAYERDOWN';
}
