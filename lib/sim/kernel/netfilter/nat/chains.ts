import type { HookName } from '../../hooks.ts';
import type { Family } from '../../messages.ts';
import type { NetNs } from '../../netns.ts';
import { slot } from '../../slot.ts';
import type { Context } from '../packet.ts';

/** 'accept': asked and gone on, whether or not it bound the connection (its entry says so). */
export type NatChain = (context: Context) => 'accept' | 'drop' | 'stolen';

type Registered = { readonly priority: number; readonly run: NatChain };

/**
 * The chains of type nat of one address family in one namespace, iptables' own and others' (nf_nat_register_fn). They
 * hang on no hook themselves: address translation asks them, lower priorities first, about the first packet of a
 * connection until one of them settles it.
 */
export class NatChains {
  readonly #chains: Record<HookName, Registered[]> = {
    prerouting: [],
    input: [],
    forward: [],
    output: [],
    postrouting: [],
  };
  /** Without any, packets are not translated at all, also not those of connections that were. */
  count = 0;

  /** The returned function unregisters. */
  register(hook: HookName, priority: number, run: NatChain): () => void {
    const entry = { priority, run };
    this.#chains[hook] = [...this.#chains[hook], entry].sort((a, b) => a.priority - b.priority);
    this.count++;
    return () => {
      this.#chains[hook] = this.#chains[hook].filter((other) => other !== entry);
      this.count--;
    };
  }

  at(hook: HookName): readonly Registered[] {
    return this.#chains[hook];
  }
}

const chains4 = slot((_: NetNs) => new NatChains());
const chains6 = slot((_: NetNs) => new NatChains());

export const natChainsOf = (ns: NetNs, family: Family): NatChains => (family === 4 ? chains4(ns) : chains6(ns));
