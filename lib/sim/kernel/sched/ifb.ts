import { done } from '../../base/index.ts';
import type { LinkKind } from '../link/kind.ts';
import type { Link } from '../link/link.ts';
import { accept } from '../link/receive.ts';
import { countRx, countTx, transmit as transmitOn } from '../link/transmit.ts';
import { IFF } from '../messages.ts';
import { drop, type Skb } from '../skb.ts';
import { schedOf } from './device.ts';
import { Fifo } from './fifo.ts';
import { originOf } from './filter.ts';

/**
 * A detour with a queue (drivers/net/ifb.c): what mirred redirects here waits in its discipline and goes on where it was
 * taken from. So what comes in can be shaped like what goes out.
 */
export const ifb: LinkKind = {
  name: 'ifb',
  type: 'ether',
  template: 'ifb%d',
  flags: IFF.BROADCAST | IFF.NOARP,
  mtu: 1500,
  minMtu: 0,
  maxMtu: 0,
  queues: 1,
  qdisc: 'pfifo_fast',
  create(link, request) {
    if (request.txqlen === undefined) link.txqlen = 32;
    return done;
  },
  open(link) {
    const sched = schedOf(link);
    sched.root ??= new Fifo(sched, 0, 0xffff_ffff, 'pfifo_fast');
    return done;
  },
  transmit,
};

function transmit(link: Link, skb: Skb): void {
  countRx(link, skb);
  const origin = originOf(skb);
  if (origin === undefined || !origin.dev.registered) {
    link.stats.rxDropped++;
    drop(link.ns, skb, 'DEV_READY');
    return;
  }
  countTx(link, skb);
  skb.dev = origin.dev;
  // Past the taps and filters that it met before it came here.
  if (origin.ingress) accept(skb);
  else transmitOn(skb);
}
