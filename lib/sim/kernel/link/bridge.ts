import { isMulticastMac, MAC_BROADCAST, ok, parseMac } from '../../base/index.ts';
import { Bridge } from '../bridge/bridge.ts';
import { flood, forward } from '../bridge/forward.ts';
import { removePort, setBridgeMac } from '../bridge/membership.ts';
import type { BridgePort } from '../bridge/port.ts';
import { checkPort, disablePort, selectCarrier } from '../bridge/stp.ts';
import { IFF } from '../messages.ts';
import type { Skb } from '../skb.ts';
import { joinGroup, leaveGroup } from './groups.ts';
import type { LinkKind } from './kind.ts';
import type { Link } from './link.ts';
import { countTx } from './transmit.ts';

/** All-snoopers groups that a bridge joins while it is up (RFC 4286): 224.0.0.106 and ff02::6a. */
const SNOOPERS = ['01:00:5e:00:00:6a', '33:33:00:00:00:6a'].map(
  (text) => parseMac(text) as NonNullable<ReturnType<typeof parseMac>>,
);

/** An Ethernet switch, and this host's own port on it (net/bridge/br_device.c). VLAN filtering is not here yet. */
export const bridge: LinkKind = {
  name: 'bridge',
  type: 'ether',
  template: 'bridge%d',
  flags: IFF.BROADCAST | IFF.MULTICAST,
  mtu: 1500,
  minMtu: 68,
  maxMtu: 65535,
  queues: 1,
  immovable: true,
  create(link) {
    link.bridge = new Bridge(link);
    if (link.addrAssignType === 3) link.bridge.fdb.addLocal(undefined, link.mac);
    return ok(undefined);
  },
  open(link) {
    const ports = link.bridge?.ports ?? [];
    for (const port of ports) checkPort(port);
    if (link.bridge !== undefined && ports.length > 0) selectCarrier(link.bridge);
    link.bridge?.tree?.start();
    for (const group of SNOOPERS) joinGroup(link, group);
    return undefined;
  },
  stop(link) {
    for (const port of link.bridge?.ports ?? []) disablePort(port);
    link.bridge?.tree?.stop();
    for (const group of SNOOPERS) leaveGroup(link, group);
  },
  transmit,
  mtuChanged(link) {
    if (link.bridge !== undefined) link.bridge.mtuSetByUser = true;
  },
  macChanged(link) {
    const { bridge: self } = link;
    if (self === undefined) return;
    const mac = link.mac;
    link.mac = self.idMac;
    setBridgeMac(self, mac);
  },
  destroy(link) {
    for (const port of [...(link.bridge?.ports ?? [])]) removePort(port);
    return [];
  },
};

/** br_dev_xmit(): a frame of this host's own, or one from a port that netfilter had the bridge find a neighbour for. */
function transmit(link: Link, skb: Skb): void {
  const self = link.bridge as Bridge;
  const from = resumed(skb);
  if (from === undefined) countTx(link, skb);
  if (skb.dst === MAC_BROADCAST) flood(self, skb, from, 'broadcast');
  else if (isMulticastMac(skb.dst)) flood(self, skb, from, 'multicast');
  else {
    const entry = self.fdb.find(skb.dst);
    if (entry?.port !== undefined) forward(self, skb, from, entry.port);
    else flood(self, skb, from, 'unicast');
  }
}

/** br_nf_pre_routing_finish_bridge_slow(): the frame has its sender again, and the port that it came in by. */
function resumed(skb: Skb): BridgePort | undefined {
  const { bridged } = skb;
  if (bridged?.resume === undefined) return undefined;
  skb.src = bridged.resume;
  return bridged.from.port;
}
