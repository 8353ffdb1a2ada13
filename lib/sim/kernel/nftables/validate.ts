import type { Errno } from '../../base/index.ts';
import { chainsOf } from './references.ts';
import type { BaseChainSpec, NftChain, NftTable, Statement } from './rule.ts';

/** NFT_JUMP_STACK_SIZE: a loop is endlessly deep. */
const JUMP_DEPTH = 16;

/** nft_table_validate(): no way through the chains is too deep, and each rule may stand where it can be reached from. */
export function validate(table: NftTable): Errno | undefined {
  for (const chain of table.chains.values()) {
    if (chain.base === undefined) continue;
    const errno = walk(chain, chain.base, 0, new Map());
    if (errno !== undefined) return errno;
  }
  return undefined;
}

/** `seen`: how deep a chain was looked at; not again from less deep. */
function walk(chain: NftChain, base: BaseChainSpec, depth: number, seen: Map<NftChain, number>): Errno | undefined {
  if (depth >= JUMP_DEPTH) return 'EMLINK';
  const before = seen.get(chain);
  if (before !== undefined && before >= depth) return undefined;
  seen.set(chain, depth);
  for (const rule of chain.rules) {
    if (before === undefined && !rule.statements.every((statement) => mayStand(statement, base))) return 'EOPNOTSUPP';
    for (const next of chainsOf(rule)) {
      const errno = walk(next, base, depth + 1, seen);
      if (errno !== undefined) return errno;
    }
  }
  return undefined;
}

const NAT_HOOKS = {
  snat: ['postrouting', 'input'],
  dnat: ['prerouting', 'output'],
  masquerade: ['postrouting'],
  redirect: ['prerouting', 'output'],
} as const;

/** What expressions ask of their chain (nft_chain_validate_dependency, nft_chain_validate_hooks). */
export function mayStand(statement: Statement, { type, hook }: Pick<BaseChainSpec, 'type' | 'hook'>): boolean {
  if (statement.kind === 'nat') return type === 'nat' && NAT_HOOKS[statement.nat].some((one) => one === hook);
  if (statement.kind === 'reject') return ['input', 'forward', 'output', 'prerouting'].includes(hook);
  return true;
}
