import type { Errno } from '../../base/index.ts';
import type { HookName } from '../hooks.ts';
import type { Family } from '../messages.ts';
import type { Change, CommitError } from './commit.ts';
import { JUMP_DEPTH } from './evaluate.ts';
import { matchKind } from './match/matches.ts';
import { type Chain, calledBy, type RuleSpec, type Table, type TableName } from './rule.ts';
import type { Tables } from './tables.ts';
import { targetKind } from './target/targets.ts';

/** The hooks from whose base chains a chain can be reached. */
type Reach = ReadonlyMap<Chain, readonly HookName[]>;

type Added = Extract<Change, { op: 'rule-add' | 'rule-replace' }>;

/**
 * nft_chain_validate(): what a rule asks for must be possible wherever it can be reached from, and no way through the
 * chains may be deeper than the kernel's stack: a chain that calls itself is endlessly deep.
 */
export function validate(tables: Tables, changes: readonly Change[]): CommitError | undefined {
  const walked = new Set<TableName>();
  // Which hooks reach a chain is asked once for all the rules of a table.
  const reaches = new Map<Table, Reach>();
  for (const [failed, change] of changes.entries()) {
    if (change.op !== 'rule-add' && change.op !== 'rule-replace') continue;
    const { table: name } = change;
    const table = tables.ensure(name);
    const errno = calledBy(change.rule) === undefined ? checkOne(tables.family, table, change, reaches) : undefined;
    if (errno !== undefined) return { errno, failed };
    if (calledBy(change.rule) === undefined || walked.has(name)) continue;
    walked.add(name);
    const refused = walkAll(tables.family, table);
    if (refused !== undefined) return { errno: refused, failed: lastCall(changes, name) };
  }
  return undefined;
}

function checkOne(family: Family, table: Table, { chain, rule }: Added, reaches: Map<Table, Reach>): Errno | undefined {
  if (rule.matches.length === 0 && rule.action.kind !== 'target') return undefined;
  if (chain.base !== undefined) return checkRule(family, table.name, rule, [chain.base.hook]);
  const reach = reaches.get(table) ?? hooksReaching(table);
  reaches.set(table, reach);
  return checkRule(family, table.name, rule, reach.get(chain) ?? []);
}

/** Of a loop, the rule that closed it. */
const lastCall = (changes: readonly Change[], table: TableName): number =>
  changes.findLastIndex(
    (one) =>
      (one.op === 'rule-add' || one.op === 'rule-replace') && one.table === table && calledBy(one.rule) !== undefined,
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
    const next = calledBy(rule);
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

function hooksReaching(table: Table): Reach {
  const reach = new Map<Chain, HookName[]>();
  for (const start of table.chains.values()) {
    if (start.base === undefined) continue;
    const { hook } = start.base;
    const seen = new Set<Chain>([start]);
    // A set that grows while it is walked: every chain once.
    for (const chain of seen) {
      for (const rule of chain.rules) {
        const called = calledBy(rule);
        if (called === undefined || seen.has(called)) continue;
        seen.add(called);
        const hooks = reach.get(called);
        if (hooks === undefined) reach.set(called, [hook]);
        else hooks.push(hook);
      }
    }
  }
  return reach;
}
