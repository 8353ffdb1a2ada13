import type {
  BitOperator,
  CompareOperator,
  CtDirection,
  CtKey,
  FibFlag,
  FibResult,
  LimitUnit,
  LogOptions,
  MetaKey,
  NamedObject,
  NatFlags,
  NatKind,
  NftFamily,
  PayloadProtocol,
  RejectWith,
  SetFlag,
} from '../../kernel/nftables/index.ts';
import type { Location } from './location.ts';

type At = { readonly at: Location };

/** What was written, before it is known what it means. */
export type Ast = At &
  (
    | { readonly kind: 'symbol'; readonly text: string; readonly quoted?: boolean }
    | { readonly kind: 'wildcard'; readonly text: string }
    | { readonly kind: 'payload'; readonly protocol: PayloadProtocol; readonly field: string }
    | { readonly kind: 'meta'; readonly key: MetaKey }
    | {
        readonly kind: 'ct';
        readonly key: CtKey;
        readonly direction: CtDirection | undefined;
        readonly family: 4 | 6 | undefined;
      }
    | { readonly kind: 'fib'; readonly flags: readonly FibFlag[]; readonly result: FibResult }
    | {
        readonly kind: 'numgen';
        readonly mode: 'inc' | 'random';
        readonly modulus: number;
        readonly offset: number;
      }
    | {
        readonly kind: 'jhash';
        readonly of: Ast;
        readonly modulus: number;
        readonly seed: number | undefined;
        readonly offset: number;
      }
    | { readonly kind: 'symhash'; readonly modulus: number; readonly offset: number }
    | { readonly kind: 'binary'; readonly op: BitOperator; readonly left: Ast; readonly right: Ast }
    | { readonly kind: 'range'; readonly from: Ast; readonly to: Ast }
    | { readonly kind: 'prefix'; readonly of: Ast; readonly length: number }
    | { readonly kind: 'list'; readonly items: readonly Ast[] }
    | { readonly kind: 'concat'; readonly parts: readonly Ast[] }
    | { readonly kind: 'set'; readonly elements: readonly ElementAst[] }
    | { readonly kind: 'reference'; readonly name: string }
    | { readonly kind: 'map'; readonly key: Ast; readonly map: Ast }
    | { readonly kind: 'verdict'; readonly verdict: string; readonly chain: NameAst | undefined }
    | { readonly kind: 'any' }
    /** `tcp flags syn / fin,syn,rst,ack` */
    | { readonly kind: 'masked'; readonly value: Ast; readonly mask: Ast }
  );

export type NameAst = At & { readonly text: string };

export type ElementAst = At & {
  readonly key: Ast;
  readonly data: Ast | undefined;
  readonly timeout: number | undefined;
  readonly expires: number | undefined;
  readonly comment: string | undefined;
  readonly statements: readonly StatementAst[];
};

export type LimitAst = {
  readonly rate: number;
  readonly unit: LimitUnit;
  readonly burst: number | undefined;
  readonly over: boolean;
  readonly bytes: boolean;
};

export type StatementAst = At &
  (
    | {
        readonly kind: 'match';
        readonly left: Ast;
        readonly op: CompareOperator | 'implicit' | 'neg';
        readonly right: Ast;
        /** Where the operator stands. */
        readonly opAt?: Location;
      }
    | { readonly kind: 'vmap'; readonly left: Ast; readonly map: Ast }
    | { readonly kind: 'verdict'; readonly verdict: Ast }
    | { readonly kind: 'counter'; readonly packets: number; readonly bytes: number }
    | { readonly kind: 'object'; readonly type: NamedObject['type']; readonly name: Ast }
    | { readonly kind: 'quota'; readonly limit: number; readonly over: boolean; readonly used: number }
    | { readonly kind: 'limit'; readonly limit: LimitAst }
    | { readonly kind: 'log'; readonly options: LogOptions }
    | { readonly kind: 'reject'; readonly with: RejectWith | undefined; readonly code: Ast | undefined }
    | { readonly kind: 'notrack' }
    | {
        readonly kind: 'nat';
        readonly nat: NatKind;
        readonly family: 4 | 6 | undefined;
        readonly address: Ast | undefined;
        readonly port: Ast | undefined;
        readonly flags: NatFlags;
      }
    | { readonly kind: 'set-meta'; readonly key: MetaKey; readonly value: Ast }
    | { readonly kind: 'set-ct'; readonly key: CtKey; readonly value: Ast }
    | {
        readonly kind: 'set-payload';
        readonly protocol: PayloadProtocol;
        readonly field: string;
        readonly value: Ast;
      }
    | {
        readonly kind: 'dynset';
        readonly op: 'add' | 'update' | 'delete';
        readonly set: NameAst;
        readonly element: ElementAst;
        readonly data: Ast | undefined;
      }
  );

export type RuleAst = At & { readonly statements: readonly StatementAst[]; readonly comment: string | undefined };

export type ChainAst = {
  readonly base: BaseChainAst | undefined;
  readonly policy: (At & { readonly text: 'accept' | 'drop' }) | undefined;
  readonly comment: string | undefined;
  readonly rules: readonly RuleAst[];
  readonly at: Location;
};

export type BaseChainAst = {
  readonly type: NameAst;
  readonly hook: NameAst;
  readonly devices: readonly string[] | undefined;
  readonly priority: At & { readonly name: string | undefined; readonly offset: number };
};

export type SetAst = {
  readonly isMap: boolean;
  readonly types: readonly NameAst[] | undefined;
  /** `typeof` in place of `type`. */
  readonly typeOf: Ast | undefined;
  readonly data:
    | { readonly kind: 'types'; readonly types: readonly NameAst[]; readonly typeOf?: Ast }
    | { readonly kind: 'object'; readonly type: NamedObject['type'] }
    | undefined;
  readonly flags: readonly SetFlag[];
  readonly timeout: number | undefined;
  readonly gcInterval: number | undefined;
  readonly size: number | undefined;
  readonly policy: 'performance' | 'memory' | undefined;
  readonly autoMerge: boolean;
  readonly comment: string | undefined;
  readonly elements: readonly ElementAst[] | undefined;
  readonly statements: readonly StatementAst[];
  readonly at: Location;
};

export type ObjectAst =
  | { readonly type: 'counter'; readonly packets: number; readonly bytes: number; readonly comment: string | undefined }
  | {
      readonly type: 'quota';
      readonly limit: number;
      readonly over: boolean;
      readonly used: number;
      readonly comment: string | undefined;
    }
  | { readonly type: 'limit'; readonly limit: LimitAst; readonly comment: string | undefined };

export type TableAst = {
  readonly comment: string | undefined;
  readonly dormant: boolean;
  readonly items: readonly CommandAst[];
};

export type TableName = { readonly family: NftFamily; readonly table: NameAst };

/** A rule's place: after (position) or before (insert) a handle or an index. */
export type PositionAst = At & { readonly by: 'handle' | 'index'; readonly number: number };

type Verb = 'add' | 'create' | 'delete';
export type ListWhat =
  | 'ruleset'
  | 'tables'
  | 'table'
  | 'chains'
  | 'chain'
  | 'sets'
  | 'set'
  | 'maps'
  | 'map'
  | 'meters'
  | 'meter'
  | 'flowtables'
  | 'counters'
  | 'counter'
  | 'quotas'
  | 'quota'
  | 'limits'
  | 'limit'
  | 'rules'
  | 'hooks';

export type CommandAst = At &
  (
    | { readonly kind: 'table'; readonly verb: Verb; readonly name: TableName; readonly body: TableAst | undefined }
    | { readonly kind: 'delete-table-handle'; readonly family: NftFamily; readonly handle: number }
    | {
        readonly kind: 'chain';
        readonly verb: Verb;
        readonly name: TableName;
        readonly chain: NameAst;
        readonly body: ChainAst | undefined;
        /** By its handle, when deleted. */
        readonly handle?: number;
      }
    | { readonly kind: 'rename'; readonly name: TableName; readonly chain: NameAst; readonly to: NameAst }
    | {
        readonly kind: 'rule';
        readonly verb: 'add' | 'insert' | 'create';
        readonly name: TableName;
        readonly chain: NameAst;
        readonly position: PositionAst | undefined;
        readonly rule: RuleAst;
      }
    | {
        readonly kind: 'replace-rule';
        readonly name: TableName;
        readonly chain: NameAst;
        readonly handle: At & { readonly number: number };
        readonly rule: RuleAst;
      }
    | {
        readonly kind: 'delete-rule';
        readonly name: TableName;
        readonly chain: NameAst;
        readonly handle: At & { readonly number: number };
      }
    | {
        readonly kind: 'set';
        readonly verb: Verb;
        readonly name: TableName;
        readonly set: NameAst;
        readonly isMap: boolean;
        readonly body: SetAst | undefined;
      }
    | {
        readonly kind: 'element';
        readonly verb: Verb | 'get' | 'reset';
        readonly name: TableName;
        readonly set: NameAst;
        readonly elements: Ast;
      }
    | {
        readonly kind: 'object';
        readonly verb: Verb;
        readonly name: TableName;
        readonly type: NamedObject['type'];
        readonly object: NameAst;
        readonly body: ObjectAst | undefined;
      }
    | {
        readonly kind: 'flush';
        readonly what: 'ruleset' | 'table' | 'chain' | 'set' | 'map';
        readonly family: NftFamily | undefined;
        readonly name: TableName | undefined;
        readonly of: NameAst | undefined;
      }
    | {
        readonly kind: 'list' | 'reset';
        readonly what: ListWhat;
        readonly family: NftFamily | undefined;
        readonly name: TableName | undefined;
        readonly of: NameAst | undefined;
      }
    | { readonly kind: 'monitor'; readonly what: string | undefined; readonly of: string | undefined }
    | { readonly kind: 'describe'; readonly of: Ast }
  );
