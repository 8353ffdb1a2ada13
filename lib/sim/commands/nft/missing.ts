import type { Nftables, NftChain, NftSet } from '../../kernel/nftables/index.ts';
import type { NameAst, TableName } from './ast.ts';
import { type Location, NftProblem } from './location.ts';
import { nearest } from './misspell.ts';

const ENOENT = 'No such file or directory';

/**
 * What is not there, with the name that was probably meant. `name`: the table in which it was looked for; where that is
 * not the table that has the near one, the table is the mistake.
 */
export function missing(
  nft: Nftables,
  kind: 'table' | 'chain' | 'set',
  { text, at }: NameAst,
  name?: TableName,
): NftProblem {
  if (kind === 'table') {
    const near = nearest(text, nft.all(), (table) => table.name);
    return new NftProblem(
      near === undefined ? ENOENT : `${ENOENT}; did you mean table ‘${near.name}’ in family ${near.family}?`,
      at,
    );
  }
  if (kind === 'set') return missingSet(nft, text, at);
  const chains: NftChain[] = nft.all().flatMap((table) => [...table.chains.values()]);
  const near = nearest(text, chains, (chain) => chain.name);
  if (near === undefined) return new NftProblem(ENOENT, at);
  const { table } = near;
  if (name !== undefined && nft.get(name.family, name.table.text) === undefined)
    return new NftProblem(`${ENOENT}; did you mean table ‘${table.name}’ in family ${table.family}?`, name.table.at);
  if (near.name === text && name !== undefined) return new NftProblem(ENOENT, at);
  return new NftProblem(`${ENOENT}; did you mean chain ‘${near.name}’ in table ${table.family} ‘${table.name}’?`, at);
}

export function missingSet(nft: Nftables, name: string, at: Location): NftProblem {
  const sets: NftSet[] = nft.all().flatMap((table) => [...table.sets.values()]);
  const near = nearest(name, sets, (set) => set.name);
  if (near === undefined) return new NftProblem(ENOENT, at);
  const kind = near.spec.data === undefined ? 'set' : 'map';
  return new NftProblem(
    `${ENOENT}; did you mean ${kind} ‘${near.name}’ in table ${near.table.family} ‘${near.table.name}’?`,
    at,
  );
}
