import { done, fail, type Result } from '../../base/index.ts';
import { frameLength, type Skb } from '../skb.ts';
import type { Sched } from './device.ts';
import { Fifo } from './fifo.ts';
import type { QdiscOptions, TbfOptions } from './messages.ts';
import { Qdisc, timeOf } from './qdisc.ts';

/**
 * Token bucket filter (net/sched/sch_tbf.c): packets go at `rate`, after a rest as many at once as `burst` holds; what
 * does not fit in `limit` bytes of queue is dropped, as is a packet longer than the bucket. Tokens are nanoseconds.
 */
export class Tbf extends Qdisc {
  #options: TbfOptions;
  readonly #queue: Fifo;
  #tokens: number;
  #peakTokens: number;
  #checked: number;

  constructor(sched: Sched, handle: number, parent: number, options: TbfOptions) {
    super(sched, handle, parent);
    this.#options = options;
    this.#queue = new Fifo(sched, 0, handle, 'bfifo', options.limit);
    this.#tokens = this.#bucket;
    this.#peakTokens = this.#peakBucket;
    this.#checked = this.nanos;
  }

  get #bucket(): number {
    return timeOf(this.#options.rate, this.#options.burst);
  }

  get #peakBucket(): number {
    const { peakRate, peakBurst } = this.#options;
    return peakRate === undefined ? 0 : timeOf(peakRate, peakBurst ?? 0);
  }

  get length(): number {
    return this.#queue.length;
  }

  options(): TbfOptions {
    return this.#options;
  }

  change(options: QdiscOptions): Result<void> {
    if (options.kind !== 'tbf') return fail('EINVAL');
    this.#options = options;
    this.#queue.limit = options.limit;
    this.#tokens = this.#bucket;
    this.#peakTokens = this.#peakBucket;
    return done;
  }

  enqueue(skb: Skb): boolean {
    const { burst, peakBurst } = this.#options;
    if (frameLength(skb) > Math.min(burst, peakBurst ?? burst)) return this.refuse(skb);
    if (!this.#queue.enqueue(skb)) {
      this.drops++;
      return false;
    }
    return this.took(skb);
  }

  dequeue(): Skb | undefined {
    const next = this.#queue.peek();
    if (next === undefined) return undefined;
    const { rate, peakRate } = this.#options;
    const now = this.nanos;
    const length = frameLength(next);
    const passed = Math.min(now - this.#checked, this.#bucket);
    const tokens = Math.min(this.#tokens + passed, this.#bucket) - timeOf(rate, length);
    const peak =
      peakRate === undefined ? 0 : Math.min(this.#peakTokens + passed, this.#peakBucket) - timeOf(peakRate, length);
    if (tokens >= 0 && peak >= 0) {
      this.#tokens = tokens;
      this.#peakTokens = peak;
      this.#checked = now;
      this.#queue.dequeue();
      return this.gave(next);
    }
    this.overlimits++;
    this.sched.watch(now + Math.max(-tokens, -peak));
    return undefined;
  }
}
