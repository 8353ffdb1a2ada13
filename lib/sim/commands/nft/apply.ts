import { type Errno, strerror } from '../../base/index.ts';
import {
  type BaseChainSpec,
  type NewObject,
  type Nftables,
  type NftChain,
  type NftError,
  type NftHook,
  type NftSet,
  type NftTable,
  type NftTransaction,
  newLimit,
  objectKey,
  type RulePlace,
  type RuleSpec,
  type SetElement,
  type SetFlag,
  type SetSpec,
  type Subject,
} from '../../kernel/nftables/index.ts';
import type { BaseChainAst, CommandAst, ElementAst, NameAst, ObjectAst, RuleAst, SetAst, TableName } from './ast.ts';
import { datatype, knownType, type Names, typesOf } from './datatypes.ts';
import { KernelRefusal, limitSpec, misplaced, RuleEvaluator } from './evaluate-rule.ts';
import { checkOverlaps } from './intervals.ts';
import { clearForeign, type ForeignTable, foreignTable, foreignTables } from './iptables-view.ts';
import { type Location, NftProblem, NotSimulated } from './location.ts';
import { missing, missingSet } from './missing.ts';
import { expressionText, type Style } from './print-expression.ts';
import { priorityOf } from './priorities.ts';

type Of<K extends CommandAst['kind']> = Extract<CommandAst, { kind: K }>;

const LACKING_FAMILIES = new Set(['arp', 'bridge', 'netdev']);

/** One refusal for each command that asks too much; a command in a table's braces is one of its own. */
export class Applier {
  readonly problems: NftProblem[] = [];
  /** What was done to iptables' tables, to be taken back. */
  readonly #undoForeign: (() => void)[] = [];

  constructor(
    private readonly nft: Nftables,
    private readonly transaction: NftTransaction,
    private readonly names: Names,
    private readonly style: Style,
  ) {}

  apply(command: CommandAst): void {
    try {
      this.#apply(command);
    } catch (error) {
      if (error instanceof KernelRefusal)
        this.problems.push(this.#kernelProblem(command, error.errno, error.at ?? command.at));
      else if (error instanceof NftProblem) this.problems.push(error);
      else throw error;
    }
  }

  rollback(): void {
    this.transaction.rollback();
    for (const undo of this.#undoForeign.splice(0).reverse()) undo();
  }

  /** What the kernel says at the end, of the whole batch. */
  refusal(command: CommandAst, { errno }: NftError): NftProblem {
    return this.#kernelProblem(command, errno, command.at);
  }

  #apply(command: CommandAst): void {
    switch (command.kind) {
      case 'table':
        return this.#table(command);
      case 'delete-table-handle':
        return this.#deleteTableByHandle(command);
      case 'chain':
        return this.#chain(command);
      case 'rename':
        return this.#rename(command);
      case 'rule':
        return this.#addRule(command);
      case 'replace-rule':
        return this.#replaceRule(command);
      case 'delete-rule':
        return this.#deleteRule(command);
      case 'set':
        return this.#set(command);
      case 'element':
        return this.#elements(command);
      case 'object':
        return this.#object(command);
      case 'flush':
        return this.#flush(command);
      default:
        return undefined;
    }
  }

  #table(command: Of<'table'>): void {
    const { verb, name, body } = command;
    const known = this.nft.get(name.family, name.table.text);
    const foreign = known === undefined ? foreignTable(this.nft.ns, name.family, name.table.text) : undefined;
    if (foreign !== undefined) return this.#foreignTable(command, foreign);
    if (verb === 'delete') {
      if (known === undefined) {
        throw new KernelRefusal('ENOENT', name.table.at);
      }
      this.transaction.deleteTable(known);
      return;
    }
    const more = { ...(body?.comment !== undefined && { comment: body.comment }), dormant: body?.dormant ?? false };
    this.#settle(this.transaction.addTable(name.family, name.table.text, more, verb === 'create'), name.table.at);
    // In the order of what names what: elements lead to chains, rules name all the others.
    const items = body?.items ?? [];
    for (const item of items)
      if (item.kind === 'chain') this.apply({ ...item, body: item.body && { ...item.body, rules: [] } });
    for (const item of items) if (item.kind === 'object') this.apply(item);
    for (const item of items) if (item.kind === 'set') this.apply(item);
    for (const item of items) if (item.kind === 'chain') this.#rulesOf(item);
  }

  /** A table of iptables: it may be deleted, or named again; nothing is put in it here. */
  #foreignTable({ verb, name, body }: Of<'table'>, foreign: ForeignTable): void {
    if (verb === 'create') throw new KernelRefusal('EEXIST', name.table.at);
    if (verb === 'add' && (body?.items.length ?? 0) > 0) throw changingForeign(foreign);
    if (verb !== 'add') this.#undoForeign.push(clearForeign(this.nft.ns, foreign, true));
  }

  #deleteTableByHandle({ family, handle, at }: Of<'delete-table-handle'>): void {
    const table = this.nft.all().find((one) => one.family === family && one.handle === handle);
    if (table === undefined) throw new KernelRefusal('ENOENT', at);
    this.transaction.deleteTable(table);
  }

  #findTable({ family, table }: TableName): NftTable {
    const found = this.nft.get(family, table.text);
    if (found !== undefined) return found;
    this.#refuseForeign({ family, table });
    throw new KernelRefusal('ENOENT', table.at);
  }

  #refuseForeign({ family, table }: TableName): void {
    const foreign = foreignTable(this.nft.ns, family, table.text);
    if (foreign !== undefined) throw changingForeign(foreign);
  }

  /** Where nft itself looks first, its words are others. */
  #knownTable({ family, table }: TableName): NftTable {
    const found = this.nft.get(family, table.text);
    if (found !== undefined) return found;
    this.#refuseForeign({ family, table });
    throw missing(this.nft, 'table', table);
  }

  #findChain(name: TableName, chain: NameAst): NftChain {
    const found = this.#findTable(name).chains.get(chain.text);
    if (found === undefined) throw new KernelRefusal('ENOENT', chain.at);
    return found;
  }

  #chain(command: Of<'chain'>): void {
    const { verb, name, chain, body, handle } = command;
    if (verb === 'delete') {
      const table = this.#findTable(name);
      const found =
        handle === undefined
          ? table.chains.get(chain.text)
          : [...table.chains.values()].find((one) => one.handle === handle);
      if (found === undefined) {
        throw new KernelRefusal('ENOENT', chain.at);
      }
      this.#settle(this.transaction.deleteChain(found), chain.at);
      return;
    }
    const table = this.#knownTable(name);
    const base = body?.base === undefined ? undefined : this.#base(table, body.base, body.policy?.text);
    if (base?.type === 'nat' && base.hook === 'forward') throw new KernelRefusal('EOPNOTSUPP', command.at);
    if (body?.policy !== undefined && base === undefined) {
      const known = table.chains.get(chain.text)?.base;
      if (known === undefined) throw new KernelRefusal('EOPNOTSUPP', command.at);
      const again = { ...known, policy: body.policy.text };
      this.#settle(this.transaction.addChain(table, chain.text, again, body.comment, false), chain.at);
    } else this.#settle(this.transaction.addChain(table, chain.text, base, body?.comment, verb === 'create'), chain.at);
    this.#rulesOf(command);
  }

  #rulesOf({ name, chain, body }: Of<'chain'>): void {
    for (const rule of body?.rules ?? [])
      this.apply({ kind: 'rule', verb: 'add', name, chain, position: undefined, rule, at: rule.at });
  }

  #base(
    table: NftTable,
    { type, hook, priority, devices }: BaseChainAst,
    policy: 'accept' | 'drop' = 'accept',
  ): BaseChainSpec {
    if (LACKING_FAMILIES.has(table.family)) throw new NotSimulated(`base chains of family ${table.family}`);
    if (hook.text === 'ingress' || hook.text === 'egress') throw new NotSimulated(`hook ${hook.text}`);
    if (devices !== undefined) throw new NotSimulated('chains of devices');
    const { name, offset, at } = priority;
    const named = name === undefined ? 0 : priorityOf(name, table.family, hook.text as NftHook);
    if (named === undefined) throw new NftProblem('invalid priority expression value in this context.', at);
    return {
      type: type.text as BaseChainSpec['type'],
      hook: hook.text as NftHook,
      priority: named + offset,
      policy,
    };
  }

  #rename({ name, chain, to }: Of<'rename'>): void {
    const found = this.#findChain(name, chain);
    this.#settle(this.transaction.renameChain(found, to.text), to.at);
  }

  #evaluator(table: NftTable): RuleEvaluator {
    return new RuleEvaluator(table, this.names, ({ text, at }) => {
      const set = table.sets.get(text);
      if (set === undefined) throw missingSet(this.nft, text, at);
      return set;
    });
  }

  #addRule(command: Of<'rule'>): void {
    const { verb, name, chain: chainName, position, rule } = command;
    const table = this.nft.get(name.family, name.table.text);
    const chain = table?.chains.get(chainName.text);
    // What is wrong with the rule itself is told before the kernel is asked.
    if (table === undefined || chain === undefined) {
      if (table === undefined) this.#refuseForeign(name);
      if (table !== undefined) this.#check(table, rule);
      throw new KernelRefusal('ENOENT', table === undefined ? name.table.at : chainName.at);
    }
    const spec = this.#ruleSpec(table, rule);
    if (misplaced(spec.statements, chain)) {
      table.lastHandle++;
      throw new KernelRefusal('EOPNOTSUPP', command.at);
    }
    this.#admitUpdates(rule, spec);
    const place = placeOf(chain, verb, position);
    if (place === undefined) throw new KernelRefusal('ENOENT', position?.at ?? command.at);
    this.#settle(this.transaction.addRule(chain, spec, place), position?.at ?? command.at);
  }

  #admitUpdates(rule: RuleAst, { statements }: RuleSpec): void {
    const asked = rule.statements.filter(({ kind }) => kind === 'dynset');
    for (const [index, { set, each }] of statements.filter((one) => one.kind === 'dynset').entries()) {
      if (this.transaction.makes(set)) set.expectUpdates();
      const errno = set.admitUpdates(bitsOf(set.spec.keyTypes), each.length > 0);
      if (errno === undefined) continue;
      set.table.lastHandle++;
      throw new KernelRefusal(errno, asked[index]?.at ?? rule.at);
    }
  }

  /** A rule that the kernel refuses for what it leads to had its handle by then. */
  #ruleSpec(table: NftTable, rule: RuleAst): RuleSpec {
    try {
      return this.#evaluator(table).rule(rule);
    } catch (error) {
      if (error instanceof KernelRefusal) table.lastHandle++;
      throw error;
    }
  }

  #check(table: NftTable, rule: RuleAst): void {
    try {
      this.#evaluator(table).rule(rule);
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
    }
  }

  #replaceRule(command: Of<'replace-rule'>): void {
    const { name, chain: chainName, handle, rule } = command;
    const chain = this.#findChain(name, chainName);
    const spec = this.#evaluator(chain.table).rule(rule);
    if (misplaced(spec.statements, chain)) throw new KernelRefusal('EOPNOTSUPP', command.at);
    this.#settle(this.transaction.replaceRule(chain, handle.number, spec), handle.at);
  }

  #deleteRule({ name, chain: chainName, handle }: Of<'delete-rule'>): void {
    const chain = this.#findChain(name, chainName);
    const rule = chain.rules.find((one) => one.handle === handle.number);
    if (rule !== undefined) this.transaction.deleteRule(chain, rule);
    else throw new KernelRefusal('ENOENT', handle.at);
  }

  #set(command: Of<'set'>): void {
    const { verb, name, set, body } = command;
    if (verb === 'delete') {
      const found = this.#findTable(name).sets.get(set.text);
      if (found === undefined) {
        throw new KernelRefusal('ENOENT', set.at);
      }
      this.#settle(this.transaction.deleteSet(found), set.at);
      return;
    }
    const table = this.#knownTable(name);
    if (body === undefined) return;
    const evaluator = this.#evaluator(table);
    const spec = this.#setSpec(set.text, body, evaluator);
    const made = this.transaction.addSet(table, spec, verb === 'create');
    if (!made.ok) throw new KernelRefusal(made.error.errno, set.at);
    if (body.elements !== undefined) this.#addElements(made.value, body.elements, evaluator, false);
  }

  #setSpec(name: string, body: SetAst, evaluator: RuleEvaluator): SetSpec {
    const { typeOf, flags: given, timeout, gcInterval, policy, autoMerge, comment, statements } = body;
    const key = this.#types(body.types, typeOf, evaluator, body.at);
    const flags = new Set<SetFlag>(given);
    if (timeout !== undefined) flags.add('timeout');
    if (statements.length > 0) flags.add('dynamic');
    const data = this.#dataSpec(body, evaluator);
    return {
      name,
      anonymous: false,
      keyTypes: key.types,
      ...(key.text !== undefined && { typeOf: key.text }),
      ...data,
      flags,
      ...(timeout !== undefined && { timeout: timeout * 1000 }),
      ...(gcInterval !== undefined && { gcInterval: gcInterval * 1000 }),
      // The kernel bounds what packets may fill.
      ...sizeOf(body, flags),
      ...(policy !== undefined && { policy }),
      ...(autoMerge && { autoMerge }),
      each: evaluator.stateful(statements),
      comment,
    };
  }

  #dataSpec({ data }: SetAst, evaluator: RuleEvaluator): { data?: SetSpec['data']; dataTypeOf?: string } {
    if (data === undefined) return {};
    if (data.kind === 'object') return { data };
    const [first] = data.types;
    if (data.types.length === 1 && first?.text === 'verdict') return { data: { kind: 'verdict' } };
    const { types, text } = this.#types(data.types, data.typeOf, evaluator, first?.at);
    return { data: { kind: 'value', types }, ...(text !== undefined && { dataTypeOf: text }) };
  }

  #types(
    names: readonly NameAst[] | undefined,
    typeOf: SetAst['typeOf'],
    evaluator: RuleEvaluator,
    at: Location | undefined,
  ): { types: readonly string[]; text?: string } {
    if (typeOf !== undefined) {
      const expression = evaluator.typeOf(typeOf);
      return { types: typesOf(expression), text: expressionText(expression, this.style) };
    }
    if (names === undefined) throw new NftProblem('set definition does not specify key', at as Location);
    const unknown = names.find(({ text }) => datatype(text) === undefined);
    if (unknown !== undefined) {
      this.problems.push(new NftProblem(`unknown datatype ${unknown.text}`, unknown.at));
      throw new NftProblem('set definition does not specify key', at as Location);
    }
    return { types: names.map(({ text }) => text) };
  }

  #elements(command: Of<'element'>): void {
    const { verb, name, set: setName, elements } = command;
    if (verb === 'get' || verb === 'reset' || elements.kind !== 'set') return;
    const table = this.#knownTable(name);
    const set = table.sets.get(setName.text);
    if (set === undefined) throw missingSet(this.nft, setName.text, setName.at);
    const evaluator = this.#evaluator(table);
    if (verb === 'add' || verb === 'create') {
      this.#addElements(set, elements.elements, evaluator, verb === 'create');
      return;
    }
    for (const ast of elements.elements) {
      const { key } = this.#element(set, { ...ast, data: undefined }, evaluator, undefined);
      if (ast.data !== undefined && set.spec.data === undefined) throw new NftProblem('set is not a map', undefined);
      const gone = this.transaction.deleteElement(set, key);
      if (!gone.ok && set.spec.flags.has('interval')) throw new NftProblem('element does not exist', ast.at);
      if (!gone.ok) throw new KernelRefusal(gone.error.errno, ast.at);
    }
  }

  #addElements(set: NftSet, asts: readonly ElementAst[], evaluator: RuleEvaluator, fresh: boolean): void {
    const { spec } = set;
    const placed = asts.map((ast) => ({ element: this.#element(set, ast, evaluator, spec.data), at: ast.key.at }));
    const elements = spec.flags.has('interval')
      ? checkOverlaps(set, placed, this.nft.ns.kernel.events.now, this.transaction)
      : placed.map(({ element }) => element);
    for (const [i, element] of elements.entries()) {
      const added = this.transaction.addElement(set, element, fresh);
      if (!added.ok) throw new KernelRefusal(added.error.errno, placed[i]?.at ?? (placed[0]?.at as Location));
    }
  }

  #element(set: NftSet, ast: ElementAst, evaluator: RuleEvaluator, data: SetSpec['data']): SetElement {
    const { spec } = set;
    if (ast.key.kind === 'prefix' && !spec.flags.has('interval'))
      throw new NftProblem(
        "You must add 'flags interval' to your set declaration if you want to add prefix elements",
        ast.key.at,
      );
    if (ast.key.kind === 'range' && !spec.flags.has('interval'))
      throw new NftProblem(
        "You must add 'flags interval' to your set declaration if you want to add range elements",
        ast.key.at,
      );
    if (ast.data !== undefined && spec.data === undefined) throw new NftProblem('set is not a map', undefined);
    const element = evaluator.element(ast, spec.keyTypes, data, spec.each);
    const life = element.expires ?? element.timeout ?? spec.timeout;
    const now = this.nft.ns.kernel.events.now;
    return { ...element, expires: life === undefined ? undefined : now + life };
  }

  #object(command: Of<'object'>): void {
    const { verb, name, type, object, body } = command;
    if (verb === 'delete') {
      const table = this.#findTable(name);
      const found = table.objects.get(objectKey(type, object.text));
      if (found === undefined) {
        throw new KernelRefusal('ENOENT', object.at);
      }
      this.#settle(this.transaction.deleteObject(table, found), object.at);
      return;
    }
    const table = this.#findTable(name);
    this.#settle(this.transaction.addObject(table, newObject(object.text, type, body), verb === 'create'), object.at);
  }

  #flush({ what, family, name, of }: Of<'flush'>): void {
    if (what === 'ruleset') {
      for (const table of this.nft.all())
        if (family === undefined || table.family === family) this.transaction.deleteTable(table);
      for (const foreign of foreignTables(this.nft.ns))
        if (family === undefined || foreign.family === family)
          this.#undoForeign.push(clearForeign(this.nft.ns, foreign, true));
      return;
    }
    if (what === 'table' && name !== undefined && this.nft.get(name.family, name.table.text) === undefined) {
      const foreign = foreignTable(this.nft.ns, name.family, name.table.text);
      if (foreign !== undefined) {
        this.#undoForeign.push(clearForeign(this.nft.ns, foreign, false));
        return;
      }
    }
    const table = this.#findTable(name as TableName);
    if (what === 'table') {
      for (const chain of table.chains.values()) this.transaction.flushChain(chain);
      return;
    }
    const wanted = of as NameAst;
    if (what === 'chain') this.transaction.flushChain(this.#findChain(name as TableName, wanted));
    else {
      const set = table.sets.get(wanted.text);
      if (set === undefined) throw new KernelRefusal('ENOENT', wanted.at);
      for (const { key } of set.elements(this.nft.ns.kernel.events.now)) this.transaction.deleteElement(set, key);
    }
  }

  #settle(result: { readonly ok: boolean; readonly error?: NftError }, at: Location): void {
    if (!result.ok && result.error !== undefined) throw new KernelRefusal(result.error.errno, at);
  }

  #kernelProblem(command: CommandAst, errno: Errno, at: Location): NftProblem {
    const hint = errno === 'ENOENT' ? enoentHint(this.nft, command, at) : undefined;
    const { message } = hint ?? { message: `Could not process rule: ${strerror(errno)}` };
    return new NftProblem(message, hint?.at ?? at, hint?.beside, hint?.second, true);
  }
}

const bitsOf = (types: readonly string[]): number => types.reduce((sum, type) => sum + knownType(type).bits, 0);

const changingForeign = ({ family, name }: ForeignTable): NotSimulated =>
  new NotSimulated(`changing iptables' table ${family} ${name}`);

/** nft_cmd_enoent_*(): what may have been meant. */
function enoentHint(nft: Nftables, command: CommandAst, at: Location): NftProblem | undefined {
  if (!('name' in command) || command.name === undefined) return undefined;
  const kinds = {
    table: 'table',
    chain: 'chain',
    rename: 'chain',
    rule: 'rule',
    'replace-rule': 'rule',
    'delete-rule': 'rule',
    set: 'set',
  } as const;
  const kind = command.kind in kinds ? kinds[command.kind as keyof typeof kinds] : undefined;
  if (kind === undefined) return undefined;
  return hintFor(nft, kind, command as Extract<CommandAst, { name: TableName }>, at);
}

function hintFor(
  nft: Nftables,
  kind: 'table' | 'chain' | 'rule' | 'set',
  command: CommandAst & { readonly name?: TableName | undefined },
  at: Location,
): NftProblem | undefined {
  const { name } = command;
  if (name === undefined) return undefined;
  const wanted = 'chain' in command ? command.chain : 'set' in command ? command.set : name.table;
  const problem = missing(nft, kind === 'rule' ? 'chain' : kind, { text: wanted.text, at }, name);
  return problem.message.includes('did you mean') ? problem : undefined;
}

/** What may not change is bounded to what it begins with. */
function sizeOf({ size, elements }: SetAst, flags: ReadonlySet<SetFlag>): { size?: number } {
  if (size !== undefined) return { size };
  return flags.has('constant') && elements !== undefined ? { size: elements.length } : {};
}

/** The place before, behind, or at the end. */
function placeOf(
  chain: NftChain,
  verb: 'add' | 'insert' | 'create',
  position: Of<'rule'>['position'],
): RulePlace | undefined {
  if (position === undefined) return verb === 'insert' ? 'start' : 'end';
  const handle = position.by === 'handle' ? position.number : chain.rules[position.number]?.handle;
  if (handle === undefined) return undefined;
  return verb === 'insert' ? { before: handle } : { after: handle };
}

function newObject(name: string, type: NewObject['type'], body: ObjectAst | undefined): NewObject {
  const comment = body?.comment;
  if (type === 'counter')
    return {
      name,
      type,
      comment,
      state: body?.type === 'counter' ? { packets: body.packets, bytes: body.bytes } : { packets: 0, bytes: 0 },
    };
  if (type === 'quota')
    return {
      name,
      type,
      comment,
      state:
        body?.type === 'quota'
          ? { limit: body.limit, over: body.over, used: body.used }
          : { limit: 0, over: false, used: 0 },
    };
  const limit =
    body?.type === 'limit'
      ? limitSpec(body.limit)
      : { rate: 0, unit: 'second' as const, burst: 5, over: false, bytes: false };
  return { name, type, comment, state: newLimit(limit) };
}

export type { Subject };
