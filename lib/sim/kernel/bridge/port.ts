import type { Timer } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { BridgePortFlags, BridgePortState } from '../messages.ts';
import type { Bridge } from './bridge.ts';

/** A device as a port of a bridge (struct net_bridge_port). */
export class BridgePort {
  readonly link: Link;
  readonly bridge: Bridge;
  /** From 1. */
  readonly number: number;
  priority = 32;
  cost: number;
  state: BridgePortState = 'disabled';
  readonly flags: BridgePortFlags = {
    hairpin: false,
    guard: false,
    rootBlock: false,
    fastleave: false,
    learning: true,
    flood: true,
    mcastFlood: true,
    bcastFlood: true,
    mcastToUnicast: false,
    neighSuppress: false,
    vlanTunnel: false,
    isolated: false,
    locked: false,
    proxyArp: false,
    proxyArpWifi: false,
  };
  /** From listening to learning to forwarding, with STP on. */
  forwardDelay: Timer | undefined;

  constructor(bridge: Bridge, link: Link, number: number) {
    this.bridge = bridge;
    this.link = link;
    this.number = number;
    // port_cost(): a veth says it is a 10 Gbit/s device, others do not say.
    this.cost = link.kind.name === 'veth' ? 2 : 100;
  }
}
