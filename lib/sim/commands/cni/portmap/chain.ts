import type { Wait } from '../../../os/index.ts';
import { CniError } from '../error.ts';
import { showList } from '../go-text.ts';
import { type Iptables, IptablesError, type Rule, unlessAbsent } from '../iptables.ts';

/** A chain of the nat table: the rules in it, and those in other chains that lead to it. */
export type Chain = {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly entryChains: readonly string[];
  readonly entryRules: readonly Rule[];
  /** Whether the entries stand first in their chains. */
  readonly first?: boolean;
};

const TABLE = 'nat';

/** Makes what of it is missing. Throws CniError. */
export function* setupChain(ipt: Iptables, chain: Chain): Generator<Wait, void, void> {
  yield* ipt.ensureChain(TABLE, chain.name);
  for (const rule of chain.rules) yield* ipt.ensureRule(TABLE, chain.name, rule);
  for (const entry of chain.entryChains)
    for (const rule of chain.entryRules) yield* ipt.ensureRule(TABLE, entry, [...rule, '-j', chain.name], chain.first);
}

/** Removes it and all that leads to it. It is made for a moment when it is not there. */
export function* teardownChain(
  ipt: Iptables,
  { name, entryChains }: Pick<Chain, 'name' | 'entryChains'>,
): Generator<Wait, void, void> {
  yield* ipt.clearChain(TABLE, name);
  for (const entry of entryChains) {
    for (const rule of yield* entriesOf(ipt, entry, name)) yield* deleteEntry(ipt, entry, rule);
  }
  yield* unlessAbsent(ipt.deleteChain(TABLE, name));
}

/** The rules of a chain that jump to `name`, as words. */
function* entriesOf(ipt: Iptables, chain: string, name: string): Generator<Wait, string[][], void> {
  try {
    const lines = yield* ipt.list(TABLE, chain);
    return lines.filter((line) => line.endsWith(`-j ${name}`)).map((line) => shellWords(line).slice(2));
  } catch (error) {
    if (error instanceof IptablesError) return [];
    throw error;
  }
}

function* deleteEntry(ipt: Iptables, chain: string, rule: Rule): Generator<Wait, void, void> {
  try {
    yield* ipt.delete(TABLE, chain, rule);
  } catch (error) {
    if (!(error instanceof IptablesError)) throw error;
    // Gone already, or its target is.
    if (error.isNotExist || error.status === 2) return;
    throw new CniError(`Failed to delete referring rule ${TABLE} ${chain}: ${error.message}`);
  }
}

/** Words of a line of `iptables -S`, where what has blanks stands in double quotes. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );

/** Throws CniError for what is missing. */
export function* checkChain(ipt: Iptables, chain: Chain): Generator<Wait, void, void> {
  const { name, rules, entryChains, entryRules } = chain;
  if (!(yield* ipt.chains(TABLE)).includes(name))
    throw new CniError(`chain ${name} not found in iptables table ${TABLE}`);
  for (const rule of rules.toReversed()) if (!(yield* isThere(ipt, name, rule))) throw missing(rules, name);
  for (const entry of entryChains)
    for (const rule of entryRules.toReversed())
      if (!(yield* isThere(ipt, entry, [...rule, '-j', name]))) throw missing(entryRules, entry);
}

function* isThere(ipt: Iptables, chain: string, rule: Rule): Generator<Wait, boolean, void> {
  try {
    return yield* ipt.exists(TABLE, chain, rule);
  } catch (error) {
    if (error instanceof CniError) return false;
    throw error;
  }
}

const missing = (rules: readonly Rule[], chain: string): CniError =>
  new CniError(`rule ${showList(rules.map(showList))} in chain ${chain} not found in table ${TABLE}`);
