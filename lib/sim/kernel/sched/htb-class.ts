import type { Sched } from './device.ts';
import { Fifo } from './fifo.ts';
import type { ClassMessage, ClassOptions } from './messages.ts';
import { TC_H } from './messages.ts';
import { type Qdisc, timeOf } from './qdisc.ts';

const TICK = 64;
const TOP_LEVEL = 7;

/** One class of htb (struct htb_class). Tokens are nanoseconds of sending at the class's rate. */
export class HtbClass {
  readonly classid: number;
  readonly parent: HtbClass | undefined;
  options: ClassOptions;
  /** Where packets wait, of a class without children. */
  queue: Qdisc;
  children = 0;
  deficit = 0;
  readonly #sched: Sched;
  #tokens: number;
  #ctokens: number;
  #checked: number;
  #bytes = 0;
  #packets = 0;
  #overlimits = 0;
  #lends = 0;
  #borrows = 0;

  constructor(sched: Sched, classid: number, parent: HtbClass | undefined, options: ClassOptions) {
    this.#sched = sched;
    this.classid = classid;
    this.parent = parent;
    this.options = options;
    this.queue = new Fifo(sched, 0, classid, 'pfifo');
    this.deficit = options.quantum;
    this.#tokens = this.#bucket;
    this.#ctokens = this.#cbucket;
    this.#checked = sched.link.ns.kernel.events.now * 1000;
    if (parent !== undefined) parent.children++;
  }

  get #bucket(): number {
    return timeOf(this.options.rate, this.options.burst);
  }

  get #cbucket(): number {
    return timeOf(this.options.ceil, this.options.cburst);
  }

  /** 0 where packets wait; those above count down from 7 at the top. */
  get level(): number {
    if (this.children === 0) return 0;
    return this.parent === undefined ? TOP_LEVEL : this.parent.level - 1;
  }

  change(options: ClassOptions): void {
    this.options = options;
    this.#tokens = this.#bucket;
    this.#ctokens = this.#cbucket;
  }

  leave(): void {
    if (this.parent !== undefined) this.parent.children--;
  }

  /** The class whose tokens a packet from here may use now, or when to ask again. */
  lender(now: number): HtbClass | number {
    this.#refill(now);
    if (this.#ctokens < 0) return this.#wait(now - this.#ctokens);
    if (this.#tokens >= 0) return this;
    if (this.parent === undefined) return this.#wait(now - this.#tokens);
    const above = this.parent.lender(now);
    return typeof above === 'number' ? this.#wait(Math.min(above, now - this.#tokens)) : above;
  }

  #wait(at: number): number {
    this.#overlimits++;
    return at;
  }

  #refill(now: number): void {
    const passed = now - this.#checked;
    this.#checked = now;
    this.#tokens = Math.min(this.#bucket, this.#tokens + passed);
    this.#ctokens = Math.min(this.#cbucket, this.#ctokens + passed);
  }

  /** htb_charge_class(): the lender and all above it pay; every ceiling on the way counts. */
  charge(lender: HtbClass, bytes: number, now: number): void {
    let paying = false;
    for (let one: HtbClass | undefined = this; one !== undefined; one = one.parent) {
      one.#refill(now);
      if (one === lender) {
        paying = true;
        one.#lends++;
      } else if (!paying) one.#borrows++;
      if (paying) one.#tokens -= timeOf(one.options.rate, bytes);
      one.#ctokens -= timeOf(one.options.ceil, bytes);
      one.#bytes += bytes;
      one.#packets++;
    }
  }

  message(): ClassMessage {
    const { queue, level } = this;
    return {
      ifindex: this.#sched.link.ifindex,
      classid: this.classid,
      parent: this.parent?.classid ?? TC_H.root,
      leaf: queue.handle,
      level: this.parent === undefined && this.children > 0 ? TOP_LEVEL : level,
      options: this.options,
      stats: {
        bytes: this.#bytes,
        packets: this.#packets,
        drops: queue.drops,
        overlimits: this.#overlimits,
        requeues: 0,
        backlog: queue.backlog,
        qlen: queue.length,
      },
      lends: this.#lends,
      borrows: this.#borrows,
      tokens: Math.floor(this.#tokens / TICK),
      ctokens: Math.floor(this.#ctokens / TICK),
    };
  }
}
