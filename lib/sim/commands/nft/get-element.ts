import { strerror } from '../../base/index.ts';
import { type Nftables, NftSet } from '../../kernel/nftables/index.ts';
import type { CommandAst } from './ast.ts';
import type { Names } from './datatypes.ts';
import { RuleEvaluator } from './evaluate-rule.ts';
import { NftProblem } from './location.ts';
import { missing, missingSet } from './missing.ts';
import type { Style } from './print-expression.ts';
import { setText, within } from './print-ruleset.ts';

type GetElement = Extract<CommandAst, { kind: 'element' }>;

/** `get element`: the set with just the elements that were asked for. */
export function getElement(nft: Nftables, command: GetElement, names: Names, style: Style): string {
  const { name, set: setName, elements, at } = command;
  const table = nft.get(name.family, name.table.text);
  if (table === undefined) throw missing(nft, 'table', name.table);
  const set = table.sets.get(setName.text);
  if (set === undefined) throw missingSet(nft, setName.text, setName.at);
  const evaluator = new RuleEvaluator(table, names, () => set);
  const found = new NftSet(table, set.handle, { ...set.spec, comment: undefined });
  for (const ast of elements.kind === 'set' ? elements.elements : []) {
    const { key } = evaluator.element({ ...ast, data: undefined }, set.spec.keyTypes, undefined);
    const value = key === 'any' ? undefined : key.map(({ from }) => from);
    const single = value?.length === 1 ? value[0] : value;
    const element = single === undefined ? set.get('any', style.now) : set.lookup(single, style.now);
    if (element === undefined) throw new NftProblem(`Could not process rule: ${strerror('ENOENT')}`, at);
    found.add(element);
  }
  return within(table, setText(found, style));
}
