import type { Errno } from '../../base/index.ts';
import {
  type CompareOperator,
  type ElementData,
  type Expression,
  freshState,
  HEADERS,
  mayStand,
  type NamedObject,
  type NatTarget,
  type NftChain,
  NftSet,
  type NftTable,
  newLimit,
  type Operand,
  objectKey,
  ownStatements,
  type RejectWith,
  type Scalar,
  type SetElement,
  type SetFlag,
  type SetSpec,
  type Statement,
  type Verdict,
} from '../../kernel/nftables/index.ts';
import type { Ast, ElementAst, LimitAst, NameAst, RuleAst, StatementAst } from './ast.ts';
import { dataType, ICMP_CODES, ICMPV6_CODES, ICMPX_CODES, knownType, type Names, typesOf } from './datatypes.ts';
import { ValueReader } from './evaluate-values.ts';
import { mergeIntervals } from './intervals.ts';
import { type Location, NftProblem, NotSimulated } from './location.ts';
import { dependencyOn, ProtocolContext } from './protocol-context.ts';

/** The kernel would refuse it, for what stands at this place. */
export class KernelRefusal extends NftProblem {
  constructor(
    readonly errno: Errno,
    at: Location,
  ) {
    super('', at);
  }
}

type Of<K extends StatementAst['kind']> = Extract<StatementAst, { kind: K }>;

const TERMINAL: ReadonlySet<string> = new Set(['verdict', 'reject', 'nat']);

/** Says what a rule means in a table: types, dependencies between headers, sets (evaluate.c). */
export class RuleEvaluator {
  readonly #values: ValueReader;
  #context: ProtocolContext;
  /** Where a rule spoke of a header last. */
  readonly #places = new Map<string, Location>();
  #out: Statement[] = [];

  constructor(
    private readonly table: NftTable,
    names: Names,
    /** A set of the table that a rule names, or why there is none. */
    private readonly findSet: (name: NameAst) => NftSet,
  ) {
    this.#values = new ValueReader(names);
    this.#context = new ProtocolContext(table.family);
  }

  rule({ statements, comment }: RuleAst): { statements: Statement[]; comment: string | undefined } {
    this.#context = new ProtocolContext(this.table.family);
    this.#out = [];
    let terminal: StatementAst | undefined;
    for (const statement of statements) {
      if (terminal !== undefined)
        throw new NftProblem('Statement after terminal statement has no effect', statement.at, terminal.at);
      for (const part of this.#statement(statement)) this.#push(part);
      const isContinue =
        statement.kind === 'verdict' &&
        statement.verdict.kind === 'verdict' &&
        statement.verdict.verdict === 'continue';
      if (TERMINAL.has(statement.kind) && !isContinue) terminal = statement;
    }
    return { statements: this.#out, comment };
  }

  /** Statements that stand by themselves: those of a set's elements. */
  stateful(statements: readonly StatementAst[]): Statement[] {
    return statements.flatMap((statement) => this.#statement(statement));
  }

  /** An expression that only names a type. */
  typeOf(ast: Ast): Expression {
    const saved = this.#out;
    this.#out = [];
    const expression = this.expression(ast);
    this.#out = saved;
    return expression;
  }

  #push(statement: Statement): void {
    const last = this.#out.at(-1);
    // Ports that are compared one behind the other become one comparison, in the order of the header.
    if (last !== undefined && isPort(last, 'dport') && isPort(statement, 'sport')) this.#out.splice(-1, 0, statement);
    else this.#out.push(statement);
    this.#context.learn(statement);
  }

  #statement(statement: StatementAst): Statement[] {
    switch (statement.kind) {
      case 'match':
        return [this.#match(statement)];
      case 'vmap':
        return [this.#vmap(statement)];
      case 'verdict':
        return [{ kind: 'verdict', verdict: this.verdict(statement.verdict, undefined) }];
      case 'counter':
        return [{ kind: 'counter', state: { packets: statement.packets, bytes: statement.bytes } }];
      case 'limit':
        return [{ kind: 'limit', state: newLimit(limitSpec(statement.limit)) }];
      case 'quota': {
        const { limit, over, used } = statement;
        return [{ kind: 'quota', state: { limit, over, used } }];
      }
      case 'object':
        return [this.#object(statement)];
      case 'log':
        return [{ kind: 'log', options: statement.options }];
      case 'reject':
        return [this.#reject(statement)];
      case 'notrack':
        return [{ kind: 'notrack' }];
      case 'nat':
        return [this.#nat(statement)];
      case 'set-meta':
        if (statement.key !== 'mark' && statement.key !== 'nftrace')
          throw new NotSimulated(`meta ${statement.key} set`);
        return [
          {
            kind: 'set-meta',
            key: statement.key,
            value: this.#assigned(statement.value, statement.key === 'mark' ? 'mark' : 'integer'),
          },
        ];
      case 'set-ct':
        if (statement.key !== 'mark') throw new NotSimulated(`ct ${statement.key} set`);
        return [{ kind: 'set-ct', key: statement.key, value: this.#assigned(statement.value, 'mark') }];
      case 'set-payload': {
        const { protocol, field, at } = statement;
        const left = this.expression({ kind: 'payload', protocol, field, at });
        const value = this.#assigned(statement.value, typesOf(left)[0] ?? 'integer');
        return [{ kind: 'set-payload', protocol, field, value }];
      }
      case 'dynset':
        return [this.#dynset(statement)];
    }
  }

  /** An expression of packets; what headers it needs is made sure of by statements before it. */
  expression(ast: Ast): Expression {
    switch (ast.kind) {
      case 'payload':
        return this.#payload(ast);
      case 'meta':
        return { kind: 'meta', key: ast.key };
      case 'ct':
        return this.#ct(ast);
      case 'fib':
        return { kind: 'fib', flags: ast.flags, result: ast.result };
      case 'numgen':
        return { kind: 'numgen', mode: ast.mode, modulus: ast.modulus, offset: ast.offset };
      case 'jhash':
        return { kind: 'jhash', of: this.expression(ast.of), modulus: ast.modulus, seed: ast.seed, offset: ast.offset };
      case 'symhash':
        return { kind: 'symhash', modulus: ast.modulus, offset: ast.offset };
      case 'binary':
        return this.#binary(ast);
      case 'concat':
        return { kind: 'concat', parts: ast.parts.map((part) => this.expression(part)) };
      case 'map':
        return this.#map(ast, undefined);
      case 'symbol': {
        const number = /^(0x[0-9a-f]+|\d+)$/i.test(ast.text) ? Number(ast.text) : undefined;
        if (number === undefined) throw new NftProblem('No symbol type information', ast.at);
        return { kind: 'constant', value: number };
      }
      default:
        throw new NftProblem('Unexpected expression', ast.at);
    }
  }

  #ct({ key, direction, family, at }: Extract<Ast, { kind: 'ct' }>): Expression {
    const isAddress = key === 'saddr' || key === 'daddr';
    const own = this.#networkFamily();
    if (isAddress && family === undefined && own === undefined)
      throw new NftProblem('cannot determine ip protocol version, use "ip saddr" or "ip6 saddr" instead', at);
    if (
      (key === 'proto-src' || key === 'proto-dst') &&
      this.#context.get('transport') === undefined &&
      direction !== undefined
    )
      return { kind: 'ct', key, direction };
    const addressFamily = isAddress ? (family ?? own) : undefined;
    return {
      kind: 'ct',
      key,
      ...(direction !== undefined && { direction }),
      ...(addressFamily !== undefined && { family: addressFamily }),
    };
  }

  #networkFamily(): 4 | 6 | undefined {
    const network = this.#context.get('network');
    return network === 'ip' ? 4 : network === 'ip6' ? 6 : undefined;
  }

  #payload({ protocol, field, at }: Extract<Ast, { kind: 'payload' }>): Expression {
    const { base } = HEADERS[protocol];
    if (protocol === 'th') {
      const known = this.#context.get('transport');
      return { kind: 'payload', protocol: known === 'tcp' || known === 'udp' ? known : 'th', field };
    }
    if (base === 'link') {
      this.#ensureEther();
      return { kind: 'payload', protocol, field };
    }
    const known = this.#context.get(base);
    if (known !== undefined && known !== protocol)
      throw new NftProblem(`conflicting protocols specified: ${known} vs. ${protocol}`, at);
    if (base === 'transport') this.#ensureNetwork(protocol);
    if (known === undefined) this.#depend(protocol);
    if (protocol === 'icmp' || protocol === 'icmpv6') this.#ensureEcho(protocol, field);
    this.#places.set(base, at);
    return { kind: 'payload', protocol, field };
  }

  #depend(protocol: Extract<Ast, { kind: 'payload' }>['protocol']): void {
    this.#push(dependencyOn(protocol, this.table.family));
  }

  /** ICMP is of one family. */
  #ensureNetwork(protocol: string): void {
    if (this.#context.get('network') !== undefined || this.#context.get('transport') !== undefined) return;
    if (protocol === 'icmp') this.#depend('ip');
    else if (protocol === 'icmpv6') this.#depend('ip6');
  }

  /** Identifiers and sequence numbers are those of echo messages. */
  #ensureEcho(protocol: 'icmp' | 'icmpv6', field: string): void {
    if (field !== 'id' && field !== 'sequence') return;
    const isOnType = (one: Statement): boolean =>
      (one.kind === 'match' || one.kind === 'lookup') &&
      one.left.kind === 'payload' &&
      one.left.protocol === protocol &&
      one.left.field === 'type';
    if (this.#out.some(isOnType)) return;
    const types = protocol === 'icmp' ? [0, 8] : [128, 129];
    const elements = types.map((type) => ({ from: type, to: type }));
    const type = `${protocol}_type`;
    const set = new NftSet(this.table, ++this.table.lastHandle, {
      name: '__set%d',
      anonymous: true,
      keyTypes: [type],
      flags: new Set<SetFlag>(['constant']),
      each: [],
      comment: undefined,
    });
    for (const field of elements)
      set.add({ key: [field], data: undefined, timeout: undefined, expires: undefined, comment: undefined, each: [] });
    this.#push({ kind: 'lookup', left: { kind: 'payload', protocol, field: 'type' }, set, invert: false });
  }

  #ensureEther(): void {
    if (this.#context.get('link') !== undefined) return;
    this.#push({ kind: 'match', left: { kind: 'meta', key: 'iiftype' }, op: 'eq', right: { kind: 'value', value: 1 } });
    this.#context.set('link', 'ether');
  }

  #binary(ast: Extract<Ast, { kind: 'binary' }>): Expression {
    const left = this.expression(ast.left);
    const type = ast.op === 'lshift' || ast.op === 'rshift' ? 'integer' : (typesOf(left)[0] ?? 'integer');
    const right = this.#values.scalar(ast.right, type);
    if (typeof right === 'string') throw new NftProblem('Binary operation is undefined here', ast.at);
    return { kind: 'bitwise', op: ast.op, left, right };
  }

  #match(statement: Of<'match'>): Statement {
    const left = this.expression(statement.left);
    const { right } = statement;
    const types = typesOf(left);
    const op: CompareOperator = statement.op === 'implicit' || statement.op === 'neg' ? 'eq' : statement.op;
    if (right.kind === 'reference') {
      const set = this.#named(right);
      this.#checkTypes(set, types, right.at, statement.left.at);
      return { kind: 'lookup', left, set, invert: op === 'ne' };
    }
    if (right.kind === 'set') return this.#inSet(left, right, op, types);
    if (right.kind === 'masked') return this.#masked(left, right, op);
    if (left.kind === 'concat') {
      const field = this.#key(right, types);
      return { kind: 'match', left, op, right: { kind: 'value', value: field.map(({ from }) => from) } };
    }
    const type = this.#typeFor(left, types, right);
    if (right.kind === 'range' && op !== 'eq' && op !== 'ne')
      throw new NftProblem(
        `Relational expression (${SIGN[op]}) is undefined for range expressions`,
        right.at,
        statement.opAt,
      );
    if (statement.op === 'neg') {
      const mask = Number(this.#values.scalar(right, type));
      return {
        kind: 'match',
        left: { kind: 'bitwise', op: 'and', left, right: mask },
        op: 'eq',
        right: { kind: 'value', value: 0 },
      };
    }
    const operand = this.#values.operand(right, type, statement.op === 'implicit');
    return simplify({
      kind: 'match',
      left: left.kind === 'fib' && type === 'boolean' ? { ...left, result: 'check' } : left,
      op,
      right: operand,
    });
  }

  /** `fib … exists` compares with what is there, not with a device. */
  #typeFor(left: Expression, types: readonly string[], right: Ast): string {
    const isBoolean = right.kind === 'symbol' && (right.text === 'exists' || right.text === 'missing');
    return left.kind === 'fib' && isBoolean ? 'boolean' : (types[0] ?? 'integer');
  }

  #masked(left: Expression, { value, mask }: Extract<Ast, { kind: 'masked' }>, op: CompareOperator): Statement {
    const type = typesOf(left)[0] ?? 'integer';
    const bits = Number(this.#values.scalar(mask, type));
    const wanted = this.#values.scalar(value, type);
    return {
      kind: 'match',
      left: { kind: 'bitwise', op: 'and', left, right: bits },
      op,
      right: { kind: 'value', value: wanted },
    };
  }

  #inSet(
    left: Expression,
    ast: Extract<Ast, { kind: 'set' }>,
    op: CompareOperator,
    types: readonly string[],
  ): Statement {
    const [only] = ast.elements;
    const isPlain =
      ast.elements.length === 1 && only !== undefined && only.statements.length === 0 && only.comment === undefined;
    if (isPlain && left.kind !== 'concat' && only.key.kind !== 'any' && only.key.kind !== 'wildcard') {
      const right = this.#values.operand(only.key, types[0] ?? 'integer', false);
      return simplify({ kind: 'match', left, op, right });
    }
    return { kind: 'lookup', left, set: this.anonymous(ast, types, undefined), invert: op === 'ne' };
  }

  #checkTypes(set: NftSet, types: readonly string[], at: Location, leftAt: Location): void {
    if (set.spec.keyTypes.length !== types.length || !set.spec.keyTypes.every((type, i) => compatible(type, types[i])))
      throw new NftProblem(
        `datatype mismatch, expected ${describe(types)}, expression has type ${describe(set.spec.keyTypes)}`,
        at,
        leftAt,
      );
  }

  #named({ name, at }: Extract<Ast, { kind: 'reference' }>): NftSet {
    return this.findSet({ text: name, at });
  }

  #vmap({ left: leftAst, map }: Of<'vmap'>): Statement {
    const left = this.expression(leftAst);
    const types = typesOf(left);
    if (map.kind === 'reference') {
      const set = this.#named(map);
      this.#checkTypes(set, types, map.at, leftAst.at);
      if (set.spec.data === undefined) throw new NftProblem('Expression is not a map', map.at);
      return { kind: 'vmap', left, set };
    }
    if (map.kind !== 'set') throw new NftProblem('Unexpected expression', map.at);
    return { kind: 'vmap', left, set: this.anonymous(map, types, { kind: 'verdict' }) };
  }

  #map({ key: keyAst, map }: Extract<Ast, { kind: 'map' }>, dataTypes: readonly string[] | undefined): Expression {
    const key = this.expression(keyAst);
    if (map.kind === 'reference') return { kind: 'map', key, map: this.#named(map) };
    if (map.kind !== 'set') throw new NftProblem('Unexpected expression', map.at);
    const types = dataTypes ?? ['integer'];
    return { kind: 'map', key, map: this.anonymous(map, typesOf(key), { kind: 'value', types }) };
  }

  /** A set that belongs to one rule. */
  anonymous(ast: Extract<Ast, { kind: 'set' }>, keyTypes: readonly string[], data: SetSpec['data']): NftSet {
    const flags = new Set<SetFlag>(['constant']);
    const elements = ast.elements.map((element) => ({
      element: this.element(element, keyTypes, data),
      at: element.key.at,
    }));
    const isInterval = elements.some(
      ({ element: { key } }) => key !== 'any' && key.some(({ from, to }) => from !== to),
    );
    if (isInterval) flags.add('interval');
    const isMap = data !== undefined;
    const spec: SetSpec = {
      name: isMap ? '__map%d' : '__set%d',
      anonymous: true,
      keyTypes,
      ...(data !== undefined && { data }),
      flags,
      each: [],
      comment: undefined,
    };
    const set = new NftSet(this.table, ++this.table.lastHandle, spec);
    for (const element of isInterval ? mergeIntervals(elements, isMap) : elements.map(({ element }) => element))
      set.add(element);
    return set;
  }

  element(
    ast: ElementAst,
    keyTypes: readonly string[],
    data: SetSpec['data'],
    each: readonly Statement[] = [],
  ): SetElement {
    return {
      key: ast.key.kind === 'any' ? 'any' : this.#key(ast.key, keyTypes),
      data: data === undefined ? undefined : this.#data(ast, data),
      timeout: ast.timeout === undefined ? undefined : ast.timeout * 1000,
      expires: ast.expires === undefined ? undefined : ast.expires * 1000,
      comment: ast.comment,
      each: ownStatements(this.stateful(ast.statements), each).map((statement) => freshState(statement)),
    };
  }

  #key(ast: Ast, types: readonly string[]): { from: Scalar; to: Scalar }[] {
    const parts = ast.kind === 'concat' ? ast.parts : [ast];
    if (parts.length !== types.length) {
      if (types.length > 1 && parts.length === 1)
        throw new NftProblem(`invalid data type, expected ${describe(types)}`, ast.at);
      throw new NftProblem('Unexpected concat components', ast.at);
    }
    return parts.map((part, i) => this.#values.field(part, types[i] as string));
  }

  #data(ast: ElementAst, data: NonNullable<SetSpec['data']>): ElementData {
    if (ast.data === undefined) throw new KernelRefusal('EINVAL', ast.at);
    if (data.kind === 'verdict') {
      if (ast.data.kind !== 'verdict') throw new NftProblem('Could not parse netfilter verdict', ast.data.at);
      return { kind: 'verdict', verdict: this.verdict(ast.data, ast.key.at) };
    }
    if (data.kind === 'object') {
      if (ast.data.kind !== 'symbol') throw new NftProblem('Unexpected expression', ast.data.at);
      return { kind: 'object', object: this.#findObject(data.type, { text: ast.data.text, at: ast.data.at }) };
    }
    const fields = this.#key(ast.data, data.types);
    if (fields.some(({ from, to }) => from !== to)) return { kind: 'interval', fields };
    const values = fields.map(({ from }) => from);
    return { kind: 'value', value: values.length === 1 ? (values[0] as Scalar) : values };
  }

  /** `at`: where a chain that is not there is told, when not at its name. */
  verdict(ast: Ast, at: Location | undefined): Verdict {
    if (ast.kind !== 'verdict') throw new NftProblem('Could not parse netfilter verdict', ast.at);
    const { verdict, chain } = ast;
    if (chain === undefined) return { kind: verdict as 'accept' };
    const found = this.table.chains.get(chain.text);
    if (found === undefined) throw new KernelRefusal('ENOENT', at ?? chain.at);
    if (found.base !== undefined) throw new KernelRefusal('EOPNOTSUPP', at ?? chain.at);
    return { kind: verdict as 'jump', chain: found };
  }

  #object({ type, name }: Of<'object'>): Statement {
    if (name.kind === 'symbol') return { kind: 'object', type, object: this.#findObject(type, name) };
    if (name.kind !== 'map') throw new NftProblem('Unexpected expression', name.at);
    const key = this.expression(name.key);
    if (name.map.kind === 'reference') return { kind: 'object-map', type, key, map: this.#named(name.map) };
    if (name.map.kind !== 'set') throw new NftProblem('Unexpected expression', name.at);
    return { kind: 'object-map', type, key, map: this.anonymous(name.map, typesOf(key), { kind: 'object', type }) };
  }

  #findObject(type: NamedObject['type'], { text, at }: NameAst): NamedObject {
    const object = this.table.objects.get(objectKey(type, text));
    if (object === undefined) throw new KernelRefusal('ENOENT', at);
    return object;
  }

  #reject(statement: Of<'reject'>): Statement {
    const kind = statement.with ?? this.#rejectKind();
    if (kind === 'tcp reset') {
      const known = this.#context.get('transport');
      if (known !== undefined && known !== 'tcp')
        throw new NftProblem(
          'you cannot use tcp reset with this protocol',
          keywordAt(statement.at, 'reject'),
          this.#places.get('transport'),
        );
      if (known === undefined) this.#depend('tcp');
      return { kind: 'reject', with: kind, code: 0 };
    }
    const own = this.#networkFamily();
    if ((kind === 'icmp' && own === 6) || (kind === 'icmpv6' && own === 4))
      throw new NftProblem(
        `conflicting protocols specified: ${own === 4 ? 'ip vs ip6' : 'ip6 vs ip'}`,
        statement.code?.at ?? statement.at,
        keywordAt(statement.at, 'reject'),
      );
    if (kind === 'icmpx' && statement.code !== undefined && (this.table.family === 'ip' || this.table.family === 'ip6'))
      throw new NftProblem(
        'abstracted ICMP unreachable not supported',
        statement.code.at,
        keywordAt(statement.at, 'reject'),
      );
    if (kind !== 'icmpx' && own === undefined) this.#depend(kind === 'icmp' ? 'ip' : 'ip6');
    return { kind: 'reject', with: kind, code: rejectCode(kind, statement.code) };
  }

  /** Without words: as the family has it, icmpx where both may come. */
  #rejectKind(): RejectWith {
    const own = this.#networkFamily();
    return own === 4 ? 'icmp' : own === 6 ? 'icmpv6' : 'icmpx';
  }

  #nat(statement: Of<'nat'>): Statement {
    const { nat, at, flags } = statement;
    const { family } = this.table;
    const keyword = keywordAt(at, nat);
    const own: 4 | 6 | undefined = family === 'ip' ? 4 : family === 'ip6' ? 6 : undefined;
    const of = statement.family ?? this.#networkFamily();
    if (statement.address !== undefined && of === undefined)
      throw new NftProblem('ip or ip6 must be specified with address for inet tables.', keyword);
    const addressType = of === 6 ? 'ipv6_addr' : 'ipv4_addr';
    const address = this.#natTarget(statement.address, addressType);
    if (statement.port !== undefined && !this.#hasTransport())
      throw new NftProblem(
        'transport protocol mapping is only valid after transport protocol match',
        statement.port.at,
        keyword,
      );
    const port = this.#natTarget(statement.port, 'inet_service');
    const isPair = address?.kind === 'expression' && typesOf(address.expression).length === 2;
    return {
      kind: 'nat',
      nat,
      family: isPair || (statement.address !== undefined && own === undefined) ? of : undefined,
      address: isPair ? undefined : address,
      port,
      ...(isPair && { addressPort: address.expression }),
      flags,
    };
  }

  #hasTransport(): boolean {
    return (
      this.#context.get('transport') !== undefined ||
      this.#out.some(
        (one) =>
          (one.kind === 'lookup' || one.kind === 'match') &&
          'left' in one &&
          one.left.kind === 'meta' &&
          one.left.key === 'l4proto',
      ) ||
      this.#out.some(
        (one) =>
          one.kind === 'lookup' &&
          one.left.kind === 'payload' &&
          (one.left.field === 'protocol' || one.left.field === 'nexthdr'),
      )
    );
  }

  #natTarget(ast: Ast | undefined, type: string): NatTarget | undefined {
    if (ast === undefined) return undefined;
    if (ast.kind === 'map') return { kind: 'expression', expression: this.#natMap(ast, type) };
    if (ast.kind === 'symbol' || ast.kind === 'range' || ast.kind === 'prefix') {
      const { from, to } = this.#values.field(ast, type);
      return { kind: 'range', from, to };
    }
    return { kind: 'expression', expression: this.expression(ast) };
  }

  /** A map of addresses, or of addresses with ports. */
  #natMap(ast: Extract<Ast, { kind: 'map' }>, type: string): Expression {
    const isPair =
      ast.map.kind === 'set' && ast.map.elements.some(({ data }) => data?.kind === 'concat' && data.parts.length === 2);
    return this.#map(ast, isPair ? [type, 'inet_service'] : [type]);
  }

  #assigned(ast: Ast, type: string): Expression {
    if (ast.kind === 'map') return this.#map(ast, [type]);
    if (ast.kind === 'symbol') return { kind: 'constant', value: this.#values.scalar(ast, type) };
    return this.expression(ast);
  }

  #dynset(statement: Of<'dynset'>): Statement {
    const { op, element } = statement;
    const key = this.expression(element.key);
    const set = this.findSet(statement.set);
    if (set.spec.keyTypes.length !== typesOf(key).length)
      throw new NftProblem(
        `datatype mismatch, expected ${describe(set.spec.keyTypes)}, expression has type ${describe(typesOf(key))}`,
        element.at,
      );
    const data = statement.data === undefined ? undefined : this.#assigned(statement.data, dataType(set));
    return {
      kind: 'dynset',
      op,
      set,
      key,
      ...(data !== undefined && { data }),
      timeout: element.timeout === undefined ? undefined : element.timeout * 1000,
      each: this.stateful(element.statements),
    };
  }
}

const keywordAt = (at: Location, word: string): Location => ({ ...at, to: at.from + word.length - 1 });

const SIGN: Readonly<Record<CompareOperator, string>> = { eq: '==', ne: '!=', lt: '<', gt: '>', le: '<=', ge: '>=' };

export function limitSpec({ rate, unit, burst, over, bytes }: LimitAst) {
  return { rate, unit, burst: burst ?? (bytes ? 0 : 5), over, bytes };
}

/** Types that mean the same to a set. */
const compatible = (a: string, b: string | undefined): boolean =>
  a === b || (a === 'integer' && b !== undefined && knownType(b).bits <= 32) || b === 'integer';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ipv4_addr: 'IPv4 address',
  ipv6_addr: 'IPv6 address',
  ether_addr: 'Ethernet address',
  inet_proto: 'Internet protocol',
  inet_service: 'internet network service',
  mark: 'packet mark',
  ifname: 'network interface name',
  iface_index: 'network interface index',
  ct_state: 'conntrack state',
};

/** Types as complaints call them. */
export function describe(types: readonly string[]): string {
  const [first = ''] = types;
  if (types.length === 1) return DESCRIPTIONS[first] ?? first;
  return `concatenation of (${types.map((type) => DESCRIPTIONS[type] ?? type).join(', ')})`;
}

function rejectCode(kind: RejectWith, code: Ast | undefined): number {
  if (code === undefined || code.kind !== 'symbol') return kind === 'icmpv6' ? 4 : kind === 'icmpx' ? 1 : 3;
  const codes = kind === 'icmp' ? ICMP_CODES : kind === 'icmpv6' ? ICMPV6_CODES : ICMPX_CODES;
  const found =
    codes.find(([name]) => name === code.text)?.[1] ?? (/^\d+$/.test(code.text) ? Number(code.text) : undefined);
  if (found === undefined) throw new NftProblem(`Could not parse ${kind} code`, code.at);
  return found;
}

const isPort = (statement: Statement, field: string): boolean =>
  statement.kind === 'match' &&
  statement.op === 'eq' &&
  statement.right.kind === 'value' &&
  statement.left.kind === 'payload' &&
  statement.left.field === field;

/** What the kernel's operations make the same: masks that are prefixes, flags that are tested. */
function simplify(match: Extract<Statement, { kind: 'match' }>): Statement {
  const { left, op, right } = match;
  if (left.kind !== 'bitwise' || left.op !== 'and' || right.kind !== 'value' || (op !== 'eq' && op !== 'ne'))
    return match;
  const [type = 'integer'] = typesOf(left);
  if (op === 'ne' && right.value === 0 && knownType(type).isFlags === true && typeof left.right === 'number')
    return { kind: 'match', left: left.left, op: 'eq', right: { kind: 'flags', value: left.right } };
  const length = prefixLength(left.right, type);
  if (length === undefined) return match;
  const operand: Operand = { kind: 'prefix', value: right.value as Scalar, length };
  return { kind: 'match', left: left.left, op, right: operand };
}

/** Of a mask of addresses, the prefix length that it is. */
function prefixLength(mask: number | bigint, type: string): number | undefined {
  if (type !== 'ipv4_addr' || typeof mask !== 'number') return undefined;
  const inverse = ~mask >>> 0;
  return ((inverse + 1) & inverse) === 0 ? 32 - Math.round(Math.log2(inverse + 1)) : undefined;
}

/** Why a rule may not stand in a base chain; the kernel says so at once. */
export const misplaced = (statements: readonly Statement[], chain: NftChain): boolean => {
  const { base } = chain;
  return base !== undefined && !statements.every((statement) => mayStand(statement, base));
};
