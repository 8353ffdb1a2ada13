import { Random, type Timer } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import { send } from '../link/transmit.ts';
import { drop, type Skb } from '../skb.ts';
import { slot } from '../slot.ts';
import type { FilterChain } from './filter.ts';
import type { Qdisc } from './qdisc.ts';

/** The ingress or clsact discipline: it queues nothing, filters hang on it. */
export type Hook = {
  readonly kind: 'ingress' | 'clsact';
  readonly ingress: FilterChain;
  /** clsact's other side, in front of the queue. */
  readonly egress: FilterChain | undefined;
  packets: number;
  bytes: number;
};

/**
 * Traffic control at one device.
 *
 *   frame to send ─▶ clsact's egress filters ─▶ root discipline ─▶ … ─▶ device
 *   frame received ─▶ taps ─▶ ingress filters ─▶ bridge, IP …
 */
export class Sched {
  readonly link: Link;
  readonly random: Random;
  #root: Qdisc | undefined;
  #hook: Hook | undefined;
  #timer: Timer | undefined;
  #running = false;

  constructor(link: Link) {
    this.link = link;
    this.random = new Random(`${link.ns.kernel.hashSeed}/sched/${link.ns.number}/${link.ifindex}`);
  }

  get root(): Qdisc | undefined {
    return this.#root;
  }

  set root(root: Qdisc | undefined) {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (let skb = this.#root?.dequeue(); skb !== undefined; skb = this.#root?.dequeue())
      drop(this.link.ns, skb, 'QDISC_DROP');
    this.#root = root;
    this.#attach();
  }

  get hook(): Hook | undefined {
    return this.#hook;
  }

  set hook(hook: Hook | undefined) {
    this.#hook = hook;
    this.#attach();
  }

  /** Asks the root again at that time (in nanoseconds). */
  watch(nanos: number): void {
    const { events } = this.link.ns.kernel;
    const at = Math.ceil(nanos / 1000);
    if (this.#timer !== undefined && this.#timer.at <= at && this.#timer.at > events.now) return;
    this.#timer?.cancel();
    this.#timer = events.after(at - events.now, () => {
      this.#timer = undefined;
      this.#run();
    });
  }

  #attach(): void {
    const { link } = this;
    const busy = this.#root !== undefined || this.#hook?.egress !== undefined;
    link.egress = busy ? (skb) => this.#transmit(skb) : undefined;
    link.ingress = this.#hook === undefined ? undefined : (skb) => this.#receive(skb);
  }

  #transmit(skb: Skb): void {
    let classid = 0;
    if (this.#hook?.egress !== undefined) {
      const verdict = this.#hook.egress.classify(skb);
      if (verdict.fate !== 'next') return;
      classid = verdict.classid;
    }
    if (this.#root === undefined) send(skb);
    else if (this.#root.enqueue(skb, classid)) this.#run();
  }

  /** __qdisc_run(): whatever may go goes. What is sent may come round and queue more: that is left to the outer run. */
  #run(): void {
    if (this.#running) return;
    this.#running = true;
    for (let skb = this.#root?.dequeue(); skb !== undefined; skb = this.#root?.dequeue()) {
      skb.dev = this.link;
      if (this.link.up) send(skb);
      else drop(this.link.ns, skb, 'DEV_READY');
    }
    this.#running = false;
  }

  #receive(skb: Skb): 'consumed' | 'pass' {
    const hook = this.#hook as Hook;
    hook.packets++;
    hook.bytes += skb.length;
    return hook.ingress.classify(skb).fate === 'next' ? 'pass' : 'consumed';
  }
}

export const schedOf = slot((link: Link) => new Sched(link));
