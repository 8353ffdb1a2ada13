import type { Mac } from '../../base/index.ts';
import { IFF } from '../messages.ts';
import type { LinkKind } from './kind.ts';

/** `lo`: what is sent is received (drivers/net/loopback.c). Every namespace is born with one. */
export const loopback: LinkKind = {
  name: 'loopback',
  type: 'loopback',
  template: 'lo',
  flags: IFF.LOOPBACK,
  mtu: 65536,
  minMtu: 0,
  maxMtu: 0,
  queues: 1,
  transmit(link, skb) {
    // loopback_xmit() takes the link header off before it counts.
    link.stats.txPackets++;
    link.stats.rxPackets++;
    link.stats.txBytes += skb.length;
    link.stats.rxBytes += skb.length;
    skb.type = 'host';
    skb.dst = 0 as Mac;
    skb.depth = 0;
    link.ns.kernel.backlog.enqueue(skb);
  },
};
