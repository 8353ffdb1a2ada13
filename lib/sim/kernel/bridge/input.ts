import { isMulticastMac, MAC_BROADCAST } from '../../base/index.ts';
import { receive } from '../link/receive.ts';
import { countRx } from '../link/transmit.ts';
import { cloneSkb, drop, type Skb } from '../skb.ts';
import { flood, forward, traceBridge } from './forward.ts';
import type { BridgePort } from './port.ts';

/** 01:80:c2:00:00:00 … 0f: never forwarded by a bridge (IEEE 802.1D table 7-10), unless told to. */
const LINK_LOCAL = 0x0180_c200_0000;

/** br_handle_frame(): a frame from a port. */
export function handleFrame(port: BridgePort, skb: Skb): 'consumed' | 'pass' {
  const { bridge } = port;
  if (isMulticastMac(skb.src) || skb.src === 0) {
    drop(bridge.link.ns, skb, 'NOT_SPECIFIED');
    return 'consumed';
  }
  if (skb.dst >= LINK_LOCAL && skb.dst <= LINK_LOCAL + 15) {
    const last = skb.dst - LINK_LOCAL;
    if (last === 0 && bridge.stp && bridge.link.up) {
      bridge.tree?.receive(port, skb);
      return 'consumed';
    }
    const forwarded = ((bridge.groupFwdMask >> last) & 1) === 1 || (last === 0 && !bridge.stp);
    if (last === 1 || (!forwarded && !port.bridge.link.up)) {
      drop(bridge.link.ns, skb, 'BRIDGE_LINK_LOCAL');
      return 'consumed';
    }
    if (!forwarded) return 'pass';
  }
  if (port.state !== 'forwarding' && port.state !== 'learning') {
    drop(bridge.link.ns, skb, 'BRIDGE_INGRESS_STP_STATE');
    return 'consumed';
  }
  if (port.flags.locked && bridge.fdb.find(skb.src)?.port !== port) {
    drop(bridge.link.ns, skb, 'BRIDGE_LOCKED');
    return 'consumed';
  }
  if (port.flags.learning) bridge.fdb.learn(port, skb.src);
  if (port.state === 'learning') drop(bridge.link.ns, skb, 'BRIDGE_INGRESS_STP_STATE');
  else decide(port, skb);
  return 'consumed';
}

/** br_handle_frame_finish(): to this host, to one port, or to all. */
function decide(port: BridgePort, skb: Skb): void {
  const { bridge } = port;
  const promiscuous = bridge.link.promiscuity > 0;
  const fate = bridge.link.ns.kernel.bridgeNetfilter?.prerouting(port, skb) ?? 'bridge';
  if (fate === 'gone') return;
  if (fate === 'up') {
    passUp(port, skb, 'host');
    return;
  }
  if (isMulticastMac(skb.dst)) {
    const broadcast = skb.dst === MAC_BROADCAST;
    // Snooping floods as long as there is no querier, and nothing here queries.
    if (!broadcast) bridge.link.stats.multicast++;
    const local = cloneSkb(skb);
    flood(bridge, skb, port, broadcast ? 'broadcast' : 'multicast');
    passUp(port, local, broadcast ? 'broadcast' : 'multicast');
    return;
  }
  const entry = bridge.fdb.find(skb.dst);
  if (entry?.local === true) {
    traceBridge(bridge, skb, port, [bridge.link], 'local');
    passUp(port, skb, 'host');
    return;
  }
  const copy = promiscuous ? cloneSkb(skb) : undefined;
  if (entry?.port !== undefined) {
    entry.used = bridge.link.ns.kernel.events.now;
    forward(bridge, skb, port, entry.port);
  } else {
    flood(bridge, skb, port, 'unicast');
  }
  if (copy !== undefined) passUp(port, copy, skb.dst === bridge.link.mac ? 'host' : 'otherhost');
}

/** br_pass_frame_up(): the frame comes in on the bridge device itself. */
function passUp(port: BridgePort, skb: Skb, type: Skb['type']): void {
  const { link } = port.bridge;
  if (!link.up) {
    drop(link.ns, skb, 'DEV_READY');
    return;
  }
  skb.dev = link;
  skb.type = type;
  countRx(link, skb);
  receive(skb);
}
