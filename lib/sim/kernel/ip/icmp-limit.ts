import { type Ip, MILLISECOND, type Micros, SECOND } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';

/** XRLIM_BURST_FACTOR */
const BURST = 6;
const PEERS = 4096;

/** How many ICMP errors a host sends: so many a second in all (icmp_msgs_per_sec), and a token bucket for each destination (icmp_ratelimit). */
export class IcmpLimiter {
  readonly #ns: NetNs;
  readonly #peers = new Map<Ip, { tokens: Micros; at: Micros }>();
  #credit = 0;
  #creditAt: Micros | undefined;

  constructor(ns: NetNs) {
    this.#ns = ns;
  }

  /** icmp_global_allow() and icmpv4_xrlim_allow(). */
  allow(type: number, code: number, destination: Ip, viaLoopback: boolean): boolean {
    const { icmp_ratemask, icmp_ratelimit } = this.#ns.ipv4;
    // Path MTU discovery is never limited.
    if (type > 18 || (type === 3 && code === 4) || ((icmp_ratemask >>> type) & 1) === 0) return true;
    if (!this.#globally()) return false;
    return viaLoopback || this.peer(destination, icmp_ratelimit * MILLISECOND);
  }

  #globally(): boolean {
    const { icmp_msgs_per_sec, icmp_msgs_burst } = this.#ns.ipv4;
    const { now } = this.#ns.kernel.events;
    const since = this.#creditAt === undefined ? SECOND : Math.min(now - this.#creditAt, SECOND);
    this.#credit = Math.min(this.#credit + (since * icmp_msgs_per_sec) / SECOND, icmp_msgs_burst);
    this.#creditAt = now;
    if (this.#credit < 1) return false;
    this.#credit--;
    return true;
  }

  /** inet_peer_xrlim_allow(): `timeout` is the price of a message in microseconds; 0 is no limit. */
  peer(destination: Ip, timeout: Micros): boolean {
    if (timeout === 0) return true;
    const { now } = this.#ns.kernel.events;
    let peer = this.#peers.get(destination);
    if (peer === undefined) {
      if (this.#peers.size >= PEERS) this.#peers.clear();
      peer = { tokens: BURST * timeout, at: now };
      this.#peers.set(destination, peer);
    }
    peer.tokens = Math.min(peer.tokens + now - peer.at, BURST * timeout);
    peer.at = now;
    if (peer.tokens < timeout) return false;
    peer.tokens -= timeout;
    return true;
  }
}
