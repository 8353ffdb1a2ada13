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
 * come up, are urgent; others wait until a second has passed since the last run of such.
 */
export function fireLinkwatch(link: Link): void {
  const watch = link.ns.kernel.linkwatch;
  if (watch.pending.has(link)) return;
  watch.pending.add(link);
  const { events } = link.ns.kernel;
  const urgent = link.up && (link.carrier || link.iflink !== link.ifindex);
  const delay = urgent ? PROMPTLY : Math.max(PROMPTLY, watch.nextAt - events.now);
  events.after(delay, () => {
    watch.pending.delete(link);
    if (!link.registered) return;
    if (!urgent) watch.nextAt = events.now + SECOND;
    runLinkwatch(link);
  });
}

/** linkwatch_do_dev(): the operational state follows the carrier, and who cares is told. */
function runLinkwatch(link: Link): void {
  link.operstate = defaultOperstate(link);
  if (!link.up) return;
  callNotifiers(link, 'change');
  notifyLink(link, 'newlink');
}

/** Brings a pending event forward, as whoever reads the state with the lock held does (linkwatch_sync_dev). */
export function syncLinkwatch(link: Link): void {
  const watch = link.ns.kernel.linkwatch;
  if (watch.pending.has(link)) link.operstate = defaultOperstate(link);
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
