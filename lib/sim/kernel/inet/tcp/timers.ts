import { MILLISECOND, type Micros, SECOND, type Timer } from '../../../base/index.ts';
import { delayedAckDue } from './ack.ts';
import { finWaitOver } from './close.ts';
import { keepaliveDue } from './keepalive.ts';
import { lossProbeDue } from './loss-probe.ts';
import { probeDue } from './probe.ts';
import { retransmissionDue } from './retransmission.ts';
import type { TcpSocket } from './socket.ts';

/** What the one timer of the sending side stands for (icsk_pending). */
export type WriteTimer = 'retransmission' | 'loss-probe' | 'probe';

/** A tick of the kernel's clock (CONFIG_HZ=250). */
const JIFFY = 4 * MILLISECOND;
/** Ticks of the kernel's clock that a timer is not worth less than (TCP_TIMEOUT_MIN). */
const LEAST = 2 * MILLISECOND;

/** How exactly a timer is kept that is so far away: the kernel's timer wheel has eight levels, each 8 times as coarse. */
function granularity(delay: Micros): Micros {
  let grain = JIFFY;
  while (delay >= grain * 64) grain *= 8;
  return grain;
}

/** The timers of one connection: sending, delayed acknowledgment, and the slow one (keepalive, FIN-WAIT-2). */
export class Timers {
  readonly #sk: TcpSocket;
  #write: { kind: WriteTimer; timer: Timer } | undefined;
  #ack: Timer | undefined;
  #slow: { kind: 'keepalive' | 'fin-wait'; timer: Timer } | undefined;
  /** Doublings of the retransmission timeout, and timeouts since the peer last acknowledged something new. */
  backoff = 0;
  retransmissions = 0;
  /** Probes of a closed window, or of an idle peer, that were not answered. */
  probes = 0;
  /** When the first retransmission of this series would have been due: how long nothing was heard. */
  seriesBegan: Micros = 0;
  /** End of the stream when a loss probe was sent that was not yet acknowledged. */
  lossProbe: number | undefined;

  constructor(sk: TcpSocket) {
    this.#sk = sk;
  }

  get pending(): { readonly kind: WriteTimer; readonly at: Micros } | undefined {
    return this.#write === undefined ? undefined : { kind: this.#write.kind, at: this.#write.timer.at };
  }

  get slowPending(): { readonly kind: 'keepalive' | 'fin-wait'; readonly at: Micros } | undefined {
    return this.#slow === undefined ? undefined : { kind: this.#slow.kind, at: this.#slow.timer.at };
  }

  get isProbing(): boolean {
    return this.#write?.kind === 'probe';
  }

  #after(delay: Micros, run: (sk: TcpSocket) => void): Timer {
    const { events } = this.#sk.ns.kernel;
    const wanted = Math.max(delay, LEAST);
    const grain = granularity(wanted);
    return events.after(Math.ceil((events.now + wanted) / grain) * grain - events.now, () => run(this.#sk));
  }

  #startWrite(kind: WriteTimer, delay: Micros, run: (sk: TcpSocket) => void): void {
    this.#write?.timer.cancel();
    const timer = this.#after(delay, (sk) => {
      this.#write = undefined;
      run(sk);
    });
    this.#write = { kind, timer };
  }

  get rto(): Micros {
    return this.#sk.rtt.backedOff(this.backoff);
  }

  /** `since`: when the segment that it is about was sent; now, without it. */
  startRetransmission(since?: Micros): void {
    const { now } = this.#sk.ns.kernel.events;
    this.#startWrite('retransmission', (since ?? now) + this.rto - now, retransmissionDue);
  }

  /** tcp_schedule_loss_probe(): sooner than a timeout, the end of what was sent is asked for (RFC 8985 section 7). */
  startLossProbe(): void {
    const { ns, rtt, congestion, peer, sentQueue, state } = this.#sk;
    const head = sentQueue[0];
    const wanted = ns.ipv4.tcp_early_retrans === 3 || ns.ipv4.tcp_early_retrans === 4;
    if (!wanted || !peer.sack || head === undefined || congestion.state !== 'open' || state === 'SYN_SENT') return;
    if (this.lossProbe !== undefined || this.backoff > 0) return;
    const { now } = ns.kernel.events;
    const single = sentQueue.length === 1 && head.segments(this.#sk.mss) === 1;
    const wait = rtt.isKnown ? 2 * rtt.smoothed + (single ? ns.ipv4.tcp_rto_min_us : LEAST) : SECOND;
    const timeout = head.sentAt + this.rto - now;
    this.#startWrite('loss-probe', timeout > 0 ? Math.min(wait, timeout) : wait, lossProbeDue);
  }

  /** A window is closed: asks again and again whether it opened (RFC 9293 section 3.8.6.1). */
  startProbing(): void {
    if (this.#write !== undefined) return;
    this.#startWrite('probe', Math.max(this.rto, 200 * MILLISECOND), probeDue);
  }

  cancelWrite(): void {
    this.#write?.timer.cancel();
    this.#write = undefined;
  }

  /** Within `soon` of its time, an acknowledgment that waits goes out now. */
  delayAck(wait: Micros, soon: Micros): void {
    const { now } = this.#sk.ns.kernel.events;
    if (this.#ack !== undefined) {
      if (this.#ack.at <= now + soon) delayedAckDue(this.#sk);
      return;
    }
    this.#ack = this.#after(wait, (sk) => {
      this.#ack = undefined;
      delayedAckDue(sk);
    });
  }

  cancelDelayedAck(): void {
    this.#ack?.cancel();
    this.#ack = undefined;
  }

  startKeepalive(delay: Micros): void {
    this.#slow?.timer.cancel();
    const timer = this.#after(delay, (sk) => {
      this.#slow = undefined;
      keepaliveDue(sk);
    });
    this.#slow = { kind: 'keepalive', timer };
  }

  startFinWait(delay: Micros): void {
    this.#slow?.timer.cancel();
    const timer = this.#after(delay, (sk) => {
      this.#slow = undefined;
      finWaitOver(sk);
    });
    this.#slow = { kind: 'fin-wait', timer };
  }

  cancelAll(): void {
    this.cancelWrite();
    this.cancelDelayedAck();
    this.#slow?.timer.cancel();
    this.#slow = undefined;
  }
}
