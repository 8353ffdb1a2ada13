import { isMulticastMac, MAC_BROADCAST, type Mac } from '../../base/index.ts';
import { vlanKey } from '../../wire/index.ts';
import { cloneSkb, drop, type PacketType, type Skb } from '../skb.ts';
import { tapFrame } from '../socket/tap.ts';
import type { Link } from './link.ts';
import { traceDevice } from './transmit.ts';

/** To whom a frame is, as seen by the device it came in on (eth_type_trans). */
export function packetTypeAt(dev: Link, dst: Mac): PacketType {
  if (dst === dev.mac) return 'host';
  if (dst === MAC_BROADCAST) return 'broadcast';
  return isMulticastMac(dst) ? 'multicast' : 'otherhost';
}

/**
 * A frame comes in on `skb.dev` (__netif_receive_skb_core): taps first, then traffic control, the VLAN device
 * that a tag names, the bridge that the device is a port of, and the protocol that it carries.
 */
export function receive(skb: Skb): void {
  const dev = skb.dev;
  if (!dev.registered || !dev.up) {
    drop(dev.ns, skb, dev.ns.alive ? 'DEV_READY' : 'NETNS_GONE');
    return;
  }
  if (skb.type === 'loopback') {
    deliver(dev, skb);
    return;
  }
  traceDevice('rx', dev, skb);
  if (dev.taps.length > 0 || dev.ns.taps.length > 0) tapFrame(dev, skb, 'in');
  if (dev.ingress?.(skb) !== 'consumed') accept(skb);
}

/** What receiving does behind the taps and traffic control. */
export function accept(skb: Skb): void {
  const { dev } = skb;
  if (skb.packet.kind === 'vlan') {
    const upper = dev.vlans?.get(vlanKey(skb.packet));
    if (upper !== undefined) {
      upper.kind.untag?.(upper, skb);
      return;
    }
  }
  if (dev.rxHandler?.(skb) === 'consumed') return;
  deliver(dev, skb);
}

function deliver(dev: Link, skb: Skb): void {
  const take = dev.ns.kernel.protocols[skb.packet.kind];
  if (take !== undefined) take(skb);
  else {
    dev.stats.rxDropped++;
    drop(dev.ns, skb, 'UNHANDLED_PROTO');
  }
}

/** dev_loopback_xmit(): a copy of what goes out to many comes in again, past taps and bridges. */
export function loopBack(dev: Link, skb: Skb): void {
  const copy = cloneSkb(skb);
  copy.dev = dev;
  copy.type = 'loopback';
  dev.ns.kernel.backlog.enqueue(copy);
}
