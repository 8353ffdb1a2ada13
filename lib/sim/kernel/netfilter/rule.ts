import type { HookName } from '../hooks.ts';
import type { Match } from './match/matches.ts';
import type { Context, MaskedAddress } from './packet.ts';
import type { Target } from './target/targets.ts';

/** A part of a rule that `!` may turn round. */
export type Inverted<T> = { readonly value: T; readonly invert: boolean };

/** The selectors that every rule has (struct ipt_ip). */
export type Selectors = {
  readonly src?: Inverted<MaskedAddress>;
  readonly dst?: Inverted<MaskedAddress>;
  readonly protocol?: Inverted<number>;
  /** A device name; `eth+` is every name that begins with `eth`. */
  readonly in?: Inverted<string>;
  readonly out?: Inverted<string>;
  /** Second and later fragments. */
  readonly fragment?: Inverted<true>;
};

/** What a rule does with a packet that it matches; nothing: it counts. */
export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'verdict'; readonly verdict: 'ACCEPT' | 'DROP' | 'RETURN' | 'QUEUE' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: Chain }
  | { readonly kind: 'target'; readonly target: Target };

export type RuleSpec = {
  readonly selectors: Selectors;
  readonly matches: readonly Match[];
  readonly action: Action;
};

export type Rule = RuleSpec & {
  readonly handle: number;
  packets: number;
  bytes: number;
  /** Do selectors and matches hold? Made when the rule enters the kernel. */
  readonly test: (context: Context) => boolean;
};

export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security';
export type Policy = 'ACCEPT' | 'DROP';

export type Chain = {
  name: string;
  /** Of a chain that a hook calls; user's own chains have none. */
  readonly base: ChainBase | undefined;
  rules: Rule[];
  /** How many rules lead to it. */
  references: number;
  /** Chains and rules of a table count together; 0 while it is not in the kernel. */
  handle: number;
};

/** A chain that a hook calls, as it is while nobody has put anything in it. */
export const newBaseChain = (name: string, hook: HookName): Chain =>
  newChain(name, { hook, present: false, policy: 'ACCEPT', counting: false, packets: 0, bytes: 0 });

export const newChain = (name: string, base?: ChainBase): Chain => ({
  name,
  base,
  rules: [],
  references: 0,
  handle: 0,
});

/** The chain that a rule leads to. */
export const calledBy = ({ action }: { readonly action: Action }): Chain | undefined =>
  action.kind === 'jump' || action.kind === 'goto' ? action.chain : undefined;

export type ChainBase = {
  readonly hook: HookName;
  /** It is in the kernel: something was put in it, or its policy was set. */
  present: boolean;
  policy: Policy;
  /** Packets that met the policy are counted once it has been set: a chain that came with its table has no counters. */
  counting: boolean;
  packets: number;
  bytes: number;
};

export type Table = {
  readonly name: TableName;
  /** Base chains in the order of hooks, then user's own. */
  readonly chains: Map<string, Chain>;
  lastHandle: number;
};
