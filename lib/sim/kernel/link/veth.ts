import { ok } from '../../base/index.ts';
import { IFF } from '../messages.ts';
import { drop, type Skb, segmentLength } from '../skb.ts';
import type { LinkKind } from './kind.ts';
import type { Link } from './link.ts';
import { setCarrier } from './operstate.ts';
import { packetTypeAt } from './receive.ts';
import { countRx, countTx } from './transmit.ts';

const VLAN_TAG = 4;

/** Two devices joined back to back: what one sends, the other receives (drivers/net/veth.c). The pair lives and dies together. */
export const veth: LinkKind = {
  name: 'veth',
  type: 'ether',
  template: 'veth%d',
  flags: IFF.BROADCAST | IFF.MULTICAST,
  mtu: 1500,
  minMtu: 68,
  maxMtu: 65535,
  queues: 2,
  // The peer is registered by newLink, before this end: it takes the lower ifindex.
  create: () => ok(undefined),
  open(link) {
    if (link.peer?.up === true) {
      setCarrier(link, true);
      setCarrier(link.peer, true);
    }
    return undefined;
  },
  stop(link) {
    setCarrier(link, false);
    if (link.peer !== undefined) setCarrier(link.peer, false);
  },
  transmit,
  destroy(link) {
    const { peer } = link;
    return peer === undefined ? [] : [peer];
  },
};

function transmit(link: Link, skb: Skb): void {
  const { peer } = link;
  if (peer === undefined || !peer.up) {
    link.stats.txDropped++;
    drop(link.ns, skb, 'DEV_READY');
    return;
  }
  // is_skb_forwardable(): the receiving end takes no frame longer than its own MTU (and a VLAN tag).
  if (segmentLength(skb) > peer.mtu + VLAN_TAG) {
    link.stats.txDropped++;
    peer.stats.rxDropped++;
    drop(link.ns, skb, 'PKT_TOO_BIG');
    return;
  }
  countTx(link, skb);
  countRx(peer, skb);
  skb.dev = peer;
  skb.type = packetTypeAt(peer, skb.dst);
  skb.depth = 0;
  // Connections and marks do not leave a namespace (skb_scrub_packet).
  skb.ct = undefined;
  skb.bridged = undefined;
  if (peer.ns !== link.ns) skb.mark = 0;
  peer.ns.kernel.backlog.enqueue(skb);
}
