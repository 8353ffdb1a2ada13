import { done, type Errno, type Result } from '../../base/index.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { compileRule } from './compile.ts';
import { JUMP_DEPTH } from './evaluate.ts';
import type { HookName } from './hooks.ts';
import { matchKind } from './match/matches.ts';
import type { Action, Chain, Policy, Rule, RuleSpec, Table, TableName } from './rule.ts';
import type { Tables } from './tables.ts';
import { targetKind } from './target/targets.ts';

/** One change to the rules of a namespace. Chains and rules that it names are there: whoever asks has looked. */
export type Change =
  | { readonly op: 'chain-add'; readonly table: TableName; readonly chain: string }
  | { readonly op: 'chain-delete'; readonly table: TableName; readonly chain: Chain }
  | { readonly op: 'chain-rename'; readonly table: TableName; readonly chain: Chain; readonly name: string }
  | {
      readonly op: 'policy';
      readonly chain: Chain;
      readonly policy: Policy;
      readonly counters?: { readonly packets: number; readonly bytes: number };
    }
  | {
      readonly op: 'rule-add' | 'rule-replace';
      readonly table: TableName;
      readonly chain: Chain;
      /** From 0: the place before which it goes, or which it takes. */
      readonly at: number;
      readonly rule: RuleSpec;
      readonly counters?: { readonly packets: number; readonly bytes: number };
    }
  | { readonly op: 'rule-delete'; readonly chain: Chain; readonly at: number }
  | { readonly op: 'flush'; readonly chain: Chain }
  | { readonly op: 'zero'; readonly chain: Chain; readonly at?: number };

/** `failed`: the number of the change that the kernel refused. None of the others has happened then. */
export type CommitError = { readonly errno: Errno; readonly failed: number };

type Undo = () => void;

export const tablesOf = (ns: NetNs, family: Family): Tables => (family === 4 ? ns.tables4 : ns.tables6);

/** A batch of changes, all of them or none (nf_tables_commit, nf_tables_abort). */
export function commitRules(ns: NetNs, family: Family, changes: readonly Change[]): Result<void, CommitError> {
  const undo: Undo[] = [];
  const abort = (errno: Errno, failed: number): Result<void, CommitError> => {
    for (const step of undo.reverse()) step();
    return { ok: false, error: { errno, failed } };
  };
  const tables = tablesOf(ns, family);
  for (const [i, change] of changes.entries()) {
    const applied = apply(ns, tables, change);
    if (typeof applied === 'string') return abort(applied, i);
    undo.push(applied);
  }
  for (const [i, change] of changes.entries()) {
    if (change.op !== 'rule-add' && change.op !== 'rule-replace') continue;
    const refused = validate(tables, change);
    if (refused !== undefined) return abort(refused, i);
  }
  return done;
}

function apply(ns: NetNs, tables: Tables, change: Change): Undo | Errno {
  switch (change.op) {
    case 'chain-add':
      return addChain(tables.ensure(change.table), change.chain);
    case 'chain-delete':
      return deleteChain(tables.ensure(change.table), change.chain);
    case 'chain-rename':
      return renameChain(tables.ensure(change.table), change.chain, change.name);
    case 'policy':
      return setPolicy(change.chain, change.policy, change.counters);
    case 'rule-add':
      return splice(ns, change.chain, change.at, 0, newRule(change.rule, change.counters));
    case 'rule-replace':
      return splice(ns, change.chain, change.at, 1, newRule(change.rule, change.counters));
    case 'rule-delete':
      return splice(ns, change.chain, change.at, 1);
    case 'flush':
      return splice(ns, change.chain, 0, change.chain.rules.length);
    case 'zero':
      return zero(change.chain, change.at);
  }
}

function addChain({ chains }: Table, name: string): Undo | Errno {
  if (chains.has(name)) return 'EEXIST';
  chains.set(name, { name, base: undefined, rules: [] });
  return () => chains.delete(name);
}

function deleteChain(table: Table, chain: Chain): Undo | Errno {
  if (chain.rules.length > 0 || references(table, chain) > 0) return 'EBUSY';
  const before = [...table.chains];
  table.chains.delete(chain.name);
  return () => restore(table, before);
}

function renameChain(table: Table, chain: Chain, name: string): Undo | Errno {
  if (table.chains.has(name)) return 'EEXIST';
  const before = [...table.chains];
  const old = chain.name;
  table.chains.delete(old);
  chain.name = name;
  table.chains.set(name, chain);
  return () => {
    chain.name = old;
    restore(table, before);
  };
}

function restore(table: Table, chains: readonly (readonly [string, Chain])[]): void {
  table.chains.clear();
  for (const [name, chain] of chains) table.chains.set(name, chain);
}

function setPolicy(chain: Chain, policy: Policy, counters?: { packets: number; bytes: number }): Undo | Errno {
  const { base } = chain;
  if (base === undefined) return 'EINVAL';
  const before = { ...base };
  base.policy = policy;
  if (counters !== undefined) Object.assign(base, counters);
  return () => Object.assign(base, before);
}

const newRule = (spec: RuleSpec, counters = { packets: 0, bytes: 0 }): Rule => ({
  ...spec,
  ...counters,
  test: compileRule(spec),
});

function splice(ns: NetNs, chain: Chain, at: number, remove: number, ...add: Rule[]): Undo {
  const removed = chain.rules.splice(at, remove, ...add);
  count(ns, add, 1);
  count(ns, removed, -1);
  return () => {
    chain.rules.splice(at, add.length, ...removed);
    count(ns, removed, 1);
    count(ns, add, -1);
  };
}

function count(ns: NetNs, rules: readonly Rule[], change: 1 | -1): void {
  for (const rule of rules) if (needsConntrack(rule)) ns.conntrack.use(change);
}

const needsConntrack = ({ matches, action }: RuleSpec): boolean =>
  matches.some((match) => matchKind(match).needsConntrack === true) ||
  (action.kind === 'target' && targetKind(action.target).needsConntrack === true);

function zero(chain: Chain, at: number | undefined): Undo {
  const rules = at === undefined ? chain.rules : chain.rules.slice(at, at + 1);
  const before = rules.map(({ packets, bytes }) => ({ packets, bytes }));
  const base = chain.base === undefined ? undefined : { ...chain.base };
  for (const rule of rules) Object.assign(rule, { packets: 0, bytes: 0 });
  if (chain.base !== undefined && at === undefined) Object.assign(chain.base, { packets: 0, bytes: 0 });
  return () => {
    for (const [i, rule] of rules.entries()) Object.assign(rule, before[i]);
    if (chain.base !== undefined) Object.assign(chain.base, base);
  };
}

const calls = ({ action }: { readonly action: Action }): Chain | undefined =>
  action.kind === 'jump' || action.kind === 'goto' ? action.chain : undefined;

/** How many rules lead to the chain. */
export function references(table: Table, chain: Chain): number {
  let found = 0;
  for (const { rules } of table.chains.values()) for (const rule of rules) if (calls(rule) === chain) found++;
  return found;
}

type Added = Extract<Change, { op: 'rule-add' | 'rule-replace' }>;

/**
 * nft_chain_validate(): what a rule asks for must be possible wherever it can be reached from, and no way through the
 * chains may be deeper than the kernel's stack: a chain that calls itself is endlessly deep.
 */
function validate(tables: Tables, { table: name, chain, rule }: Added): Errno | undefined {
  const table = tables.ensure(name);
  if (calls(rule) === undefined) {
    if (rule.matches.length === 0 && rule.action.kind !== 'target') return undefined;
    return checkRule(tables.family, name, rule, hooksReaching(table, chain));
  }
  for (const base of table.chains.values()) {
    if (base.base === undefined) continue;
    const refused = walk(tables.family, name, base, base.base.hook, 0);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function walk(family: Family, table: TableName, chain: Chain, hook: HookName, depth: number): Errno | undefined {
  if (depth >= JUMP_DEPTH) return 'EMLINK';
  for (const rule of chain.rules) {
    const next = calls(rule);
    const refused =
      next === undefined ? checkRule(family, table, rule, [hook]) : walk(family, table, next, hook, depth + 1);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function checkRule(
  family: Family,
  table: TableName,
  { selectors, matches, action }: RuleSpec,
  hooks: readonly HookName[],
): Errno | undefined {
  const placement = { family, table, hooks, selectors };
  for (const match of matches) {
    const refused = matchKind(match).check?.(match, placement);
    if (refused !== undefined) return refused;
  }
  return action.kind === 'target' ? targetKind(action.target).check?.(action.target, placement) : undefined;
}

/** The hooks from whose base chains a chain can be reached. */
function hooksReaching(table: Table, chain: Chain): HookName[] {
  if (chain.base !== undefined) return [chain.base.hook];
  const callers = new Set<Chain>([chain]);
  // Callers of callers, until there are no new ones.
  for (let before = 0; before !== callers.size; ) {
    before = callers.size;
    for (const candidate of table.chains.values()) {
      if (!callers.has(candidate) && candidate.rules.some((rule) => callers.has(calls(rule) as Chain)))
        callers.add(candidate);
    }
  }
  return [...callers].flatMap(({ base }) => (base === undefined ? [] : [base.hook]));
}
