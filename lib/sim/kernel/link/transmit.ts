import { EVENT_CODE } from '../../trace/index.ts';
import { drop, frameLength, packetRef, type Skb } from '../skb.ts';
import { tapFrame } from '../socket/tap.ts';
import type { Link } from './link.ts';

/** XMIT_RECURSION_LIMIT: devices on top of devices on top of devices. */
const DEPTH_LIMIT = 8;

/** Hands a finished frame to `skb.dev` (dev_queue_xmit): through its queue, past the taps, to what it does with it. */
export function transmit(skb: Skb): void {
  const dev = skb.dev;
  if (!dev.activated) {
    // A device without carrier has no queue but noop, which drops before any tap.
    drop(dev.ns, skb, dev.up ? 'NO_CARRIER' : 'DEV_READY');
    return;
  }
  if (++skb.depth > DEPTH_LIMIT) {
    drop(dev.ns, skb, 'RECURSION_LIMIT');
    return;
  }
  if (dev.egress === undefined) send(skb);
  else dev.egress(skb);
}

/** dev_hard_start_xmit(): past the queue, if there is one. */
export function send(skb: Skb): void {
  const { dev } = skb;
  traceDevice('tx', dev, skb);
  if (dev.taps.length > 0 || dev.ns.taps.length > 0) tapFrame(dev, skb, 'out');
  dev.kind.transmit(dev, skb);
}

export function traceDevice(what: 'tx' | 'rx', dev: Link, skb: Skb): void {
  const { trace } = dev.ns.kernel;
  trace.fold(EVENT_CODE[what], dev.ns.number, dev.ifindex, skb.id, skb.dst * 31 + skb.length);
  if (trace.live) {
    trace.publish({
      type: what,
      at: trace.now,
      node: dev.ns.kernel.name,
      netns: dev.ns.inode,
      dev: dev.name,
      packet: packetRef(skb),
    });
  }
}

export function countTx(dev: Link, skb: Skb): void {
  dev.stats.txPackets++;
  dev.stats.txBytes += frameLength(skb);
}

export function countRx(dev: Link, skb: Skb): void {
  dev.stats.rxPackets++;
  dev.stats.rxBytes += frameLength(skb);
}
