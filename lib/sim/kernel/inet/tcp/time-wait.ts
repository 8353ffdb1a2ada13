import { type Micros, SECOND, type Timer } from '../../../base/index.ts';
import { TCP_FLAG, type TcpSegment } from '../../../wire/index.ts';
import type { NetNs } from '../../netns.ts';
import type { SocketAddress } from '../address.ts';
import type { PortUser } from '../ports.ts';
import { inetOf } from '../state.ts';
import { answer } from './answer.ts';
import { add, after, before } from './sequence.ts';
import type { TcpSocket } from './socket.ts';

/** TCP_TIMEWAIT_LEN */
export const TIME_WAIT_LENGTH = 60 * SECOND;

/**
 * What is left of a connection whose end this side began (struct tcp_timewait_sock): it answers the peer's last segments,
 * and keeps the ends from being used again while old segments may be about (RFC 9293 section 3.6).
 */
export class TimeWait implements PortUser {
  readonly kind = 'time-wait';
  readonly ns: NetNs;
  readonly family: 4 | 6;
  readonly local: TcpSocket['local'];
  readonly remote: SocketAddress;
  readonly options: TcpSocket['options'];
  readonly v6Only: boolean;
  readonly boundPort = false;
  state: 'FIN_WAIT2' | 'TIME_WAIT';
  readonly since: Micros;
  readonly #next: number;
  #expected: number;
  readonly #window: number;
  readonly #stamps: { recent: number; readonly offset: number } | undefined;
  #timer: Timer;

  constructor(sk: TcpSocket, state: 'FIN_WAIT2' | 'TIME_WAIT', timeout: Micros) {
    this.ns = sk.ns.hold();
    this.family = sk.family;
    this.local = sk.local;
    this.remote = sk.remote as SocketAddress;
    this.options = { ...sk.options };
    this.v6Only = sk.v6Only;
    this.state = state;
    this.since = sk.ns.kernel.events.now;
    this.#next = sk.next;
    this.#expected = sk.receiveQueue.next;
    this.#window = sk.told / 2 ** (sk.peer.scaled ? sk.windowScale : 0);
    this.#stamps = sk.peer.timestamps ? { recent: sk.recentStamp, offset: sk.stampOffset } : undefined;
    this.#timer = this.#start(timeout);
  }

  get endsAt(): Micros {
    return this.#timer.at;
  }

  #start(timeout: Micros): Timer {
    return this.ns.kernel.events.after(timeout, () => this.end());
  }

  /** inet_twsk_deschedule_put() */
  end(): void {
    this.#timer.cancel();
    const inet = inetOf(this.ns);
    inet.tcp.remove(this, this);
    inet.tcpPorts.remove(this);
    this.ns.put();
  }

  /** tcp_timewait_state_process(); 'new': it is a SYN of another connection, for a listener. */
  receive(segment: TcpSegment): 'handled' | 'new' {
    const { flags, seq, data, options } = segment;
    const end = add(seq, data.length + ((flags & TCP_FLAG.fin) !== 0 ? 1 : 0));
    if ((flags & TCP_FLAG.rst) !== 0) {
      // A reset ends it early (net.ipv4.tcp_rfc1337).
      if (seq === this.#expected && this.ns.ipv4.tcp_rfc1337 === 0) this.end();
      return 'handled';
    }
    if ((flags & TCP_FLAG.syn) !== 0 && (flags & TCP_FLAG.ack) === 0) {
      const newer =
        this.#stamps !== undefined &&
        options.timestamps !== undefined &&
        after(options.timestamps.value, this.#stamps.recent);
      if (after(seq, this.#expected) || newer) {
        this.end();
        return 'new';
      }
    }
    if (this.state === 'FIN_WAIT2') this.#receiveFin(segment, end);
    else if (before(seq, this.#expected) || data.length > 0 || (flags & (TCP_FLAG.fin | TCP_FLAG.syn)) !== 0) {
      this.#acknowledge();
      this.#restart();
    }
    return 'handled';
  }

  #receiveFin({ flags, data, options }: TcpSegment, end: number): void {
    if (data.length > 0) {
      // Nobody is there to read it.
      answer(this.ns, this, { seq: this.#next, ack: 0, flags: TCP_FLAG.rst });
      this.ns.mib.add('Tcp.OutRsts');
      this.end();
      return;
    }
    if ((flags & TCP_FLAG.fin) === 0) return;
    this.state = 'TIME_WAIT';
    this.ns.mib.add('Ext.TW');
    this.#expected = end;
    if (this.#stamps !== undefined && options.timestamps !== undefined) this.#stamps.recent = options.timestamps.value;
    this.#acknowledge();
    this.#restart();
  }

  #restart(): void {
    this.#timer.cancel();
    this.#timer = this.#start(TIME_WAIT_LENGTH);
  }

  #acknowledge(): void {
    const clock = Math.floor(this.ns.kernel.events.now / 1000);
    const stamps = this.#stamps;
    answer(this.ns, this, {
      seq: this.#next,
      ack: this.#expected,
      flags: TCP_FLAG.ack,
      window: this.#window,
      ...(stamps === undefined ? {} : { timestamps: { value: add(clock, stamps.offset), echo: stamps.recent } }),
    });
  }

  /** May a new connection take these ends (net.ipv4.tcp_tw_reuse)? Not within a second, and not without time stamps. */
  get isReusable(): boolean {
    const mode = this.ns.ipv4.tcp_tw_reuse;
    if (mode === 0 || this.#stamps === undefined || this.state !== 'TIME_WAIT') return false;
    if (mode === 2 && !this.local.address.isLoopback) return false;
    return this.ns.kernel.events.now - this.since > this.ns.ipv4.tcp_tw_reuse_delay * 1000;
  }
}
