import type { Micros } from '../../base/index.ts';
import { ElementIndex } from './element-index.ts';
import type { Scalar, Value } from './expression.ts';
import type { Comment, NamedObject, NftTable, Statement, Verdict } from './rule.ts';

/** One field of a key: a value, or all values between two. */
export type KeyField = { readonly from: Scalar; readonly to: Scalar };

export type ElementData =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'interval'; readonly fields: readonly KeyField[] }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'object'; readonly object: NamedObject };

export type SetElement = Comment & {
  /** One field, or one for each part of a concatenation; 'any' is the catch-all element `*`. */
  readonly key: readonly KeyField[] | 'any';
  readonly data: ElementData | undefined;
  /** Its own time to live, where it differs from the set's. */
  readonly timeout: Micros | undefined;
  expires: Micros | undefined;
  readonly each: readonly Statement[];
};

export type SetFlag = 'constant' | 'interval' | 'timeout' | 'dynamic';

export type SetSpec = Comment & {
  readonly name: string;
  readonly anonymous: boolean;
  /** Names of datatypes, one for each part of a key. */
  readonly keyTypes: readonly string[];
  /** The expression that `typeof` named, as text; its type is among `keyTypes`. */
  readonly typeOf?: string;
  readonly dataTypeOf?: string;
  /** Of maps: datatypes of what they give, or the kind of object. */
  readonly data?:
    | { readonly kind: 'verdict' }
    | { readonly kind: 'value'; readonly types: readonly string[] }
    | { readonly kind: 'object'; readonly type: NamedObject['type'] };
  readonly flags: ReadonlySet<SetFlag>;
  readonly timeout?: Micros;
  readonly gcInterval?: Micros;
  readonly size?: number;
  readonly policy?: 'performance' | 'memory';
  readonly autoMerge?: boolean;
  /** What each element gets: `set s { type ipv4_addr; counter; }`. */
  readonly each: readonly Statement[];
};

const BITMAP_BITS = 16;
/** What packets may fill has a bound. */
const DYNAMIC_SIZE = 65_535;

/** A set or a map (struct nft_set): found by hash, by interval or by the prefixes that occur, never by a scan. */
export class NftSet {
  readonly table: NftTable;
  readonly handle: number;
  #spec: SetSpec;
  /** How many rules refer to it. */
  references = 0;
  readonly #index: ElementIndex;

  constructor(table: NftTable, handle: number, spec: SetSpec) {
    this.table = table;
    this.handle = handle;
    this.#spec = spec;
    this.#index = new ElementIndex();
  }

  get spec(): SetSpec {
    return this.#spec;
  }

  get name(): string {
    return this.spec.name;
  }

  /** Says before the set is made that packets will fill it, as nft does where a rule of the same batch does. */
  expectUpdates(): void {
    this.#spec = { ...this.#spec, flags: new Set([...this.#spec.flags, 'dynamic' as const]) };
  }

  /**
   * Why rules may not fill the set (nft_dynset_init()): only the resizable hash can be filled by packets, and it is
   * chosen for what lives for a time, is said to be dynamic, or is neither bounded nor short enough for a bitmap.
   */
  admitUpdates(keyBits: number, withStatements: boolean): 'EOPNOTSUPP' | 'EINVAL' | undefined {
    const { flags, size, data } = this.#spec;
    if (flags.has('interval')) return 'EOPNOTSUPP';
    const isResizable = flags.has('timeout') || flags.has('dynamic');
    if (!isResizable && (size !== undefined || (keyBits <= BITMAP_BITS && data === undefined))) return 'EOPNOTSUPP';
    if (withStatements && !flags.has('dynamic')) return 'EINVAL';
    if (size === undefined) this.#spec = { ...this.#spec, size: DYNAMIC_SIZE };
    return undefined;
  }

  get size(): number {
    return this.#index.size;
  }

  /** The element that a packet's key meets; the catch-all where there is no other. */
  lookup(key: Value, now: Micros): SetElement | undefined {
    const found = this.#index.lookup(key, now);
    return found ?? this.#index.catchAll(now);
  }

  /** The element of just this key. */
  get(key: SetElement['key'], now: Micros): SetElement | undefined {
    return this.#index.get(key, now);
  }

  /** An element that has some of the key's values, but is not the same. */
  overlapping(key: SetElement['key'], now: Micros): SetElement | undefined {
    return this.#index.overlapping(key, now);
  }

  add(element: SetElement): void {
    this.#index.add(element);
  }

  remove(element: SetElement): void {
    this.#index.remove(element);
  }

  /** Living elements, in the order in which they came. */
  elements(now: Micros): SetElement[] {
    return this.#index.all(now);
  }
}
