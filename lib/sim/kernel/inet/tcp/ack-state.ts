import { MILLISECOND, type Micros } from '../../../base/index.ts';

export const ATO_MIN = 40 * MILLISECOND;
export const DELAYED_ACK_MAX = 200 * MILLISECOND;
const QUICK_MAX = 16;
/** TCP_MSS_DEFAULT: what a peer's segments are taken to measure before one was seen. */
const FIRST_GUESS = 536;

/**
 * When to acknowledge (struct inet_connection_sock, icsk_ack): at once while the peer's window is young, later when an
 * answer of the application is likely to carry the acknowledgment.
 */
export class AckState {
  /** Something is to be acknowledged. */
  scheduled = false;
  /** … now, whatever the mode. */
  now = false;
  /** Acknowledgments that go out at once. */
  quick = 0;
  /** The connection goes to and fro: answers carry acknowledgments. */
  pingPong = false;
  /** How long an acknowledgment waits for company. */
  timeout: Micros = 0;
  lastReceived: Micros = 0;
  /** What the peer's full segments measure. */
  peerMss = FIRST_GUESS;
  /** The peer sent segments that were not full: the end of something. */
  pushed: 0 | 1 | 2 = 0;

  get inQuickMode(): boolean {
    return this.quick > 0 && !this.pingPong;
  }

  /** tcp_incr_quickack() */
  quicken(window: number, most = QUICK_MAX): void {
    const count = Math.min(Math.floor(window / (2 * this.peerMss)) || 2, most);
    this.quick = Math.max(this.quick, count);
  }

  /** tcp_event_data_recv() */
  received(now: Micros, rto: Micros, window: number): void {
    this.scheduled = true;
    const pause = now - this.lastReceived;
    if (this.timeout === 0) {
      this.quicken(window);
      this.timeout = ATO_MIN;
    } else if (pause <= ATO_MIN / 2) this.timeout = this.timeout / 2 + ATO_MIN / 2;
    else if (pause < this.timeout) this.timeout = Math.min(this.timeout / 2 + pause, rto);
    else if (pause > rto) this.quicken(window);
    this.lastReceived = now;
  }

  /** tcp_measure_rcv_mss() */
  measure(length: number, segment: number, most: number): void {
    if (length >= this.peerMss) this.peerMss = Math.min(Math.max(this.peerMss, Math.min(length, segment)), most);
    else this.pushed = this.pushed === 0 ? 1 : 2;
  }

  /** tcp_event_ack_sent() */
  sent(): void {
    if (this.quick > 0 && --this.quick === 0) this.timeout = ATO_MIN;
    this.scheduled = false;
    this.now = false;
    this.pushed = 0;
  }
}
