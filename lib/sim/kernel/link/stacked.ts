import { callNotifiers, type Notifier } from '../notifier.ts';
import type { Link } from './link.ts';
import { fireLinkwatch, setCarrier } from './operstate.ts';

/** netdev_upper_dev_link(): `link` stands on `lower`, carries when that does, and dies with it. Before it is registered. */
export function stack(link: Link, lower: Link): void {
  link.lower = lower;
  lower.uppers.add(link);
  link.carrier = lower.carrier;
}

/** netif_stacked_transfer_operstate(), and what else happens to devices of the kind when the one underneath changes. */
export function stackedNotifier(kind: string): Notifier {
  const follow = (lower: Link): void => {
    for (const link of lower.uppers) if (link.kind.name === kind) setCarrier(link, lower.carrier);
  };
  return {
    register(link) {
      if (link.kind.name === kind && link.lower !== undefined) fireLinkwatch(link);
    },
    up: follow,
    down: follow,
    change: follow,
    changeMtu(lower) {
      for (const link of lower.uppers) {
        if (link.kind.name !== kind || link.mtu <= lower.mtu) continue;
        link.mtu = lower.mtu;
        callNotifiers(link, 'changeMtu');
      }
    },
  };
}
