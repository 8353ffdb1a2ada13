import { isMulticastMac, MAC_BROADCAST } from '../../base/index.ts';
import type { MacvlanMode } from '../link/data.ts';
import type { Link } from '../link/link.ts';
import { packetTypeAt, receive } from '../link/receive.ts';
import { countRx, countTx, transmit as transmitOn } from '../link/transmit.ts';
import { cloneSkb, drop, type Skb } from '../skb.ts';
import { type Macvlan, type MacvlanPort, macvlanOf } from './port.ts';

/** macvlan_start_xmit(): to a sibling directly where both are bridged, else out by the device underneath. */
export function transmit(link: Link, skb: Skb): void {
  const self = macvlanOf(link);
  const { lower } = self.port;
  countTx(link, skb);
  if (self.mode === 'bridge') {
    if (isMulticastMac(skb.dst)) spread(self.port, skb, self, ['bridge']);
    else if (self.port.find(skb.dst)?.mode === 'bridge') {
      // As if it had come in there: the lower device's taps see it.
      comeIn(lower, skb);
      return;
    }
  }
  skb.dev = lower;
  transmitOn(skb);
}

/** dev_forward_skb() */
function comeIn(dev: Link, skb: Skb): void {
  if (!dev.up || skb.length > dev.mtu) {
    dev.stats.rxDropped++;
    drop(dev.ns, skb, dev.up ? 'PKT_TOO_BIG' : 'DEV_READY');
    return;
  }
  enter(dev, skb);
}

function enter(dev: Link, skb: Skb): void {
  if (dev.ns !== skb.dev.ns) skb.mark = 0;
  skb.dev = dev;
  skb.type = packetTypeAt(dev, skb.dst);
  skb.ct = undefined;
  skb.bridged = undefined;
  skb.depth = 0;
  dev.ns.kernel.backlog.enqueue(skb);
}

/** macvlan_broadcast(): a copy to each that is up, of one of the modes, and listens to the group. */
function spread(port: MacvlanPort, skb: Skb, from: Macvlan | undefined, modes: readonly MacvlanMode[]): void {
  for (const one of port.active()) {
    if (one === from || !modes.includes(one.mode) || !listens(one.link, skb)) continue;
    const copy = cloneSkb(skb);
    countRx(one.link, copy);
    one.link.stats.multicast++;
    enter(one.link, copy);
  }
}

const listens = (link: Link, { dst }: Skb): boolean =>
  dst === MAC_BROADCAST || link.groups.has(dst) || link.allmulti > 0 || link.promiscuity > 0;

/** macvlan_handle_frame(): what comes in on the device underneath. */
export function handleFrame(port: MacvlanPort, skb: Skb): 'consumed' | 'pass' {
  if (isMulticastMac(skb.dst)) return handleGroup(port, skb);
  const one = port.passthru ?? port.find(skb.dst);
  if (one === undefined) return 'pass';
  const { link } = one;
  if (!link.up) {
    drop(link.ns, skb, 'DEV_READY');
    return 'consumed';
  }
  if (link.ns !== skb.dev.ns) {
    skb.mark = 0;
    skb.ct = undefined;
  }
  skb.dev = link;
  skb.type = 'host';
  countRx(link, skb);
  receive(skb);
  return 'consumed';
}

function handleGroup(port: MacvlanPort, skb: Skb): 'consumed' | 'pass' {
  const from = port.find(skb.src);
  if (from === undefined) {
    spread(port, skb, undefined, ['private', 'vepa', 'passthru', 'bridge']);
  } else if (from.mode === 'vepa') {
    spread(port, skb, from, ['vepa', 'bridge']);
  } else if (from.mode === 'bridge') {
    // Its bridged siblings had it when it was sent.
    spread(port, skb, from, ['vepa']);
  } else {
    const { link } = from;
    countRx(link, skb);
    enter(link, skb);
    return 'consumed';
  }
  return 'pass';
}
