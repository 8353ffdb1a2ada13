import { done, type Errno, type Result } from '../../base/index.ts';
import type { HookName } from '../hooks.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { compileRule } from './compile.ts';
import { conntrackOf } from './conntrack/table.ts';
import { JUMP_DEPTH } from './evaluate.ts';
import { matchKind } from './match/matches.ts';
import type { Action, Chain, Policy, Rule, RuleSpec, Table, TableName } from './rule.ts';
import { type Tables, tablesOf } from './tables.ts';
import { targetKind } from './target/targets.ts';

/** One change to the rules of a namespace. Chains and rules that it names are there: whoever asks has looked. */
export type Change =
  | { readonly op: 'chain-add'; readonly table: TableName; readonly chain: Chain }
  | { readonly op: 'chain-delete'; readonly table: TableName; readonly chain: Chain }
  | { readonly op: 'chain-rename'; readonly table: TableName; readonly chain: Chain; readonly name: string }
  | {
      readonly op: 'policy';
      readonly chain: Chain;
      readonly policy: Policy;
      /** From 0 when not said; 'off': none, as when the table came to be. */
      readonly counters?: { readonly packets: number; readonly bytes: number } | 'off';
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

/**
 * Changes that hold together (nf_tables_commit, nf_tables_abort): each is seen at once by the next one, and all are taken
 * back when something fails on the way. What rules need of their place is checked at the end, over all of them.
 */
export class RuleTransaction {
  readonly #undo: Undo[] = [];
  readonly #changes: Change[] = [];
  readonly #ns: NetNs;
  readonly #tables: Tables;

  constructor(ns: NetNs, family: Family) {
    this.#ns = ns;
    this.#tables = tablesOf(ns, family);
  }

  /** The errno of a change that cannot be. */
  apply(change: Change): Errno | undefined {
    const applied = apply(this.#ns, this.#tables, change);
    if (typeof applied === 'string') return applied;
    this.#undo.push(applied);
    this.#changes.push(change);
    return undefined;
  }

  rollback(): void {
    for (const step of this.#undo.splice(0).reverse()) step();
  }

  /** Checks all; what is refused is taken back, with everything else. */
  finish(): Result<void, CommitError> {
    const refused = validate(this.#tables, this.#changes);
    if (refused === undefined) return done;
    this.rollback();
    return { ok: false, error: refused };
  }
}

/** A batch of changes, all of them or none. */
export function commitRules(ns: NetNs, family: Family, changes: readonly Change[]): Result<void, CommitError> {
  const transaction = new RuleTransaction(ns, family);
  for (const [failed, change] of changes.entries()) {
    const errno = transaction.apply(change);
    if (errno === undefined) continue;
    transaction.rollback();
    return { ok: false, error: { errno, failed } };
  }
  return transaction.finish();
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

function addChain({ chains }: Table, chain: Chain): Undo | Errno {
  if (chains.has(chain.name)) return 'EEXIST';
  chains.set(chain.name, chain);
  return () => chains.delete(chain.name);
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

function setPolicy(
  chain: Chain,
  policy: Policy,
  counters: { packets: number; bytes: number } | 'off' = { packets: 0, bytes: 0 },
): Undo | Errno {
  const { base } = chain;
  if (base === undefined) return 'EINVAL';
  const before = { ...base };
  const counting = counters !== 'off';
  Object.assign(base, { policy, counting, ...(counting ? counters : { packets: 0, bytes: 0 }) });
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
  for (const rule of rules) {
    if (needsConntrack(rule)) conntrackOf(ns).use(change);
    for (const match of rule.matches) matchKind(match).hold?.(match, change);
    if (rule.action.kind === 'target') targetKind(rule.action.target).hold?.(rule.action.target, change);
  }
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
function validate(tables: Tables, changes: readonly Change[]): CommitError | undefined {
  const walked = new Set<TableName>();
  // Which hooks reach a chain is asked once for all the rules that came into it.
  const reach = new Map<Chain, HookName[]>();
  for (const [failed, change] of changes.entries()) {
    if (change.op !== 'rule-add' && change.op !== 'rule-replace') continue;
    const { table: name } = change;
    const table = tables.ensure(name);
    const errno = calls(change.rule) === undefined ? checkOne(tables.family, table, change, reach) : undefined;
    if (errno !== undefined) return { errno, failed };
    if (calls(change.rule) === undefined || walked.has(name)) continue;
    walked.add(name);
    const refused = walkAll(tables.family, table);
    if (refused !== undefined) return { errno: refused, failed: lastCall(changes, name) };
  }
  return undefined;
}

function checkOne(
  family: Family,
  table: Table,
  { chain, rule }: Added,
  reach: Map<Chain, HookName[]>,
): Errno | undefined {
  if (rule.matches.length === 0 && rule.action.kind !== 'target') return undefined;
  const hooks = reach.get(chain) ?? hooksReaching(table, chain);
  reach.set(chain, hooks);
  return checkRule(family, table.name, rule, hooks);
}

/** Of a loop, the rule that closed it. */
const lastCall = (changes: readonly Change[], table: TableName): number =>
  changes.findLastIndex(
    (one) =>
      (one.op === 'rule-add' || one.op === 'rule-replace') && one.table === table && calls(one.rule) !== undefined,
  );

function walkAll(family: Family, table: Table): Errno | undefined {
  for (const chain of table.chains.values()) {
    if (chain.base === undefined) continue;
    const refused = walk(family, table.name, chain, chain.base.hook, 0, new Map());
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** `seen`: how deep a chain was looked at; not again from less deep. */
function walk(
  family: Family,
  table: TableName,
  chain: Chain,
  hook: HookName,
  depth: number,
  seen: Map<Chain, number>,
): Errno | undefined {
  if (depth >= JUMP_DEPTH) return 'EMLINK';
  const before = seen.get(chain);
  if (before !== undefined && before >= depth) return undefined;
  seen.set(chain, depth);
  for (const rule of chain.rules) {
    const next = calls(rule);
    const refused =
      next !== undefined
        ? walk(family, table, next, hook, depth + 1, seen)
        : before === undefined
          ? checkRule(family, table, rule, [hook])
          : undefined;
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
