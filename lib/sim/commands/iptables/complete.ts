import { dumpLinks, type Family } from '../../kernel/index.ts';
import { isTableName, TABLE_NAMES, tablesOf } from '../../kernel/netfilter/index.ts';
import type { Process } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';

/** Tables, chains and devices, where they may stand. */
export function complete(words: readonly string[], node: Node, process?: Process): string[] {
  const before = words.at(-2) ?? '';
  const family: Family = words[0]?.startsWith('ip6') === true ? 6 : 4;
  const ns = process === undefined ? node.kernel.init : (node.kernel.netns(process.netns) ?? node.kernel.init);
  if (before === '-t' || before === '--table') return [...TABLE_NAMES];
  if (before === '-i' || before === '-o') return dumpLinks(ns).map(({ name }) => name);
  const at = words.indexOf('-t');
  const named = at < 0 ? 'filter' : (words[at + 1] ?? '');
  const chains = isTableName(named) ? [...(tablesOf(ns, family).get(named)?.chains.keys() ?? [])] : [];
  if (before === '-j')
    return ['ACCEPT', 'DROP', 'RETURN', 'REJECT', 'LOG', 'MARK', 'DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', ...chains];
  if (/^-[ACDFILNPRSXZE]$/.test(before)) return chains;
  return [];
}
