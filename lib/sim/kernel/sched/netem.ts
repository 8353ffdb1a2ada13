import { done, fail, type Random, type Result } from '../../base/index.ts';
import { emitEthernet, parseEthernet } from '../../wire/index.ts';
import { cloneSkb, frameLength, type Skb, setPacket } from '../skb.ts';
import type { Sched } from './device.ts';
import type { NetemOptions, QdiscOptions } from './messages.ts';
import { Qdisc, timeOf } from './qdisc.ts';

type Waiting = { readonly at: number; readonly skb: Skb };

/** A chance that remembers its last draw (get_crandom): with correlation, good and bad luck come in runs. */
class Chance {
  #last: number;

  constructor(private readonly random: Random) {
    this.#last = random.float();
  }

  draw(correlation: number): number {
    const fresh = this.random.float();
    if (correlation === 0) return fresh;
    this.#last = fresh * (1 - correlation) + this.#last * correlation;
    return this.#last;
  }
}

/** Network emulator (net/sched/sch_netem.c): delays, loses, doubles, reorders and corrupts packets by chance. */
export class Netem extends Qdisc {
  #options: NetemOptions;
  /** By the time at which they may go. */
  readonly #queue: Waiting[] = [];
  readonly #random: Random;
  readonly #delay: Chance;
  readonly #loss: Chance;
  readonly #duplicate: Chance;
  readonly #reorder: Chance;
  readonly #corrupt: Chance;
  /** Packets since the last that was reordered. */
  #since = 0;
  /** When the last packet will have left, with a rate. */
  #lastAt = 0;

  constructor(sched: Sched, handle: number, parent: number, options: NetemOptions) {
    super(sched, handle, parent);
    this.#options = options;
    this.#random = sched.random.fork('netem');
    this.#delay = new Chance(this.#random);
    this.#loss = new Chance(this.#random);
    this.#duplicate = new Chance(this.#random);
    this.#reorder = new Chance(this.#random);
    this.#corrupt = new Chance(this.#random);
  }

  get length(): number {
    return this.#queue.length;
  }

  options(): NetemOptions {
    return this.#options;
  }

  change(options: QdiscOptions): Result<void> {
    if (options.kind !== 'netem') return fail('EINVAL');
    this.#options = options;
    return done;
  }

  enqueue(skb: Skb): boolean {
    const o = this.#options;
    const twice = o.duplicate > 0 && this.#duplicate.draw(o.duplicateCorrelation) < o.duplicate;
    const lost = o.loss > 0 && this.#loss.draw(o.lossCorrelation) < o.loss;
    if (lost && !twice) return this.refuse(skb);
    const copy = twice && !lost ? cloneSkb(skb) : undefined;
    if (o.corrupt > 0 && this.#corrupt.draw(o.corruptCorrelation) < o.corrupt) this.#flipBit(skb);
    const taken = this.#take(skb);
    if (copy !== undefined) this.#take(copy);
    return taken;
  }

  #take(skb: Skb): boolean {
    const o = this.#options;
    if (this.#queue.length >= o.limit) return this.refuse(skb);
    const jumps =
      o.gap > 0 && this.#since >= o.gap - 1 && o.reorder > 0 && this.#reorder.draw(o.reorderCorrelation) < o.reorder;
    if (jumps) {
      this.#since = 0;
      this.#queue.unshift({ at: this.nanos, skb });
    } else {
      this.#since++;
      this.#insert({ at: this.nanos + this.#delayOf(skb), skb });
    }
    return this.took(skb);
  }

  /** Uniform in delay ± jitter; a rate adds the time on the wire, behind those before. */
  #delayOf(skb: Skb): number {
    const { delay, jitter, delayCorrelation, rate } = this.#options;
    const spread = jitter === 0 ? 0 : (this.#delay.draw(delayCorrelation) * 2 - 1) * jitter;
    const wait = Math.max(0, delay + spread) * 1000;
    if (rate === 0) return wait;
    const start = Math.max(this.nanos + wait, this.#lastAt);
    this.#lastAt = start + timeOf(rate, frameLength(skb));
    return this.#lastAt - this.nanos;
  }

  #insert(waiting: Waiting): void {
    let at = this.#queue.length;
    while (at > 0 && (this.#queue[at - 1] as Waiting).at > waiting.at) at--;
    this.#queue.splice(at, 0, waiting);
  }

  #flipBit(skb: Skb): void {
    const bytes = emitEthernet({ dst: skb.dst, src: skb.src, payload: skb.packet });
    const at = this.#random.int(14, bytes.length - 1);
    bytes[at] = (bytes[at] as number) ^ (1 << this.#random.int(0, 7));
    const frame = parseEthernet(bytes);
    if (frame !== undefined) setPacket(skb, frame.payload);
  }

  dequeue(): Skb | undefined {
    const next = this.#queue[0];
    if (next === undefined) return undefined;
    if (next.at > this.nanos) {
      this.sched.watch(next.at);
      return undefined;
    }
    this.#queue.shift();
    return this.gave(next.skb);
  }
}
