import { EVENT_CODE } from '../../trace/index.ts';
import type { Link } from '../link/link.ts';
import { transmit } from '../link/transmit.ts';
import { cloneSkb, drop, packetRef, type Skb, segmentLength } from '../skb.ts';
import type { Bridge } from './bridge.ts';
import type { BridgePort } from './port.ts';

/** What a destination address is to a bridge (enum br_pkt_type). */
export type Cast = 'unicast' | 'multicast' | 'broadcast';

/** br_forward(): to the one port that leads there. `from` is undefined when this host sends. */
export function forward(bridge: Bridge, skb: Skb, from: BridgePort | undefined, to: BridgePort): void {
  if (!shouldDeliver(to, from)) {
    drop(bridge.link.ns, skb, 'BRIDGE_NO_PORT');
    return;
  }
  traceBridge(bridge, skb, from, [to.link], 'known');
  deliver(to, skb, from);
}

/** br_flood(): a copy to every port that wants this kind of frame, newest port first. */
export function flood(bridge: Bridge, skb: Skb, from: BridgePort | undefined, cast: Cast): void {
  const targets = bridge.ports.filter((port) => wants(port, cast, from) && shouldDeliver(port, from));
  traceBridge(
    bridge,
    skb,
    from,
    targets.map((port) => port.link),
    cast === 'unicast' ? 'flood' : cast,
  );
  for (const port of targets) deliver(port, cloneSkb(skb), from);
}

function wants(port: BridgePort, cast: Cast, from: BridgePort | undefined): boolean {
  if (cast === 'unicast') return port.flags.flood;
  if (cast === 'broadcast') return port.flags.bcastFlood;
  return port.flags.mcastFlood || from === undefined;
}

function shouldDeliver(to: BridgePort, from: BridgePort | undefined): boolean {
  return (
    (to !== from || to.flags.hairpin) &&
    to.state === 'forwarding' &&
    !(to.flags.isolated && from?.flags.isolated === true)
  );
}

function deliver(port: BridgePort, skb: Skb, from: BridgePort | undefined): void {
  skb.dev = port.link;
  const { bridgeNetfilter } = port.link.ns.kernel;
  const passed = from === undefined ? undefined : bridgeNetfilter?.forwarding(from, port, skb);
  for (const one of passed ?? [skb]) {
    if (segmentLength(one) > port.link.mtu) drop(port.link.ns, one, 'PKT_TOO_BIG');
    else transmit(one);
  }
}

export function traceBridge(
  bridge: Bridge,
  skb: Skb,
  from: BridgePort | undefined,
  to: readonly Link[],
  why: 'known' | 'flood' | 'broadcast' | 'multicast' | 'local',
): void {
  const { ns } = bridge.link;
  const { trace } = ns.kernel;
  trace.fold(EVENT_CODE.bridge, ns.number, bridge.link.ifindex, skb.id, to.length * 8 + why.length);
  if (!trace.live) return;
  trace.publish({
    type: 'bridge',
    at: trace.now,
    node: ns.kernel.name,
    netns: ns.inode,
    bridge: bridge.link.name,
    from: (from?.link ?? bridge.link).name,
    to: to.map((link) => link.name),
    why,
    packet: packetRef(skb),
  });
}
