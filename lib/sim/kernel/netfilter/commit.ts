import { done, type Errno, type Result } from '../../base/index.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { compileRule } from './compile.ts';
import { conntrackOf } from './conntrack/table.ts';
import { matchKind } from './match/matches.ts';
import {
  type Chain,
  calledBy,
  newBaseChain,
  type Policy,
  type Rule,
  type RuleSpec,
  type Table,
  type TableName,
} from './rule.ts';
import { type Tables, tablesOf } from './tables.ts';
import { targetKind } from './target/targets.ts';
import { validate } from './validate.ts';

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
  /** `make`: the chain was named, and comes to be with that. */
  | { readonly op: 'flush'; readonly chain: Chain; readonly make?: boolean }
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
  /** The order of chains as it was, of tables whose chains changed. */
  readonly #order = new Map<Table, readonly Chain[]>();

  constructor(ns: NetNs, family: Family) {
    this.#ns = ns;
    this.#tables = tablesOf(ns, family);
  }

  /** The errno of a change that cannot be. */
  apply(change: Change): Errno | undefined {
    if (change.op === 'chain-delete' || change.op === 'chain-rename') this.#noteOrder(change.table);
    const applied = apply(this.#ns, this.#tables, change);
    if (typeof applied === 'string') return applied;
    this.#undo.push(applied);
    this.#changes.push(change);
    return undefined;
  }

  rollback(): void {
    for (const step of this.#undo.splice(0).reverse()) step();
    for (const [table, chains] of this.#order) {
      const present = new Set(table.chains.values());
      table.chains.clear();
      for (const chain of chains) if (present.has(chain)) table.chains.set(chain.name, chain);
    }
    this.#order.clear();
  }

  /** Undoing puts a chain back, but at the end. */
  #noteOrder(name: TableName): void {
    const table = this.#tables.ensure(name);
    if (!this.#order.has(table)) this.#order.set(table, [...table.chains.values()]);
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
      return withHandle(tables, change.chain, () => setPolicy(change.chain, change.policy, change.counters));
    case 'rule-add':
      if (calledBy(change.rule)?.base !== undefined) return 'EOPNOTSUPP';
      return withHandle(tables, change.chain, (table) =>
        splice(ns, change.chain, change.at, 0, newRule(table, change.rule, change.counters)),
      );
    case 'rule-replace':
      if (calledBy(change.rule)?.base !== undefined) return 'EOPNOTSUPP';
      return withHandle(tables, change.chain, (table) =>
        splice(ns, change.chain, change.at, 1, newRule(table, change.rule, change.counters)),
      );
    case 'rule-delete':
      return splice(ns, change.chain, change.at, 1);
    case 'flush':
      return withHandle(tables, change.chain, () => flush(ns, change.chain, change.make === true), change.make);
    case 'zero':
      return zero(change.chain, change.at);
  }
}

/** A base chain that comes to be with a change takes its handle before what the change puts in it. */
function withHandle(
  tables: Tables,
  chain: Chain,
  act: (table: Table | undefined) => Undo | Errno,
  makes = true,
): Undo | Errno {
  const table = tables.tableOf(chain);
  if (makes && table !== undefined && chain.base?.present === false) chain.handle = ++table.lastHandle;
  return act(table);
}

function addChain(table: Table, chain: Chain): Undo | Errno {
  const { chains } = table;
  if (chains.has(chain.name)) return 'EEXIST';
  chain.handle = ++table.lastHandle;
  chains.set(chain.name, chain);
  return () => chains.delete(chain.name);
}

function deleteChain(table: Table, chain: Chain): Undo | Errno {
  if (chain.rules.length > 0 || chain.references > 0) return 'EBUSY';
  const { base } = chain;
  if (base !== undefined) {
    // It is still there to be asked for, but as one that nothing was ever put in.
    const before = { ...base };
    Object.assign(base, newBaseChain(chain.name, base.hook).base);
    return () => Object.assign(base, before);
  }
  table.chains.delete(chain.name);
  return () => table.chains.set(chain.name, chain);
}

function renameChain(table: Table, chain: Chain, name: string): Undo | Errno {
  if (table.chains.has(name)) return 'EEXIST';
  const old = chain.name;
  table.chains.delete(old);
  chain.name = name;
  table.chains.set(name, chain);
  return () => {
    table.chains.delete(name);
    chain.name = old;
    table.chains.set(old, chain);
  };
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
  Object.assign(base, { policy, present: counting, counting, ...(counting ? counters : { packets: 0, bytes: 0 }) });
  return () => Object.assign(base, before);
}

const newRule = (table: Table | undefined, spec: RuleSpec, counters = { packets: 0, bytes: 0 }): Rule => ({
  ...spec,
  handle: table === undefined ? 0 : ++table.lastHandle,
  ...counters,
  test: compileRule(spec),
});

function splice(ns: NetNs, chain: Chain, at: number, remove: number, ...add: Rule[]): Undo {
  const removed = chain.rules.splice(at, remove, ...add);
  const wasPresent = chain.base?.present;
  if (chain.base !== undefined && add.length > 0) chain.base.present = true;
  count(ns, add, 1);
  count(ns, removed, -1);
  return () => {
    chain.rules.splice(at, add.length, ...removed);
    if (chain.base !== undefined) chain.base.present = wasPresent === true;
    count(ns, removed, 1);
    count(ns, add, -1);
  };
}

function flush(ns: NetNs, chain: Chain, make: boolean): Undo {
  const { base } = chain;
  const undo = splice(ns, chain, 0, chain.rules.length);
  if (base === undefined || base.present || !make) return undo;
  base.present = true;
  return () => {
    undo();
    base.present = false;
  };
}

function count(ns: NetNs, rules: readonly Rule[], change: 1 | -1): void {
  for (const rule of rules) {
    const called = calledBy(rule);
    if (called !== undefined) called.references += change;
    if (needsConntrack(rule)) conntrackOf(ns).use(change);
    for (const match of rule.matches) matchKind(match).hold?.(match, change, ns);
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
  // A zeroed chain has counters from then on, as one whose policy was set.
  if (chain.base?.present === true && at === undefined)
    Object.assign(chain.base, { counting: true, packets: 0, bytes: 0 });
  return () => {
    for (const [i, rule] of rules.entries()) Object.assign(rule, before[i]);
    if (chain.base !== undefined) Object.assign(chain.base, base);
  };
}
