import { done, type Errno, type Result } from '../../base/index.ts';
import { hookChain } from './hooking.ts';
import { hold } from './references.ts';
import type { Nftables } from './registry.ts';
import type { BaseChainSpec, NamedObject, NftChain, NftFamily, NftRule, NftTable, RuleSpec } from './rule.ts';
import { NftSet, type SetElement, type SetSpec } from './set.ts';
import { compileRule } from './steps.ts';
import { validate } from './validate.ts';

/** What a refusal is about (the attribute of the netlink message that was at fault). */
export type Subject = 'table' | 'chain' | 'set' | 'object' | 'handle' | 'position' | 'element' | 'expression' | 'name';
export type NftError = { readonly errno: Errno; readonly subject?: Subject };

/** The process whose transaction it was. */
export type Committer = { readonly pid: number; readonly name: string };

/** What a transaction changed, as it is told when it is through. */
export type NftEvent =
  | { readonly type: 'table'; readonly op: 'add' | 'delete'; readonly table: NftTable }
  | { readonly type: 'chain'; readonly op: 'add' | 'delete'; readonly chain: NftChain }
  | {
      readonly type: 'rule';
      readonly op: 'add' | 'insert' | 'replace' | 'delete';
      readonly chain: NftChain;
      readonly rule: NftRule;
    }
  | { readonly type: 'set'; readonly op: 'add' | 'delete'; readonly set: NftSet }
  | { readonly type: 'element'; readonly op: 'add' | 'delete'; readonly set: NftSet; readonly element: SetElement }
  | { readonly type: 'object'; readonly op: 'add' | 'delete'; readonly table: NftTable; readonly object: NamedObject }
  | { readonly type: 'generation'; readonly generation: number; readonly by: Committer };

type Undo = () => void;
export type NftResult<T = void> = Result<T, NftError>;

const refuse = (errno: Errno, subject?: Subject): { ok: false; error: NftError } => ({
  ok: false,
  error: { errno, ...(subject !== undefined && { subject }) },
});

export type NewObject = NamedObject extends infer O
  ? O extends unknown
    ? Omit<O, 'handle' | 'references'>
    : never
  : never;

/** Where a new rule goes: at the end, at the beginning, behind or before another. */
export type RulePlace = 'end' | 'start' | { readonly after: number } | { readonly before: number };

/**
 * Changes that hold together (nf_tables_commit, nf_tables_abort): each is seen at once by the next one; `commit` keeps them
 * if all of the rules may stand where they are, `rollback` takes everything back.
 */
export class NftTransaction {
  readonly #nft: Nftables;
  readonly #undo: Undo[] = [];
  readonly #events: NftEvent[] = [];
  readonly #toValidate = new Set<NftTable>();

  constructor(nft: Nftables) {
    this.#nft = nft;
  }

  addTable(family: NftFamily, name: string, more: { comment?: string; dormant?: boolean }, fresh: boolean): NftResult {
    const known = this.#nft.get(family, name);
    if (known !== undefined) return fresh ? refuse('EEXIST', 'table') : this.#setDormant(known, more.dormant);
    const table: NftTable = {
      family,
      name,
      handle: ++this.#nft.lastTableHandle,
      comment: more.comment,
      dormant: more.dormant ?? false,
      chains: new Map(),
      sets: new Map(),
      objects: new Map(),
      lastHandle: 0,
    };
    this.#put(this.#nft.tables, `${family} ${name}`, table, { type: 'table', op: 'add', table });
    return done;
  }

  /** With everything in it. */
  deleteTable(table: NftTable): void {
    for (const chain of table.chains.values()) this.flushChain(chain);
    for (const set of [...table.sets.values()]) this.#dropSet(set);
    for (const object of [...table.objects.values()]) this.deleteObject(table, object);
    for (const chain of [...table.chains.values()]) this.#dropChain(chain);
    this.#remove(this.#nft.tables, `${table.family} ${table.name}`, { type: 'table', op: 'delete', table });
  }

  addChain(
    table: NftTable,
    name: string,
    base: BaseChainSpec | undefined,
    comment: string | undefined,
    fresh: boolean,
  ): NftResult {
    const known = table.chains.get(name);
    if (known !== undefined) return fresh ? refuse('EEXIST', 'chain') : this.#updateChain(known, base);
    const chain: NftChain = {
      name,
      handle: ++table.lastHandle,
      table,
      base: base === undefined ? undefined : { ...base },
      comment,
      rules: [],
      references: 0,
      unregister: undefined,
    };
    this.#put(table.chains, name, chain, { type: 'chain', op: 'add', chain });
    this.#hook(chain);
    return done;
  }

  /** Its rules go with it; not while others lead to it. */
  deleteChain(chain: NftChain): NftResult {
    if (chain.references > 0) return refuse('EBUSY', 'chain');
    this.#dropChain(chain);
    return done;
  }

  flushChain(chain: NftChain): void {
    for (const rule of [...chain.rules]) this.deleteRule(chain, rule);
  }

  renameChain(chain: NftChain, name: string): NftResult {
    const { table, name: old } = chain;
    if (table.chains.has(name)) return refuse('EEXIST', 'name');
    const before = [...table.chains];
    const rename = (to: string): void => {
      chain.name = to;
    };
    rename(name);
    restore(
      table.chains,
      before.map(([key, one]) => [one === chain ? name : key, one]),
    );
    this.#events.push({ type: 'chain', op: 'add', chain });
    this.#undo.push(() => {
      rename(old);
      restore(table.chains, before);
    });
    return done;
  }

  addRule(chain: NftChain, spec: RuleSpec, place: RulePlace): NftResult<NftRule> {
    const at = placeOf(chain, place);
    if (at === undefined) return refuse('ENOENT', 'position');
    const rule = this.#newRule(chain, spec);
    this.#splice(chain, at, 0, rule);
    this.#events.push({
      type: 'rule',
      op: place === 'end' || (typeof place === 'object' && 'after' in place) ? 'add' : 'insert',
      chain,
      rule,
    });
    return { ok: true, value: rule };
  }

  replaceRule(chain: NftChain, handle: number, spec: RuleSpec): NftResult {
    const at = chain.rules.findIndex((rule) => rule.handle === handle);
    if (at < 0) return refuse('ENOENT', 'handle');
    const rule = this.#newRule(chain, spec);
    this.#splice(chain, at, 1, rule);
    this.#events.push({ type: 'rule', op: 'replace', chain, rule });
    return done;
  }

  deleteRule(chain: NftChain, rule: NftRule): void {
    this.#splice(chain, chain.rules.indexOf(rule), 1);
    this.#events.push({ type: 'rule', op: 'delete', chain, rule });
  }

  /** Whether this transaction makes the set. */
  makes(set: NftSet): boolean {
    return this.#events.some((event) => event.type === 'set' && event.op === 'add' && event.set === set);
  }

  addSet(table: NftTable, spec: SetSpec, fresh: boolean): NftResult<NftSet> {
    const known = table.sets.get(spec.name);
    if (known !== undefined)
      return fresh
        ? refuse('EEXIST', 'set')
        : isAlike(known.spec, spec)
          ? { ok: true, value: known }
          : refuse('EEXIST', 'set');
    const set = new NftSet(table, ++table.lastHandle, spec);
    if (spec.anonymous) return { ok: true, value: set };
    this.#put(table.sets, spec.name, set, { type: 'set', op: 'add', set });
    return { ok: true, value: set };
  }

  deleteSet(set: NftSet): NftResult {
    if (set.references > 0) return refuse('EBUSY', 'set');
    this.#dropSet(set);
    return done;
  }

  #dropSet(set: NftSet): void {
    for (const element of set.elements(this.#now)) this.#holdElement(element, -1);
    this.#undo.push(() => {
      for (const element of set.elements(this.#now)) hold(element, 1);
    });
    this.#remove(set.table.sets, set.name, { type: 'set', op: 'delete', set });
  }

  /** `fresh`: it must not be there yet (create). */
  addElement(set: NftSet, element: SetElement, fresh: boolean): NftResult {
    const known = set.get(element.key, this.#now);
    if (known !== undefined) {
      const same = dataText(known) === dataText(element);
      return fresh || !same ? refuse('EEXIST', 'element') : done;
    }
    if (set.spec.size !== undefined && set.size >= set.spec.size) return refuse('ENFILE', 'set');
    set.add(element);
    this.#holdElement(element, 1);
    this.#undo.push(() => {
      set.remove(element);
      hold(element, -1);
    });
    if (!set.spec.anonymous) this.#events.push({ type: 'element', op: 'add', set, element });
    this.#toValidate.add(set.table);
    return done;
  }

  deleteElement(set: NftSet, key: SetElement['key']): NftResult {
    const known = set.get(key, this.#now);
    if (known === undefined) return refuse('ENOENT', 'element');
    set.remove(known);
    this.#holdElement(known, -1);
    this.#undo.push(() => {
      set.add(known);
      hold(known, 1);
    });
    this.#events.push({ type: 'element', op: 'delete', set, element: known });
    return done;
  }

  addObject(table: NftTable, object: NewObject, fresh: boolean): NftResult {
    const key = objectKey(object.type, object.name);
    if (table.objects.has(key)) return fresh ? refuse('EEXIST', 'object') : done;
    const made = { ...object, handle: ++table.lastHandle, references: 0 } as NamedObject;
    this.#put(table.objects, key, made, { type: 'object', op: 'add', table, object: made });
    return done;
  }

  deleteObject(table: NftTable, object: NamedObject): NftResult {
    if (object.references > 0) return refuse('EBUSY', 'object');
    this.#remove(table.objects, objectKey(object.type, object.name), { type: 'object', op: 'delete', table, object });
    return done;
  }

  rollback(): void {
    for (const step of this.#undo.splice(0).reverse()) step();
  }

  /** Keeps the changes and tells of them; an errno: rules would not be where they may, and all is taken back. */
  commit(by: Committer = { pid: 0, name: '' }): NftResult {
    for (const table of this.#toValidate) {
      const errno = this.#nft.get(table.family, table.name) === table ? validate(table) : undefined;
      if (errno === undefined) continue;
      this.rollback();
      return refuse(errno);
    }
    if (this.#events.length === 0) return done;
    for (const event of this.#events) this.#nft.publish(event);
    this.#nft.generation++;
    this.#nft.publish({ type: 'generation', generation: this.#nft.generation, by });
    return done;
  }

  get #now(): number {
    return this.#nft.ns.kernel.events.now;
  }

  #put<T>(map: Map<string, T>, key: string, value: T, event: NftEvent): void {
    map.set(key, value);
    this.#undo.push(() => map.delete(key));
    this.#events.push(event);
  }

  #remove<T>(map: Map<string, T>, key: string, event: NftEvent): void {
    const before = [...map];
    map.delete(key);
    this.#undo.push(() => restore(map, before));
    this.#events.push(event);
  }

  #setDormant(table: NftTable, dormant = false): NftResult {
    if (table.dormant === dormant) return done;
    const set = (to: boolean): void => {
      table.dormant = to;
      for (const chain of table.chains.values()) {
        chain.unregister?.();
        chain.unregister = to ? undefined : hookChain(this.#nft.ns, chain);
      }
    };
    set(dormant);
    this.#undo.push(() => set(!dormant));
    return done;
  }

  #updateChain(chain: NftChain, base: BaseChainSpec | undefined): NftResult {
    const old = chain.base;
    if (base === undefined) return done;
    if (old === undefined || old.type !== base.type || old.hook !== base.hook || old.priority !== base.priority)
      return refuse('EEXIST', 'chain');
    const before = old.policy;
    old.policy = base.policy;
    this.#events.push({ type: 'chain', op: 'add', chain });
    this.#undo.push(() => {
      old.policy = before;
    });
    return done;
  }

  #hook(chain: NftChain): void {
    if (chain.base === undefined || chain.table.dormant) return;
    chain.unregister = hookChain(this.#nft.ns, chain);
    this.#undo.push(() => {
      chain.unregister?.();
      chain.unregister = undefined;
    });
  }

  #dropChain(chain: NftChain): void {
    this.flushChain(chain);
    if (chain.unregister !== undefined) {
      chain.unregister();
      chain.unregister = undefined;
      this.#undo.push(() => {
        chain.unregister = hookChain(this.#nft.ns, chain);
      });
    }
    this.#remove(chain.table.chains, chain.name, { type: 'chain', op: 'delete', chain });
  }

  #newRule(chain: NftChain, spec: RuleSpec): NftRule {
    return { ...spec, handle: ++chain.table.lastHandle, run: compileRule(spec.statements) };
  }

  #splice(chain: NftChain, at: number, remove: number, ...add: NftRule[]): void {
    const removed = chain.rules.splice(at, remove, ...add);
    const count = (rules: readonly NftRule[], change: 1 | -1): void => {
      for (const rule of rules) hold(rule, change, this.#nft.ns);
    };
    count(add, 1);
    count(removed, -1);
    if (add.length > 0) this.#toValidate.add(chain.table);
    this.#undo.push(() => {
      chain.rules.splice(at, add.length, ...removed);
      count(removed, 1);
      count(add, -1);
    });
  }

  #holdElement(element: SetElement, change: 1 | -1): void {
    hold(element, change);
  }
}

export const objectKey = (type: NamedObject['type'], name: string): string => `${type} ${name}`;

function placeOf({ rules }: NftChain, place: RulePlace): number | undefined {
  if (place === 'end') return rules.length;
  if (place === 'start') return 0;
  const handle = 'after' in place ? place.after : place.before;
  const at = rules.findIndex((rule) => rule.handle === handle);
  if (at < 0) return undefined;
  return 'after' in place ? at + 1 : at;
}

function restore<T>(map: Map<string, T>, entries: readonly (readonly [string, T])[]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

const isAlike = (a: SetSpec, b: SetSpec): boolean =>
  a.keyTypes.join() === b.keyTypes.join() &&
  JSON.stringify(a.data) === JSON.stringify(b.data) &&
  [...a.flags].sort().join() === [...b.flags].sort().join();

function dataText({ data }: SetElement): string {
  if (data === undefined) return '';
  if (data.kind === 'verdict')
    return 'chain' in data.verdict ? `${data.verdict.kind} ${data.verdict.chain.name}` : data.verdict.kind;
  if (data.kind === 'object') return data.object.name;
  return data.kind === 'value' ? String(data.value) : data.fields.map(({ from, to }) => `${from}-${to}`).join();
}

/** Sets counters and quotas to 0, not as part of a transaction (`nft reset`). */
export function resetObject(object: NamedObject): void {
  if (object.type === 'counter') Object.assign(object.state, { packets: 0, bytes: 0 });
  else if (object.type === 'quota') object.state.used = 0;
}
