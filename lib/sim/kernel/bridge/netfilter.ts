import type { Skb } from '../skb.ts';
import type { BridgePort } from './port.ts';

/** Where a bridge asks the netfilter of IP about the frames that it passes on (br_netfilter). */
export type BridgeNetfilter = {
  /**
   * 'bridge': go on with the frame's destination, which may be another now; 'up': it is for IP of this host; 'gone':
   * dropped, or kept by somebody.
   */
  readonly prerouting: (port: BridgePort, skb: Skb) => 'bridge' | 'up' | 'gone';
  /** The frames to send to the port; none when the packet ends here. */
  readonly forwarding: (from: BridgePort, to: BridgePort, skb: Skb) => readonly Skb[];
};
