import { MILLISECOND, type Micros, SECOND } from '../../../base/index.ts';
import type { NetNs } from '../../netns.ts';
import { after } from './sequence.ts';

/** A tick of the kernel's clock (CONFIG_HZ=250): timeouts are whole ticks. */
const JIFFY = 4 * MILLISECOND;

/** TCP_TIMEOUT_INIT (RFC 6298 section 2.1) */
export const RTO_INITIAL = SECOND;

/**
 * The round-trip time and what follows from it for retransmissions (RFC 6298 as tcp_rtt_estimator has it: the variation
 * is a maximum over a round, and never counts as less than the smallest timeout).
 */
export class RttEstimator {
  readonly #ns: NetNs;
  /** Smoothed, times 8; 0: nothing measured. */
  #srtt = 0;
  /** Mean deviation, times 4. */
  #mdev = RTO_INITIAL;
  #mdevMax = 0;
  #rttvar = RTO_INITIAL;
  #roundEnds = 0;
  /** The smallest seen. */
  least: Micros = Number.POSITIVE_INFINITY;
  /** Without backoff. */
  timeout: Micros = RTO_INITIAL;

  constructor(ns: NetNs) {
    this.#ns = ns;
  }

  get isKnown(): boolean {
    return this.#srtt > 0;
  }

  get smoothed(): Micros {
    return this.#srtt / 8;
  }

  get variation(): Micros {
    return this.#mdev / 4;
  }

  get #floor(): Micros {
    return this.#ns.ipv4.tcp_rto_min_us;
  }

  get ceiling(): Micros {
    return this.#ns.ipv4.tcp_rto_max_ms * MILLISECOND;
  }

  sample(measured: Micros, una: number, next: number): void {
    const rtt = Math.max(1, measured);
    this.least = Math.min(this.least, rtt);
    if (this.#srtt === 0) {
      this.#srtt = rtt * 8;
      this.#mdev = rtt * 2;
      this.#rttvar = Math.max(this.#mdev, this.#floor);
      this.#mdevMax = this.#rttvar;
      this.#roundEnds = next;
    } else this.#update(rtt, una, next);
    this.timeout = Math.min(Math.ceil((this.#srtt / 8 + this.#rttvar) / JIFFY) * JIFFY, this.ceiling);
  }

  #update(rtt: Micros, una: number, next: number): void {
    let m = rtt - Math.floor(this.#srtt / 8);
    this.#srtt = Math.max(1, this.#srtt + m);
    if (m < 0) {
      m = -m - Math.floor(this.#mdev / 4);
      // A sudden drop of the time does not blow the variation up.
      if (m > 0) m = Math.floor(m / 8);
    } else m -= Math.floor(this.#mdev / 4);
    this.#mdev += m;
    if (this.#mdev > this.#mdevMax) {
      this.#mdevMax = this.#mdev;
      this.#rttvar = Math.max(this.#rttvar, this.#mdevMax);
    }
    if (!after(una, this.#roundEnds)) return;
    if (this.#mdevMax < this.#rttvar) this.#rttvar -= (this.#rttvar - this.#mdevMax) / 4;
    this.#roundEnds = next;
    this.#mdevMax = this.#floor;
  }

  /** The timeout after `backoff` doublings. */
  backedOff(backoff: number): Micros {
    return Math.min(this.timeout * 2 ** backoff, this.ceiling);
  }
}
