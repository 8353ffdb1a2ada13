import type { Result } from '../../base/index.ts';
import { drop, frameLength, type Skb } from '../skb.ts';
import type { Sched } from './device.ts';
import type { FilterChain } from './filter.ts';
import type { QdiscOptions, QdiscStats } from './messages.ts';

/**
 * A queueing discipline (struct Qdisc): takes packets that are to be sent, and gives them back when they may go. One
 * that has packets and gives none has told its device when to ask again (qdisc_watchdog).
 */
export abstract class Qdisc {
  readonly sched: Sched;
  handle: number;
  parent: number;
  bytes = 0;
  packets = 0;
  drops = 0;
  overlimits = 0;
  backlog = 0;
  /** Of disciplines with classes: which packet belongs to which. */
  readonly filters: FilterChain | undefined = undefined;

  constructor(sched: Sched, handle: number, parent: number) {
    this.sched = sched;
    this.handle = handle;
    this.parent = parent;
  }

  abstract get length(): number;
  abstract options(): QdiscOptions;
  abstract change(options: QdiscOptions): Result<void>;
  /** False: it was dropped, and counted. */
  abstract enqueue(skb: Skb, classid?: number): boolean;
  abstract dequeue(): Skb | undefined;

  stats(): QdiscStats {
    const { bytes, packets, drops, overlimits, backlog, length: qlen } = this;
    return { bytes, packets, drops, overlimits, requeues: 0, backlog, qlen };
  }

  protected refuse(skb: Skb): false {
    this.drops++;
    drop(skb.dev.ns, skb, 'QDISC_DROP');
    return false;
  }

  protected took(skb: Skb): true {
    this.backlog += frameLength(skb);
    return true;
  }

  protected gave(skb: Skb): Skb {
    const length = frameLength(skb);
    this.backlog -= length;
    this.bytes += length;
    this.packets++;
    return skb;
  }

  /** Virtual time in nanoseconds, in which rates are reckoned. */
  protected get nanos(): number {
    return this.sched.link.ns.kernel.events.now * 1000;
  }
}

/** How long `bytes` take at `rate` bytes a second, in nanoseconds (psched_l2t_ns). */
export const timeOf = (rate: number, bytes: number): number => Math.floor((bytes * 1e9) / rate);
