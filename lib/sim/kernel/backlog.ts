import type { EventQueue, Random } from '../base/index.ts';
import { drop, type Skb } from './skb.ts';

/** Virtual time that one packet costs the machine's network softirq: what makes a round trip 0.03 to 0.2 ms long. */
const COST_MIN = 8;
const COST_MAX = 22;

/**
 * The queue between a virtual device's transmit and its peer's receive (netif_rx, enqueue_to_backlog): one server per
 * machine, first in first out, so that packets never overtake each other and a storm of any size takes time and is
 * bounded: what does not fit in `net.core.netdev_max_backlog` is dropped.
 */
export class Backlog {
  readonly #events: EventQueue;
  readonly #random: Random;
  readonly #deliver: (skb: Skb) => void;
  readonly #step: () => void;
  #queue: (Skb | undefined)[] = [];
  #head = 0;
  #busy = false;
  /** net.core.netdev_max_backlog */
  limit = 1000;

  constructor(events: EventQueue, random: Random, deliver: (skb: Skb) => void) {
    this.#events = events;
    this.#random = random;
    this.#deliver = deliver;
    this.#step = () => this.#runOne();
  }

  get length(): number {
    return this.#queue.length - this.#head;
  }

  /** Precondition: `skb.dev` is the receiving device. */
  enqueue(skb: Skb): void {
    if (this.length >= this.limit) {
      skb.dev.stats.rxDropped++;
      drop(skb.dev.ns, skb, 'CPU_BACKLOG');
      return;
    }
    this.#queue.push(skb);
    if (!this.#busy) this.#schedule();
  }

  #schedule(): void {
    this.#busy = true;
    this.#events.after(COST_MIN + (this.#random.uint32() % (COST_MAX - COST_MIN + 1)), this.#step);
  }

  #runOne(): void {
    const skb = this.#queue[this.#head] as Skb;
    this.#queue[this.#head++] = undefined;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    } else if (this.#head > 512) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    this.#deliver(skb);
    if (this.length > 0) this.#schedule();
    else this.#busy = false;
  }
}
