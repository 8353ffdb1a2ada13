import type { BridgeMessage, BridgePortMessage } from '../messages.ts';
import type { Skb } from '../skb.ts';
import type { BridgePort } from './port.ts';

/** The spanning tree protocol at one bridge, once its module is there (lib/sim/kernel/stp). */
export type SpanningTree = {
  /** The bridge came up: it starts to say hello. */
  readonly start: () => void;
  readonly stop: () => void;
  /** A port can carry, or no more. */
  readonly enable: (port: BridgePort) => void;
  readonly disable: (port: BridgePort) => void;
  /** The bridge's id or times, or a port's cost or priority, are others now. */
  readonly reconsider: () => void;
  readonly receive: (port: BridgePort, skb: Skb) => void;
  readonly describe: () => Partial<BridgeMessage>;
  readonly describePort: (port: BridgePort) => Partial<BridgePortMessage>;
};
