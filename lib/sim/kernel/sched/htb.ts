import { done, fail, type Result } from '../../base/index.ts';
import { frameLength, type Skb } from '../skb.ts';
import type { Sched } from './device.ts';
import { Fifo } from './fifo.ts';
import { FilterChain } from './filter.ts';
import { HtbClass } from './htb-class.ts';
import type { ClassOptions, HtbOptions, QdiscOptions } from './messages.ts';
import { majorOf } from './messages.ts';
import { Qdisc } from './qdisc.ts';

const R2Q = 10;
/** Bytes that a class may send in its turn, at least. */
const MIN_QUANTUM = 1000;

/**
 * Hierarchical token bucket (net/sched/sch_htb.c): each class is sure of its rate, and may borrow what its parent has left
 * up to its ceiling. Of the classes that may send, the lowest level goes first (own tokens before borrowed ones), then
 * the better priority; equals take turns by quantum.
 */
export class Htb extends Qdisc {
  override readonly filters = new FilterChain(false);
  #options: HtbOptions;
  readonly #classes = new Map<number, HtbClass>();
  readonly #direct: Fifo;
  #directPackets = 0;
  /** Where the round of equals stands. */
  #turn = 0;

  constructor(sched: Sched, handle: number, parent: number, options: HtbOptions) {
    super(sched, handle, parent);
    this.#options = options;
    this.#direct = new Fifo(sched, 0, handle, 'pfifo');
  }

  get length(): number {
    let total = this.#direct.length;
    for (const one of this.#classes.values()) total += one.queue.length;
    return total;
  }

  get classes(): readonly HtbClass[] {
    return [...this.#classes.values()];
  }

  find(classid: number): HtbClass | undefined {
    return this.#classes.get(classid);
  }

  options(): HtbOptions {
    const { default: classid = 0, r2q = R2Q } = this.#options;
    return { kind: 'htb', r2q, default: classid, directPackets: this.#directPackets };
  }

  change(options: QdiscOptions): Result<void> {
    if (options.kind !== 'htb') return fail('EINVAL');
    this.#options = { ...this.#options, ...options };
    return done;
  }

  /** htb_change_class() of one that is not there yet. Below a parent that does not exist it stands at the top. */
  addClass(classid: number, parent: number, options: ClassOptions): void {
    const above = this.#classes.get(parent);
    this.#classes.set(classid, new HtbClass(this.sched, classid, above, this.#withQuantum(options)));
  }

  changeClass(one: HtbClass, options: ClassOptions): void {
    one.change(this.#withQuantum(options));
  }

  removeClass(one: HtbClass): Result<void> {
    if (one.children > 0 || this.filters.list.some((filter) => filter.classid === one.classid))
      return fail('EBUSY', 'HTB class in use');
    one.leave();
    this.#classes.delete(one.classid);
    return done;
  }

  #withQuantum(options: ClassOptions): ClassOptions {
    if (options.quantum !== 0) return options;
    const share = Math.floor(options.rate / (this.#options.r2q ?? R2Q));
    return { ...options, quantum: Math.min(200_000, Math.max(MIN_QUANTUM, share)) };
  }

  enqueue(skb: Skb, classid = 0): boolean {
    const one = this.#classFor(skb, classid);
    if (one === 'stolen') return false;
    if (one === undefined) {
      if (!this.#direct.enqueue(skb)) {
        this.drops++;
        return false;
      }
      this.#directPackets++;
      return this.took(skb);
    }
    if (!one.queue.enqueue(skb)) {
      this.drops++;
      return false;
    }
    return this.took(skb);
  }

  /** htb_classify(): what a filter says, else the default class; without either, past all limits. */
  #classFor(skb: Skb, classid: number): HtbClass | undefined | 'stolen' {
    let wanted = majorOf(classid) === this.handle ? classid : 0;
    if (wanted === 0) {
      const verdict = this.filters.classify(skb);
      if (verdict.fate !== 'next') return 'stolen';
      wanted = verdict.classid;
    }
    const named = this.#classes.get(wanted);
    if (named !== undefined && named.children === 0) return named;
    const fallback = this.#classes.get(this.handle + (this.#options.default ?? 0));
    return fallback?.children === 0 ? fallback : undefined;
  }

  dequeue(): Skb | undefined {
    const direct = this.#direct.dequeue();
    if (direct !== undefined) return this.gave(direct);
    const now = this.nanos;
    let best: { one: HtbClass; lender: HtbClass; rank: number } | undefined;
    let soonest = Number.POSITIVE_INFINITY;
    const leaves = this.classes.filter((one) => one.queue.length > 0);
    for (let i = 0; i < leaves.length; i++) {
      const one = leaves[(i + this.#turn) % leaves.length] as HtbClass;
      const lender = one.lender(now);
      if (typeof lender === 'number') soonest = Math.min(soonest, lender);
      else {
        const rank = lender.level * 8 + one.options.prio;
        if (best === undefined || rank < best.rank) best = { one, lender, rank };
      }
    }
    if (best === undefined) {
      if (leaves.length > 0) {
        this.overlimits++;
        this.sched.watch(soonest);
      }
      return undefined;
    }
    return this.#send(best.one, best.lender, leaves, now);
  }

  #send(one: HtbClass, lender: HtbClass, leaves: readonly HtbClass[], now: number): Skb | undefined {
    const skb = one.queue.dequeue();
    if (skb === undefined) return undefined;
    const length = frameLength(skb);
    one.charge(lender, length, now);
    one.deficit -= length;
    if (one.deficit < 0) {
      one.deficit += one.options.quantum;
      this.#turn = leaves.indexOf(one) + 1;
    } else this.#turn = leaves.indexOf(one);
    return this.gave(skb);
  }
}
