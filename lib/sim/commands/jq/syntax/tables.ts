import { type Associativity, PRECEDENCE, type Rule, readRules, TERMINALS } from './grammar.ts';

/**
 * The LALR(1) parsing tables of the grammar, made as bison makes them (DeRemer and Pennello, "Efficient computation of
 * LALR(1) look-ahead sets", 1982), default reductions included: which tokens a syntax error says it expected depends on
 * nothing else.
 */
export type Tables = { readonly rules: readonly Rule[]; readonly states: readonly State[] };

export type State = {
  /** By terminal: the state to go to, or the rule to reduce by as -1 - rule. `'none'`: refused (operators that do not associate). */
  readonly actions: ReadonlyMap<string, number | 'none'>;
  /** The rule to reduce by on any other terminal. */
  readonly otherwise: number | undefined;
  /** By non-terminal: the state to go to once it has been read. */
  readonly gotos: ReadonlyMap<string, number>;
};

let made: Tables | undefined;

export function tables(): Tables {
  made ??= makeTables(readRules());
  return made;
}

/** `rule * 16 + dot`: no rule has more than 11 symbols. */
type Item = number;
type Core = { readonly items: readonly Item[]; readonly next: Map<string, number> };
/** A set of terminals, a bit each. */
type Terminals = bigint;

const BIT: ReadonlyMap<string, Terminals> = new Map(TERMINALS.map((name, i) => [name, 1n << BigInt(i)]));

function makeTables(rules: readonly Rule[]): Tables {
  const byLeft = groupBy(
    rules.map((_, i) => i),
    (i) => (rules[i] as Rule).left,
  );
  const nullable = nullableSymbols(rules);
  const cores = makeCores(rules, byLeft);
  const lookaheads = makeLookaheads(rules, byLeft, nullable, cores);
  return { rules, states: cores.map((core, i) => makeState(rules, core, lookaheads.get(i) ?? new Map())) };
}

function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

function nullableSymbols(rules: readonly Rule[]): ReadonlySet<string> {
  const nullable = new Set<string>();
  for (let size = -1; size !== nullable.size; ) {
    size = nullable.size;
    for (const rule of rules) if (rule.right.every((symbol) => nullable.has(symbol))) nullable.add(rule.left);
  }
  return nullable;
}

/** The LR(0) automaton. */
function makeCores(rules: readonly Rule[], byLeft: ReadonlyMap<string, readonly number[]>): Core[] {
  const cores: Core[] = [];
  const known = new Map<string, number>();
  const add = (kernel: readonly Item[]): number => {
    const key = kernel.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, cores.length);
    return cores.push({ items: closure(kernel), next: new Map() }) - 1;
  };
  const closure = (kernel: readonly Item[]): Item[] => {
    const items = [...kernel];
    const seen = new Set<string>();
    for (const item of items) {
      const symbol = symbolAfterDot(rules, item);
      if (symbol === undefined || seen.has(symbol)) continue;
      seen.add(symbol);
      for (const rule of byLeft.get(symbol) ?? []) items.push(rule * 16);
    }
    return items;
  };
  add([0]);
  for (const core of cores) {
    const groups = groupBy(core.items, (item) => symbolAfterDot(rules, item));
    for (const [symbol, items] of groups) {
      if (symbol === undefined) continue;
      core.next.set(symbol, add([...new Set(items.map((item) => item + 1))].sort((a, b) => a - b)));
    }
  }
  return cores;
}

const symbolAfterDot = (rules: readonly Rule[], item: Item): string | undefined =>
  (rules[item >> 4] as Rule).right[item & 15];

/** By state and rule: the terminals on which the state reduces by the rule. */
function makeLookaheads(
  rules: readonly Rule[],
  byLeft: ReadonlyMap<string, readonly number[]>,
  nullable: ReadonlySet<string>,
  cores: readonly Core[],
): Map<number, Map<number, Terminals>> {
  const follow = new Map<string, Terminals>();
  const edges: [from: string, to: string][] = [];
  const lookback: [state: number, rule: number, transition: string][] = [];
  cores.forEach((core, state) => {
    for (const [symbol, target] of core.next) {
      if (!byLeft.has(symbol)) continue;
      const transition = `${state} ${symbol}`;
      let direct = 0n;
      for (const next of (cores[target] as Core).next.keys()) {
        direct |= BIT.get(next) ?? 0n;
        if (nullable.has(next)) edges.push([transition, `${target} ${next}`]);
      }
      follow.set(transition, direct);
      for (const rule of byLeft.get(symbol) ?? []) walk(state, rule, transition);
    }
  });

  /** Follows the rule through the automaton: what ends with it is followed by what follows it. */
  function walk(start: number, rule: number, transition: string): void {
    const { right } = rules[rule] as Rule;
    let state = start;
    right.forEach((symbol, i) => {
      if (byLeft.has(symbol) && right.slice(i + 1).every((rest) => nullable.has(rest))) {
        edges.push([`${state} ${symbol}`, transition]);
      }
      state = (cores[state] as Core).next.get(symbol) as number;
    });
    lookback.push([state, rule, transition]);
  }

  for (let changed = true; changed; ) {
    changed = false;
    for (const [from, to] of edges) {
      const now = follow.get(from) ?? 0n;
      const all = now | (follow.get(to) ?? 0n);
      if (all === now) continue;
      follow.set(from, all);
      changed = true;
    }
  }
  const lookaheads = new Map<number, Map<number, Terminals>>();
  for (const [state, rule, transition] of lookback) {
    const ofState = lookaheads.get(state) ?? new Map<number, Terminals>();
    lookaheads.set(state, ofState);
    ofState.set(rule, (ofState.get(rule) ?? 0n) | (follow.get(transition) ?? 0n));
  }
  return lookaheads;
}

function makeState(rules: readonly Rule[], core: Core, lookaheads: ReadonlyMap<number, Terminals>): State {
  const actions = new Map<string, number | 'none'>();
  const gotos = new Map<string, number>();
  for (const [symbol, target] of core.next) (BIT.has(symbol) ? actions : gotos).set(symbol, target);
  const complete = core.items.filter((item) => symbolAfterDot(rules, item) === undefined).map((item) => item >> 4);
  const reductions = complete
    .sort((a, b) => a - b)
    .map((rule) => {
      const terminals = TERMINALS.filter((name) => ((lookaheads.get(rule) ?? 0n) & (BIT.get(name) as bigint)) !== 0n);
      return { rule, terminals: terminals.filter((name) => reduces(rules[rule] as Rule, name, actions)) };
    });
  // A state in which the parser may recover takes no token on trust.
  const otherwise = actions.has('error') ? undefined : mostFrequent(reductions);
  for (const { rule, terminals } of reductions) {
    if (rule !== otherwise) for (const name of terminals) actions.set(name, -1 - rule);
  }
  return { actions, otherwise, gotos };
}

/** Settles shift against reduce by precedence, and takes the loser away. */
function reduces(rule: Rule, terminal: string, actions: Map<string, number | 'none'>): boolean {
  if (!actions.has(terminal)) return true;
  const ours = precedenceOf(rule.precedence);
  const theirs = precedenceOf(terminal);
  if (ours === undefined || theirs === undefined) return false;
  if (ours.level !== theirs.level) {
    if (ours.level < theirs.level) return false;
    actions.delete(terminal);
    return true;
  }
  if (ours.associativity === 'right') return false;
  if (ours.associativity === 'left') {
    actions.delete(terminal);
    return true;
  }
  actions.set(terminal, 'none');
  return false;
}

function precedenceOf(symbol: string | undefined): { level: number; associativity: Associativity } | undefined {
  const level = PRECEDENCE.findIndex(([, ...symbols]) => symbol !== undefined && symbols.includes(symbol));
  const found = PRECEDENCE[level];
  return found && { level, associativity: found[0] };
}

function mostFrequent(reductions: readonly { rule: number; terminals: readonly string[] }[]): number | undefined {
  let best: { rule: number; terminals: readonly string[] } | undefined;
  for (const reduction of reductions) {
    if (best === undefined || reduction.terminals.length > best.terminals.length) best = reduction;
  }
  return best?.rule;
}
