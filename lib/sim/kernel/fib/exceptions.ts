import { type Ip, type Micros, SECOND } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';

/** What was learnt about one destination (struct fib_nh_exception): a smaller path MTU, a better gateway. */
export type RouteException = {
  readonly mtu: number | undefined;
  readonly mtuLocked: boolean;
  readonly gateway: Ip | undefined;
  readonly expires: Micros;
};

/** The newest exceptions win over the oldest when there are too many (FNHE_RECLAIM_DEPTH bounds Linux's). */
const LIMIT = 2048;

export class Exceptions {
  readonly #ns: NetNs;
  readonly #entries = new Map<Ip, RouteException>();

  constructor(ns: NetNs) {
    this.#ns = ns;
  }

  find(dst: Ip): RouteException | undefined {
    if (this.#entries.size === 0) return undefined;
    const entry = this.#entries.get(dst);
    if (entry === undefined || entry.expires > this.#ns.kernel.events.now) return entry;
    this.#entries.delete(dst);
    return undefined;
  }

  /** For `seconds`, by default those that a path MTU is remembered. */
  learn(
    dst: Ip,
    what: { readonly mtu?: number; readonly mtuLocked?: boolean; readonly gateway?: Ip },
    seconds = this.#ns.ipv4['route/mtu_expires'],
  ): void {
    const old = this.find(dst);
    if (this.#entries.size >= LIMIT)
      for (const first of this.#entries.keys()) {
        this.#entries.delete(first);
        break;
      }
    const expires = this.#ns.kernel.events.now + seconds * SECOND;
    this.#entries.set(dst, {
      mtu: what.mtu ?? old?.mtu,
      mtuLocked: what.mtuLocked ?? old?.mtuLocked ?? false,
      gateway: what.gateway ?? old?.gateway,
      expires,
    });
  }

  /** Destinations that something is known about, oldest first. */
  destinations(): Ip[] {
    return [...this.#entries.keys()].filter((dst) => this.find(dst) !== undefined);
  }

  clear(): void {
    this.#entries.clear();
  }
}
