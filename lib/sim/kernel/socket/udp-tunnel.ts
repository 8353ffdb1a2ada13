import type { Family } from '../messages.ts';
import type { Skb } from '../skb.ts';

/**
 * A UDP port that the kernel itself listens on for a tunnel (udp_tunnel_sock): its datagrams go there before any socket
 * of a process is looked for, and no process can bind it.
 */
export type UdpTunnel = {
  /** The kind of tunnel: ports are shared only within one. */
  readonly owner: string;
  readonly families: Set<Family>;
  /** A datagram for this host, past the input hook. */
  readonly receive: (skb: Skb) => void;
};
