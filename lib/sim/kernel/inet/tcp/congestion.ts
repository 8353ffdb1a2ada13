/** TCP_INIT_CWND (RFC 6928) */
const INITIAL_WINDOW = 10;
const INFINITE = 0x7fff_ffff;
/** CUBIC's share of the window that a loss leaves (RFC 9438 section 4.6). */
const BETA = 0.7;

/** How the sender stands: all is well, something was lost and is repaired, or a timeout began anew (tcp_ca_state). */
export type CongestionState = 'open' | 'recovery' | 'loss';

/** Congestion control, counted in segments (RFC 5681 with CUBIC's decrease; growth beyond slow start is RFC 5681's). */
export class Congestion {
  window = INITIAL_WINDOW;
  threshold = INFINITE;
  state: CongestionState = 'open';
  /** Where the stream stood when the repair began: it is over when that is acknowledged. */
  highSeq = 0;
  duplicateAcks = 0;
  /** The window, not the peer or the application, was what kept the sender. */
  isLimiting = false;
  /** The most segments that were in flight lately. */
  most = 0;
  #counted = 0;

  get inSlowStart(): boolean {
    return this.window < this.threshold;
  }

  get isThresholdKnown(): boolean {
    return this.threshold < INFINITE;
  }

  /** `segments` more were acknowledged (tcp_cong_avoid). */
  grow(segments: number): void {
    if (this.inSlowStart) {
      // A window that nobody fills does not grow (RFC 7661).
      if (!this.isLimiting && this.window >= 2 * this.most) return;
      this.window = Math.min(this.window + segments, this.threshold);
      return;
    }
    if (!this.isLimiting) return;
    this.#counted += segments;
    while (this.#counted >= this.window) {
      this.#counted -= this.window;
      this.window++;
    }
  }

  reduce(): void {
    this.threshold = Math.max(2, Math.floor(this.window * BETA));
  }

  /** RFC 5681 section 3.1 */
  collapse(): void {
    this.window = 1;
    this.#counted = 0;
  }

  /** RFC 5681 section 4.1: after a pause the path has to be tried again. */
  restart(timeouts: number): void {
    for (let i = 0; i < timeouts && this.window > INITIAL_WINDOW; i++)
      this.window = Math.max(INITIAL_WINDOW, this.window >> 1);
  }
}
