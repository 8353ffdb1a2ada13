import { EVENT_CODE } from '../trace/index.ts';
import type { Link } from './link/link.ts';
import { drop, packetRef, type Skb } from './skb.ts';

/**
 * Where netfilter stands in the datapath of one address family.
 *
 *            ┌────────────┐            ┌─────────┐            ┌─────────────┐
 *   rx ─────▶│ prerouting ├──▶ route ─▶│ forward ├───────┬───▶│ postrouting ├────▶ tx
 *            └────────────┘      │     └─────────┘       │    └─────────────┘
 *                                ▼                       │
 *                            ┌───────┐              ┌────┴───┐
 *                            │ input │──▶ sockets ──▶│ output │
 *                            └───────┘              └────────┘
 *
 * Here are the hooks alone; tables, connection tracking and address translation register when their module is loaded.
 */
export type HookName = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

export type HookState = { readonly hook: HookName; readonly in: Link | undefined; readonly out: Link | undefined };

/** 'stolen': the function keeps the packet and goes on with it later. It may put another packet into the skb. */
export type HookFunction = (skb: Skb, state: HookState) => 'accept' | 'drop' | 'stolen';

type Registered = { readonly priority: number; readonly run: HookFunction };

export class Hooks {
  readonly #hooks: Record<HookName, Registered[]> = {
    prerouting: [],
    input: [],
    forward: [],
    output: [],
    postrouting: [],
  };

  /** Lower priorities run first (NF_IP_PRI_*). The returned function unregisters. */
  register(hook: HookName, priority: number, run: HookFunction): () => void {
    const entry = { priority, run };
    const list = this.#hooks[hook];
    list.push(entry);
    list.sort((a, b) => a.priority - b.priority);
    return () => list.splice(list.indexOf(entry), 1);
  }

  /** True: go on. False: the packet ended here, or somebody keeps it. */
  pass(hook: HookName, skb: Skb, inDev: Link | undefined, outDev: Link | undefined): boolean {
    const list = this.#hooks[hook];
    if (list.length === 0) return true;
    const state = { hook, in: inDev, out: outDev };
    for (const { run } of list) {
      const verdict = run(skb, state);
      if (verdict === 'accept') continue;
      this.#trace(hook, skb, verdict);
      if (verdict === 'drop') drop(skb.dev.ns, skb, 'NETFILTER_DROP');
      return false;
    }
    this.#trace(hook, skb, 'accept');
    return true;
  }

  #trace(hook: HookName, skb: Skb, verdict: 'accept' | 'drop' | 'stolen'): void {
    const { ns } = skb.dev;
    const { trace } = ns.kernel;
    trace.fold(EVENT_CODE.hook, ns.number, hook.length, skb.id, verdict.length);
    if (trace.live)
      trace.publish({
        type: 'hook',
        at: trace.now,
        node: ns.kernel.name,
        netns: ns.inode,
        hook,
        verdict,
        packet: packetRef(skb),
      });
  }
}
