import type { Micros } from '../../base/index.ts';
import type { HookName } from '../hooks.ts';
import type { Context, NatRange, TokenBucket } from '../netfilter/index.ts';
import type { CompareOperator, CtKey, Expression, MetaKey, Operand, PayloadProtocol, Scalar } from './expression.ts';
import type { NftSet } from './set.ts';

export type NftFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** What the kernel keeps for user space beside an object; it means nothing to a packet. */
export type Comment = { readonly comment: string | undefined };

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'continue' | 'return' | 'queue' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: NftChain };

export type LimitUnit = 'second' | 'minute' | 'hour' | 'day' | 'week';

/** A bucket of tokens; `over`: what does not fit matches. */
export type LimitSpec = {
  readonly rate: number;
  readonly unit: LimitUnit;
  readonly burst: number;
  readonly over: boolean;
  /** Bytes instead of packets. */
  readonly bytes: boolean;
};

export type Counters = { packets: number; bytes: number };
/** `used` grows; `over`: matches behind the limit. */
export type QuotaState = { readonly limit: number; readonly over: boolean; used: number };
export type LimitState = { readonly spec: LimitSpec; readonly bucket: TokenBucket };

export type NamedObject = Comment & { readonly name: string; readonly handle: number; references: number } & (
    | { readonly type: 'counter'; readonly state: Counters }
    | { readonly type: 'quota'; readonly state: QuotaState }
    | { readonly type: 'limit'; readonly state: LimitState }
  );

export type RejectWith = 'tcp reset' | 'icmp' | 'icmpv6' | 'icmpx';
export type NatKind = 'snat' | 'dnat' | 'masquerade' | 'redirect';
export type NatFlags = Pick<NatRange, 'random' | 'fullyRandom' | 'persistent'>;

/** What an address or port becomes: one, one of a range, or what an expression says. */
export type NatTarget =
  | { readonly kind: 'range'; readonly from: Scalar; readonly to: Scalar }
  | { readonly kind: 'expression'; readonly expression: Expression };

export type LogOptions = {
  readonly prefix?: string;
  readonly level?: string;
  readonly group?: number;
  readonly snaplen?: number;
  readonly queueThreshold?: number;
  readonly flags?: readonly string[];
};

/** One part of a rule: it matches, does something, or decides. What counts by itself has its state in it. */
export type Statement =
  | {
      readonly kind: 'match';
      readonly left: Expression;
      readonly op: CompareOperator;
      readonly right: Operand;
    }
  | { readonly kind: 'lookup'; readonly left: Expression; readonly set: NftSet; readonly invert: boolean }
  | { readonly kind: 'vmap'; readonly left: Expression; readonly set: NftSet }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'counter'; readonly state: Counters }
  | { readonly kind: 'quota'; readonly state: QuotaState }
  | { readonly kind: 'limit'; readonly state: LimitState }
  | { readonly kind: 'object'; readonly type: NamedObject['type']; readonly object: NamedObject }
  /** The object that a map names for a key: `counter name tcp dport map { 80 : "web" }`. */
  | { readonly kind: 'object-map'; readonly type: NamedObject['type']; readonly key: Expression; readonly map: NftSet }
  | { readonly kind: 'log'; readonly options: LogOptions }
  | { readonly kind: 'reject'; readonly with: RejectWith; readonly code: number }
  | { readonly kind: 'notrack' }
  | {
      readonly kind: 'nat';
      readonly nat: NatKind;
      /** The family of its addresses, where the table has several. */
      readonly family: 4 | 6 | undefined;
      readonly address: NatTarget | undefined;
      readonly port: NatTarget | undefined;
      /** Address and port come from one map: `dnat ip to tcp dport map { 80 : 10.0.0.1 . 8080 }`. */
      readonly addressPort?: Expression;
      readonly flags: NatFlags;
    }
  | { readonly kind: 'set-meta'; readonly key: MetaKey; readonly value: Expression }
  | { readonly kind: 'set-ct'; readonly key: CtKey; readonly value: Expression }
  | {
      readonly kind: 'set-payload';
      readonly protocol: PayloadProtocol;
      readonly field: string;
      readonly value: Expression;
    }
  | {
      readonly kind: 'dynset';
      readonly op: 'add' | 'update' | 'delete';
      readonly set: NftSet;
      readonly key: Expression;
      /** Of a map. */
      readonly data?: Expression;
      readonly timeout: Micros | undefined;
      /** What each element does by itself: counters, limits. */
      readonly each: readonly Statement[];
    };

/** What one statement comes to: undefined goes on, 'break' ends the rule, a verdict decides. */
export type Outcome = Verdict | 'break' | undefined;

export type RuleSpec = Comment & { readonly statements: readonly Statement[] };

export type NftRule = RuleSpec & {
  readonly handle: number;
  readonly run: (context: Context) => Outcome;
};

export type ChainType = 'filter' | 'nat' | 'route';
export type NftHook = HookName | 'ingress' | 'egress';

export type BaseChainSpec = {
  readonly type: ChainType;
  readonly hook: NftHook;
  readonly priority: number;
  policy: 'accept' | 'drop';
  readonly devices?: readonly string[];
};

export type NftChain = Comment & {
  name: string;
  readonly handle: number;
  readonly table: NftTable;
  readonly base: BaseChainSpec | undefined;
  rules: NftRule[];
  /** How many rules and elements lead to it. */
  references: number;
  /** Takes it off its hooks. */
  unregister: (() => void) | undefined;
};

export type NftTable = Comment & {
  readonly family: NftFamily;
  readonly name: string;
  readonly handle: number;
  dormant: boolean;
  readonly chains: Map<string, NftChain>;
  readonly sets: Map<string, NftSet>;
  readonly objects: Map<string, NamedObject>;
  /** Handles count within a table. */
  lastHandle: number;
};
