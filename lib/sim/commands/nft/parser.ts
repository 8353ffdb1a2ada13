import type { NamedObject, NftFamily, SetFlag } from '../../kernel/nftables/index.ts';
import type {
  BaseChainAst,
  ChainAst,
  CommandAst,
  ListWhat,
  NameAst,
  ObjectAst,
  PositionAst,
  RuleAst,
  SetAst,
  StatementAst,
  TableName,
} from './ast.ts';
import type { Token } from './lexer.ts';
import { type Location, NftProblem, NotSimulated, span } from './location.ts';
import { RuleParser } from './parse-rule.ts';
import { TokenStream } from './stream.ts';

const FAMILIES: readonly NftFamily[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];
const OBJECTS: readonly NamedObject['type'][] = ['counter', 'quota', 'limit'];
const SET_FLAGS: readonly SetFlag[] = ['constant', 'interval', 'timeout', 'dynamic'];
const CHAIN_TYPES = ['filter', 'nat', 'route'];
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'];

type Verb = 'add' | 'create' | 'delete';
type SetDraft = { -readonly [K in keyof SetAst]: SetAst[K] };
type ChainDraft = { -readonly [K in keyof ChainAst]: ChainAst[K] };

/** The commands of a text, one after another (parser_bison.y). */
export class Parser {
  readonly #tokens: TokenStream;
  readonly #rules: RuleParser;

  constructor(tokens: readonly Token[]) {
    this.#tokens = new TokenStream(tokens);
    this.#rules = new RuleParser(this.#tokens);
  }

  /** What is wrong with the text; the commands that are whole are given all the same. */
  readonly problems: NftProblem[] = [];

  commands(): CommandAst[] {
    const commands: CommandAst[] = [];
    const tokens = this.#tokens;
    tokens.skipNewlines();
    while (tokens.next.kind !== 'end') {
      this.#recovering(() => commands.push(this.#line()), false);
      tokens.skipNewlines();
    }
    return commands;
  }

  #line(): CommandAst {
    const tokens = this.#tokens;
    const command = this.#command(tokens.next.at);
    const after: Token = tokens.next;
    if (after.kind !== 'end' && after.kind !== 'newline' && !tokens.isSign(';'))
      throw tokens.unexpected(...this.#afterCommand(command));
    return command;
  }

  /** What is wrong with one line does not hide what is wrong with the next; only the text's end ends it all. */
  #recovering(parse: () => void, isNested = true): void {
    const tokens = this.#tokens;
    try {
      parse();
    } catch (error) {
      if (!(error instanceof NftProblem) || (isNested && tokens.next.kind === 'end')) throw error;
      this.problems.push(error);
      while (tokens.next.kind !== 'end' && tokens.next.kind !== 'newline' && !tokens.isSign(';')) tokens.take();
    }
  }

  #afterCommand({ kind }: CommandAst): string[] {
    return kind === 'rule' || kind === 'chain' ? [] : ['end of file', 'newline', 'semicolon'];
  }

  #command(start: Location): CommandAst {
    const tokens = this.#tokens;
    const { kind, text } = tokens.next;
    if (kind !== 'word') throw tokens.unexpected();
    switch (text) {
      case 'add':
      case 'create':
      case 'delete':
        tokens.take();
        return this.#change(text, start);
      case 'insert':
        tokens.take();
        tokens.takeWord('rule');
        return this.#rule('insert', start);
      case 'replace':
        tokens.take();
        tokens.takeWord('rule');
        return this.#replace(start);
      case 'flush':
        tokens.take();
        return this.#flush(start);
      case 'rename': {
        tokens.take();
        tokens.expectWord('chain');
        const name = this.#tableName();
        const chain = tokens.identifier();
        const to = tokens.identifier();
        return { kind: 'rename', name, chain, to, at: this.#end(start) };
      }
      case 'list':
      case 'reset':
        tokens.take();
        return this.#list(text, start);
      case 'get':
        tokens.take();
        tokens.expectWord('element');
        return this.#element('get', start);
      case 'monitor':
        tokens.take();
        return this.#monitor(start);
      case 'describe':
        tokens.take();
        return { kind: 'describe', of: this.#rules.expressions.expression(), at: this.#end(start) };
      case 'import':
      case 'export':
        throw new NotSimulated(text);
      default:
        return this.#change('add', start);
    }
  }

  /** A command's place: to the end of its line, as the grammar has it. */
  #end(start: Location): Location {
    const { next, last } = this.#tokens;
    return span(start, next.kind === 'newline' || this.#tokens.isSign(';') ? next.at : last.at);
  }

  #change(verb: Verb, start: Location): CommandAst {
    const tokens = this.#tokens;
    const { text } = tokens.next;
    if (text === 'table') return this.#table(verb, start);
    if (text === 'chain') return this.#chain(verb, start);
    if (text === 'set' || text === 'map') return this.#set(verb, text === 'map', start);
    if (text === 'element') {
      tokens.take();
      return this.#element(verb, start);
    }
    const object = OBJECTS.find((one) => one === text);
    if (object !== undefined) return this.#object(verb, object, start);
    if (text === 'flowtable' || text === 'synproxy' || text === 'secmark' || text === 'ct')
      throw new NotSimulated(text === 'ct' ? 'ct objects' : text);
    const isRule = tokens.takeWord('rule');
    if (verb === 'delete') {
      if (!isRule) throw tokens.unexpected();
      return this.#deleteRule(start);
    }
    return this.#rule(verb, start);
  }

  #family(): NftFamily | undefined {
    const family = FAMILIES.find((one) => this.#tokens.isWord(one));
    if (family !== undefined) this.#tokens.take();
    return family;
  }

  #tableName(): TableName {
    const family = this.#family() ?? 'ip';
    return { family, table: this.#tokens.identifier() };
  }

  #table(verb: Verb, start: Location): CommandAst {
    const tokens = this.#tokens;
    tokens.take();
    const mark = tokens.mark;
    const family = this.#family() ?? 'ip';
    if (verb === 'delete' && tokens.takeWord('handle'))
      return { kind: 'delete-table-handle', family, handle: tokens.number().value, at: this.#end(start) };
    tokens.reset(mark);
    const name = this.#tableName();
    const body = verb !== 'delete' && tokens.isSign('{') ? this.#tableBody(name) : undefined;
    return { kind: 'table', verb, name, body, at: this.#end(start) };
  }

  #tableBody(name: TableName): { comment: string | undefined; dormant: boolean; items: CommandAst[] } {
    const tokens = this.#tokens;
    tokens.take();
    tokens.skipNewlines();
    let comment: string | undefined;
    let dormant = false;
    const items: CommandAst[] = [];
    while (!tokens.isSign('}')) {
      this.#recovering(() => {
        const start = tokens.next.at;
        if (tokens.next.kind === 'end') throw tokens.unexpected();
        if (tokens.takeWord('comment')) comment = tokens.string().text;
        else if (tokens.takeWord('flags')) {
          const flag = tokens.identifier();
          if (flag.text !== 'dormant') throw new NftProblem(`unknown table option ${flag.text}`, flag.at);
          dormant = true;
        } else items.push(this.#tableItem(name, start));
        tokens.endOfStatement('newline', 'semicolon');
      });
      tokens.skipNewlines();
    }
    tokens.take();
    return { comment, dormant, items };
  }

  #tableItem(name: TableName, start: Location): CommandAst {
    const tokens = this.#tokens;
    const { text } = tokens.next;
    if (text === 'chain') {
      tokens.take();
      const chain = tokens.identifier();
      const body = this.#chainBody();
      return { kind: 'chain', verb: 'add', name, chain, body, at: span(start, chain.at) };
    }
    if (text === 'set' || text === 'map') {
      tokens.take();
      const set = tokens.identifier();
      const body = this.#setBody(text === 'map');
      return { kind: 'set', verb: 'add', name, set, isMap: text === 'map', body, at: span(start, set.at) };
    }
    const type = OBJECTS.find((one) => one === text);
    if (type !== undefined) {
      tokens.take();
      const object = tokens.identifier();
      const body = this.#objectBody(type);
      return { kind: 'object', verb: 'add', name, type, object, body, at: span(start, object.at) };
    }
    if (text === 'flowtable' || text === 'synproxy' || text === 'secmark' || text === 'ct')
      throw new NotSimulated(text === 'ct' ? 'ct objects' : text);
    throw tokens.unexpected();
  }

  #chain(verb: Verb, start: Location): CommandAst {
    const tokens = this.#tokens;
    tokens.take();
    const name = this.#tableName();
    if (verb === 'delete' && tokens.takeWord('handle')) {
      const { value, at } = tokens.number();
      return {
        kind: 'chain',
        verb,
        name,
        chain: { text: '', at },
        body: undefined,
        handle: value,
        at: this.#end(start),
      };
    }
    const chain = tokens.identifier();
    const body = verb !== 'delete' && tokens.isSign('{') ? this.#chainBody() : undefined;
    return { kind: 'chain', verb, name, chain, body, at: this.#end(start) };
  }

  #chainBody(): ChainAst {
    const tokens = this.#tokens;
    const open = tokens.expectSign('{', "'{'");
    tokens.skipNewlines();
    const draft: ChainDraft = { base: undefined, policy: undefined, comment: undefined, rules: [], at: open.at };
    const rules: RuleAst[] = [];
    while (!tokens.isSign('}')) {
      this.#recovering(() => {
        this.#chainItem(draft, rules);
        tokens.endOfStatement('newline', 'semicolon');
      });
      tokens.skipNewlines();
    }
    const close = tokens.take();
    return { ...draft, rules, at: span(open.at, close.at) };
  }

  #chainItem(draft: ChainDraft, rules: RuleAst[]): void {
    const tokens = this.#tokens;
    if (tokens.next.kind === 'end') throw tokens.unexpected();
    if (tokens.isWord('type')) draft.base = this.#base();
    else if (tokens.isWord('policy')) draft.policy = this.#policy();
    else if (tokens.takeWord('comment')) draft.comment = tokens.string().text;
    else if (tokens.isWord('devices', 'flags')) throw new NotSimulated(`chain ${tokens.next.text}`);
    else {
      tokens.takeWord('rule');
      rules.push(this.#rules.rule());
    }
  }

  #base(): BaseChainAst {
    const tokens = this.#tokens;
    tokens.take();
    const type = tokens.string();
    if (!CHAIN_TYPES.includes(type.text)) throw new NftProblem('unknown chain type', type.at);
    tokens.expectWord('hook');
    const hook = tokens.string();
    if (!HOOKS.includes(hook.text)) throw new NftProblem('unknown chain hook', hook.at);
    let devices: string[] | undefined;
    if (tokens.takeWord('device')) devices = [tokens.string().text];
    if (!tokens.isWord('priority')) throw tokens.unexpected('priority');
    const start = tokens.take().at;
    return { type, hook, devices, priority: this.#priority(start) };
  }

  /** A number, a name, or a name with a number added or taken away. */
  #priority(start: Location): BaseChainAst['priority'] {
    const tokens = this.#tokens;
    const name = tokens.next.kind === 'word' ? tokens.take().text : undefined;
    const isMinus = tokens.isSign('-');
    const isSigned = tokens.takeSign('-', '+');
    let offset = 0;
    if (isSigned || name === undefined) offset = tokens.number().value * (isMinus ? -1 : 1);
    return { name, offset, at: span(start, tokens.last.at) };
  }

  #policy(): ChainAst['policy'] {
    const tokens = this.#tokens;
    tokens.take();
    if (!tokens.isWord('accept', 'drop')) throw tokens.unexpected('accept', 'drop', "'$'");
    const { text, at } = tokens.take();
    return { text: text === 'drop' ? 'drop' : 'accept', at };
  }

  #rule(verb: 'add' | 'insert' | 'create', start: Location): CommandAst {
    const tokens = this.#tokens;
    const name = this.#tableName();
    const chain = tokens.identifier();
    const position = this.#position();
    const rule = this.#rules.rule();
    return { kind: 'rule', verb, name, chain, position, rule, at: this.#end(start) };
  }

  #position(): PositionAst | undefined {
    const tokens = this.#tokens;
    if (!tokens.isWord('position', 'handle', 'index')) return undefined;
    const word = tokens.take();
    const { value, at } = tokens.number();
    if (word.text === 'index') return { by: 'index', number: value, at: span(word.at, at) };
    return { by: 'handle', number: value, at };
  }

  #replace(start: Location): CommandAst {
    const tokens = this.#tokens;
    const name = this.#tableName();
    const chain = tokens.identifier();
    const handle = this.#handle();
    const rule = this.#rules.rule();
    return { kind: 'replace-rule', name, chain, handle, rule, at: this.#end(start) };
  }

  #handle(): { number: number; at: Location } {
    this.#tokens.expectWord('handle');
    const { value, at } = this.#tokens.number();
    return { number: value, at };
  }

  #deleteRule(start: Location): CommandAst {
    const name = this.#tableName();
    const chain = this.#tokens.identifier();
    const handle = this.#handle();
    return { kind: 'delete-rule', name, chain, handle, at: this.#end(start) };
  }

  #set(verb: Verb, isMap: boolean, start: Location): CommandAst {
    const tokens = this.#tokens;
    tokens.take();
    const name = this.#tableName();
    const set = tokens.identifier();
    const wantsBody = verb === 'add' || verb === 'create';
    const body = wantsBody ? this.#setBody(isMap) : undefined;
    return { kind: 'set', verb, name, set, isMap, body, at: this.#end(start) };
  }

  #setBody(isMap: boolean): SetAst {
    const tokens = this.#tokens;
    const open = tokens.expectSign('{', "'{'");
    this.#setAt = open.at;
    tokens.skipNewlines();
    const draft: SetDraft = {
      isMap,
      types: undefined,
      typeOf: undefined,
      data: undefined,
      flags: [],
      timeout: undefined,
      gcInterval: undefined,
      size: undefined,
      policy: undefined,
      autoMerge: false,
      comment: undefined,
      elements: undefined,
      statements: [],
      at: open.at,
    };
    const statements: StatementAst[] = [];
    let last = tokens.next.at;
    while (!tokens.isSign('}')) {
      this.#recovering(() => {
        if (tokens.next.kind === 'end') throw tokens.unexpected();
        this.#setItem(draft, statements);
        tokens.endOfStatement('newline', 'semicolon');
      });
      last = tokens.last.at;
      tokens.skipNewlines();
    }
    const close = tokens.take();
    return { ...draft, statements, at: last === close.at ? open.at : span(open.at, last) };
  }

  #setItem(draft: SetDraft, statements: StatementAst[]): void {
    const tokens = this.#tokens;
    if (tokens.takeWord('type')) this.#types(draft);
    else if (tokens.takeWord('typeof')) this.#typeOf(draft);
    else if (tokens.takeWord('flags')) draft.flags = this.#setFlags();
    else if (tokens.takeWord('timeout')) draft.timeout = tokens.time();
    else if (tokens.takeWord('gc-interval')) draft.gcInterval = tokens.time();
    else if (tokens.takeWord('size')) draft.size = tokens.number().value;
    else if (tokens.takeWord('auto-merge')) draft.autoMerge = true;
    else if (tokens.takeWord('comment')) draft.comment = tokens.string().text;
    else if (tokens.takeWord('policy')) {
      if (!tokens.isWord('performance', 'memory')) throw tokens.unexpected('performance', 'memory');
      draft.policy = tokens.take().text === 'memory' ? 'memory' : 'performance';
    } else if (tokens.takeWord('elements')) {
      tokens.expectSign('=', "'='");
      const set = this.#rules.expressions.set();
      if (set.kind === 'set') draft.elements = set.elements;
    } else if (tokens.isWord('counter', 'limit', 'quota')) statements.push(...this.#rules.rule().statements);
    else throw tokens.unexpected();
  }

  #types(draft: SetDraft): void {
    const tokens = this.#tokens;
    draft.types = this.#typeList();
    if (!draft.isMap) return;
    if (!tokens.isSign(':')) throw this.#keyless(tokens.unexpected('colon', '.'));
    tokens.take();
    const object = OBJECTS.find((one) => tokens.isWord(one));
    if (object !== undefined) {
      tokens.take();
      draft.data = { kind: 'object', type: object };
    } else draft.data = { kind: 'types', types: this.#typeList() };
  }

  /** A set whose type is not understood has none; both is told, the second of the whole block. */
  #keyless(problem: NftProblem): NftProblem {
    const at = this.#setAt === undefined ? this.#tokens.next.at : span(this.#setAt, this.#tokens.next.at);
    const second = new NftProblem('set definition does not specify key', at);
    return new NftProblem(problem.message, problem.at, undefined, second);
  }

  /** Where the definition of the set begins that is being read. */
  #setAt: Location | undefined;

  #typeList(): NameAst[] {
    const types: NameAst[] = [];
    do types.push(this.#typeName());
    while (this.#tokens.takeSign('.'));
    return types;
  }

  #typeName(): NameAst {
    const tokens = this.#tokens;
    return tokens.isWord('dscp', 'classid', 'ecn', 'mark') ? tokens.take() : tokens.identifier();
  }

  #typeOf(draft: SetDraft): void {
    draft.typeOf = this.#rules.expressions.expression();
    draft.types = [{ text: 'typeof', at: draft.typeOf.at }];
    if (!draft.isMap) return;
    const tokens = this.#tokens;
    tokens.expectSign(':', 'colon');
    if (tokens.isWord('verdict')) draft.data = { kind: 'types', types: [tokens.take()] };
    else {
      const typeOf = this.#rules.expressions.expression();
      draft.data = { kind: 'types', types: [{ text: 'typeof', at: typeOf.at }], typeOf };
    }
  }

  #setFlags(): SetFlag[] {
    const tokens = this.#tokens;
    const flags: SetFlag[] = [];
    do {
      const flag = SET_FLAGS.find((one) => tokens.isWord(one));
      if (flag === undefined) throw tokens.unexpected('constant', 'interval', 'dynamic', 'timeout');
      tokens.take();
      flags.push(flag);
    } while (tokens.takeSign(','));
    return flags;
  }

  #element(verb: Verb | 'get', start: Location): CommandAst {
    const tokens = this.#tokens;
    const name = this.#tableName();
    const set = tokens.identifier();
    const elements = this.#rules.expressions.set();
    return { kind: 'element', verb, name, set, elements, at: this.#end(start) };
  }

  #object(verb: Verb, type: NamedObject['type'], start: Location): CommandAst {
    const tokens = this.#tokens;
    tokens.take();
    const name = this.#tableName();
    const object = tokens.identifier();
    const wantsBody = verb === 'add' || verb === 'create';
    const hasBody = wantsBody && tokens.next.kind !== 'newline' && tokens.next.kind !== 'end' && !tokens.isSign(';');
    const body = hasBody ? this.#objectBody(type) : undefined;
    return { kind: 'object', verb, name, type, object, body, at: this.#end(start) };
  }

  #objectBody(type: NamedObject['type']): ObjectAst {
    const tokens = this.#tokens;
    const braced = tokens.takeSign('{');
    tokens.skipNewlines();
    let body: ObjectAst = emptyObject(type);
    while (!tokens.isSign('}') && tokens.next.kind !== 'end') {
      if (tokens.takeWord('comment')) body = { ...body, comment: tokens.string().text };
      else body = { ...this.#objectConfig(type), comment: body.comment };
      if (!braced) return body;
      tokens.endOfStatement();
      tokens.skipNewlines();
    }
    if (braced) tokens.expectSign('}', "'}'");
    return body;
  }

  #objectConfig(type: NamedObject['type']): ObjectAst {
    const tokens = this.#tokens;
    if (type === 'limit') return { type, limit: this.#rules.limit(), comment: undefined };
    if (type === 'quota') return { type, ...this.#rules.quota(tokens.next.at), comment: undefined };
    tokens.expectWord('packets');
    const packets = tokens.number().value;
    tokens.expectWord('bytes');
    return { type, packets, bytes: tokens.number().value, comment: undefined };
  }

  #flush(start: Location): CommandAst {
    const tokens = this.#tokens;
    if (tokens.takeWord('ruleset')) {
      const family = this.#family();
      return { kind: 'flush', what: 'ruleset', family, name: undefined, of: undefined, at: this.#end(start) };
    }
    if (!tokens.isWord('table', 'chain', 'set', 'map')) throw tokens.unexpected();
    const what = tokens.take().text as 'table' | 'chain' | 'set' | 'map';
    const name = this.#tableName();
    const of = what === 'table' ? undefined : tokens.identifier();
    return { kind: 'flush', what, family: undefined, name, of, at: this.#end(start) };
  }

  #list(kind: 'list' | 'reset', start: Location): CommandAst {
    const tokens = this.#tokens;
    const { text } = tokens.next;
    const what = LISTABLE[text];
    if (kind === 'reset' && tokens.takeWord('element')) throw new NotSimulated('reset element');
    if (tokens.next.kind !== 'word' || what === undefined) throw tokens.unexpected();
    tokens.take();
    const end = (more: { family?: NftFamily | undefined; name?: TableName; of?: NameAst }): CommandAst => ({
      kind,
      what: text as ListWhat,
      family: more.family,
      name: more.name,
      of: more.of,
      at: this.#end(start),
    });
    if (what === 'all') return this.#listAll(end);
    const name = this.#tableName();
    return what === 'table' ? end({ name }) : end({ name, of: tokens.identifier() });
  }

  /** `list chains [FAMILY]`, `list counters table inet t` */
  #listAll(end: (more: { family?: NftFamily | undefined; name?: TableName; of?: NameAst }) => CommandAst): CommandAst {
    const tokens = this.#tokens;
    const family = this.#family();
    if (tokens.takeWord('table')) return end({ name: this.#tableName() });
    return end({ family });
  }

  #monitor(start: Location): CommandAst {
    const tokens = this.#tokens;
    const words: string[] = [];
    while (tokens.next.kind === 'word') words.push(tokens.take().text);
    return { kind: 'monitor', what: words[0], of: words[1], at: this.#end(start) };
  }
}

const LISTABLE: Readonly<Record<string, 'all' | 'table' | 'one'>> = {
  ruleset: 'all',
  tables: 'all',
  chains: 'all',
  sets: 'all',
  maps: 'all',
  meters: 'all',
  flowtables: 'all',
  counters: 'all',
  quotas: 'all',
  limits: 'all',
  rules: 'all',
  hooks: 'all',
  table: 'table',
  chain: 'one',
  set: 'one',
  map: 'one',
  meter: 'one',
  counter: 'one',
  quota: 'one',
  limit: 'one',
};

function emptyObject(type: NamedObject['type']): ObjectAst {
  switch (type) {
    case 'counter':
      return { type, packets: 0, bytes: 0, comment: undefined };
    case 'quota':
      return { type, limit: 0, over: false, used: 0, comment: undefined };
    case 'limit':
      return {
        type,
        limit: { rate: 0, unit: 'second', burst: undefined, over: false, bytes: false },
        comment: undefined,
      };
  }
}
