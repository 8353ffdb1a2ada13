import type { Ip, Micros } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';

/** A tick of the kernel's clock (CONFIG_HZ=250). */
const JIFFY = 4_000;

/**
 * Identification numbers of IPv4 packets (ip_idents_reserve): for each pair of addresses a counter with a random start,
 * which jumps by up to the ticks since its last use, so that it cannot be read from outside how much a host sends.
 */
export class IdSource {
  readonly #ns: NetNs;
  readonly #counters = new Map<number, { value: number; at: Micros }>();

  constructor(ns: NetNs) {
    this.#ns = ns;
  }

  next(src: Ip, dst: Ip): number {
    const { events, random } = this.#ns.kernel;
    // 2048 buckets, as ip_idents has.
    const bucket = (Math.imul(src.v4, 0x9e3779b1) ^ Math.imul(dst.v4, 0x85ebca6b)) >>> 21;
    const counter = this.#counters.get(bucket);
    if (counter === undefined) {
      const value = random.int(1, 0xffff);
      this.#counters.set(bucket, { value, at: events.now });
      return value;
    }
    const ticks = Math.floor((events.now - counter.at) / JIFFY);
    counter.value = (counter.value + 1 + (ticks > 0 ? random.int(0, ticks - 1) : 0)) & 0xffff;
    counter.at = events.now;
    return counter.value;
  }
}
