import type { HookFunction, HookName } from '../hooks.ts';
import type { Family } from '../messages.ts';
import { Context, conntrackOf, natChainsOf } from '../netfilter/index.ts';
import type { NetNs } from '../netns.ts';
import { walkChain } from './chain-walk.ts';
import type { NftChain, NftFamily } from './rule.ts';

const FAMILIES: Readonly<Record<NftFamily, readonly Family[]>> = {
  ip: [4],
  ip6: [6],
  inet: [4, 6],
  arp: [],
  bridge: [],
  netdev: [],
};

/** Puts a base chain on its hooks (nft_register_basechain_hooks); the returned function takes it off. */
export function hookChain(ns: NetNs, chain: NftChain): (() => void) | undefined {
  const { base } = chain;
  if (base === undefined) return undefined;
  const hook = base.hook as HookName;
  const run: HookFunction = (skb, state) => walkChain(chain, new Context(skb, state));
  const ends: (() => void)[] = [];
  for (const family of FAMILIES[chain.table.family]) {
    if (base.type === 'nat')
      ends.push(natChainsOf(ns, family).register(hook, base.priority, (context) => walkChain(chain, context)));
    else ends.push((family === 4 ? ns.hooks4 : ns.hooks6).register(hook, base.priority, run));
  }
  if (base.type === 'nat') {
    conntrackOf(ns).use(1);
    ends.push(() => conntrackOf(ns).use(-1));
  }
  return () => {
    for (const end of ends) end();
  };
}
