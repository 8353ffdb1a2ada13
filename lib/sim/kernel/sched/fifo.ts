import { done, fail, type Result } from '../../base/index.ts';
import { frameLength, type Skb } from '../skb.ts';
import type { Sched } from './device.ts';
import type { QdiscOptions } from './messages.ts';
import { Qdisc } from './qdisc.ts';

type FifoKind = 'pfifo' | 'bfifo' | 'pfifo_fast';

/** First in, first out, with a limit in packets or bytes (net/sched/sch_fifo.c); pfifo_fast's three bands are one here. */
export class Fifo extends Qdisc {
  readonly #kind: FifoKind;
  readonly #queue: Skb[] = [];
  #limit: number;

  constructor(sched: Sched, handle: number, parent: number, kind: FifoKind, limit?: number) {
    super(sched, handle, parent);
    this.#kind = kind;
    this.#limit = limit ?? defaultLimit(sched, kind);
  }

  get length(): number {
    return this.#queue.length;
  }

  set limit(limit: number) {
    this.#limit = limit;
  }

  options(): QdiscOptions {
    return this.#kind === 'pfifo_fast' ? { kind: this.#kind } : { kind: this.#kind, limit: this.#limit };
  }

  change(options: QdiscOptions): Result<void> {
    if (options.kind === 'pfifo_fast') return done;
    if (options.kind !== 'pfifo' && options.kind !== 'bfifo') return fail('EINVAL');
    this.#limit = options.limit ?? defaultLimit(this.sched, options.kind);
    return done;
  }

  enqueue(skb: Skb): boolean {
    const fits =
      this.#kind === 'bfifo' ? this.backlog + frameLength(skb) <= this.#limit : this.#queue.length < this.#limit;
    if (!fits) return this.refuse(skb);
    this.#queue.push(skb);
    return this.took(skb);
  }

  peek(): Skb | undefined {
    return this.#queue[0];
  }

  dequeue(): Skb | undefined {
    const skb = this.#queue.shift();
    return skb === undefined ? undefined : this.gave(skb);
  }
}

/** The device's queue length; a device without one has room for one packet. */
function defaultLimit({ link }: Sched, kind: FifoKind): number {
  const packets = Math.max(link.txqlen, 1);
  return kind === 'bfifo' ? packets * (link.mtu + 14) : packets;
}
