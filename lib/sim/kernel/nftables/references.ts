import { conntrackOf } from '../netfilter/index.ts';
import type { NetNs } from '../netns.ts';
import type { Expression } from './expression.ts';
import type { NamedObject, NftChain, NftRule, Statement } from './rule.ts';
import type { NftSet, SetElement } from './set.ts';
import { needsConntrack } from './steps.ts';

/** What a rule or an element leads to or asks. */
type Referred = { readonly chains: NftChain[]; readonly sets: NftSet[]; readonly objects: NamedObject[] };

/** Counts (1) or forgets (-1) what a rule or an element refers to: it cannot be deleted meanwhile. */
export function hold(owner: NftRule | SetElement, change: 1 | -1, ns?: NetNs): void {
  const { chains, sets, objects } = 'statements' in owner ? ofStatements(owner.statements) : ofElement(owner);
  for (const chain of chains) chain.references += change;
  for (const object of objects) object.references += change;
  for (const set of sets) {
    set.references += change;
    // An anonymous set lives and dies with its rule.
    if (set.spec.anonymous) for (const element of set.elements(0)) hold(element, change);
  }
  if (ns === undefined || !('statements' in owner)) return;
  for (const statement of owner.statements) if (needsConntrack(statement)) conntrackOf(ns).use(change);
}

function ofElement({ data, each }: SetElement): Referred {
  const found = ofStatements(each);
  if (data?.kind === 'verdict' && 'chain' in data.verdict) found.chains.push(data.verdict.chain);
  if (data?.kind === 'object') found.objects.push(data.object);
  return found;
}

function ofStatements(statements: readonly Statement[]): Referred {
  const found: Referred = { chains: [], sets: [], objects: [] };
  for (const statement of statements) collect(statement, found);
  return found;
}

function collect(statement: Statement, found: Referred): void {
  switch (statement.kind) {
    case 'verdict':
      if ('chain' in statement.verdict) found.chains.push(statement.verdict.chain);
      return;
    case 'lookup':
    case 'vmap':
      found.sets.push(statement.set);
      setsOf(statement.left, found);
      return;
    case 'match':
      setsOf(statement.left, found);
      return;
    case 'object':
      found.objects.push(statement.object);
      return;
    case 'object-map':
      found.sets.push(statement.map);
      return;
    case 'dynset':
      found.sets.push(statement.set);
      return;
    case 'set-meta':
    case 'set-ct':
    case 'set-payload':
      setsOf(statement.value, found);
      return;
    case 'nat':
      for (const target of [statement.address, statement.port])
        if (target?.kind === 'expression') setsOf(target.expression, found);
      if (statement.addressPort !== undefined) setsOf(statement.addressPort, found);
      return;
    default:
      return;
  }
}

function setsOf(expression: Expression, found: Referred): void {
  if (expression.kind === 'map') {
    found.sets.push(expression.map);
    setsOf(expression.key, found);
  } else if (expression.kind === 'bitwise') setsOf(expression.left, found);
  else if (expression.kind === 'jhash') setsOf(expression.of, found);
  else if (expression.kind === 'concat') for (const part of expression.parts) setsOf(part, found);
}

/** The chains that a rule may lead to. */
export function chainsOf({ statements }: NftRule): NftChain[] {
  const { chains, sets } = ofStatements(statements);
  for (const set of sets)
    for (const { data } of set.elements(0))
      if (data?.kind === 'verdict' && 'chain' in data.verdict) chains.push(data.verdict.chain);
  return chains;
}
