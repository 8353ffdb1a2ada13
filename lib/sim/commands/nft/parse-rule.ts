import type {
  CompareOperator,
  CtKey,
  LimitUnit,
  LogOptions,
  MetaKey,
  NatFlags,
  NatKind,
  RejectWith,
} from '../../kernel/nftables/index.ts';
import type { Ast, ElementAst, LimitAst, NameAst, RuleAst, StatementAst } from './ast.ts';
import { type Location, NftProblem, NotSimulated, span } from './location.ts';
import { ExpressionParser } from './parse-expression.ts';
import type { TokenStream } from './stream.ts';

type Statement = StatementAst;
type Flags = { -readonly [K in keyof NatFlags]: NatFlags[K] };
type Log = { -readonly [K in keyof LogOptions]: LogOptions[K] };

const COMPARE: Readonly<Record<string, CompareOperator>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '>': 'gt',
  '<=': 'le',
  '>=': 'ge',
};

const LACKING = new Set(['queue', 'dup', 'fwd', 'tproxy', 'synproxy', 'meter', 'flow', 'secmark', 'offload']);
const UNITS: readonly LimitUnit[] = ['second', 'minute', 'hour', 'day', 'week'];
const LOG_LEVELS = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug', 'audit'];
const BYTE_UNITS: Readonly<Record<string, number>> = { bytes: 1, kbytes: 1024, mbytes: 1024 * 1024 };

/** Rules: statements one after another, and a comment. */
export class RuleParser {
  readonly expressions: ExpressionParser;

  constructor(private readonly tokens: TokenStream) {
    this.expressions = new ExpressionParser(tokens, () => ({ stateful: () => this.#stateful() }));
  }

  rule(): RuleAst {
    const { tokens } = this;
    const start = tokens.next.at;
    const statements: Statement[] = [];
    do statements.push(this.#statement());
    while (!this.#ends());
    let comment: string | undefined;
    if (tokens.takeWord('comment')) comment = tokens.string().text;
    return { statements, comment, at: span(start, tokens.last.at) };
  }

  #ends(): boolean {
    const { kind } = this.tokens.next;
    return kind === 'newline' || kind === 'end' || this.tokens.isSign(';', '}') || this.tokens.isWord('comment');
  }

  #statement(): Statement {
    const { tokens } = this;
    const { kind, text, at } = tokens.next;
    const verdict = this.expressions.verdict();
    if (verdict !== undefined) return { kind: 'verdict', verdict, at: verdict.at };
    if (kind === 'word') {
      if (LACKING.has(text)) throw new NotSimulated(text);
      const own = this.#own(text, at);
      if (own !== undefined) return own;
    }
    return this.#match();
  }

  #own(text: string, at: Location): Statement | undefined {
    switch (text) {
      case 'counter':
      case 'limit':
      case 'quota':
        return this.#stateful();
      case 'log':
        return this.#log();
      case 'reject':
        return this.#reject();
      case 'notrack':
        this.tokens.take();
        return { kind: 'notrack', at };
      case 'snat':
      case 'dnat':
      case 'masquerade':
      case 'redirect':
        return this.#nat(text);
      case 'add':
      case 'update':
      case 'delete':
      case 'set':
        return this.#dynset(text);
      default:
        return undefined;
    }
  }

  /** Counters, limits, quotas: of their own, or by name. */
  #stateful(): Statement {
    const { tokens } = this;
    const { text, at } = tokens.take();
    const type = text as 'counter' | 'limit' | 'quota';
    if (tokens.takeWord('name')) {
      const name = this.#objectName();
      return { kind: 'object', type, name, at: span(at, name.at) };
    }
    if (type === 'counter') return this.#counter(at);
    if (type === 'limit') {
      const limit = this.limit();
      return { kind: 'limit', limit, at: span(at, tokens.last.at) };
    }
    const quota = this.quota(at);
    return { kind: 'quota', ...quota, at: span(at, tokens.last.at) };
  }

  #objectName(): Ast {
    const { tokens, expressions } = this;
    const { kind, text, at } = tokens.next;
    if (kind === 'quoted' || (kind === 'word' && tokens.peek(1).text !== 'map' && !this.#isSelector())) {
      tokens.take();
      return { kind: 'symbol', text, at };
    }
    return expressions.withMap(expressions.expression());
  }

  #isSelector(): boolean {
    return this.tokens.isWord('ip', 'ip6', 'tcp', 'udp', 'th', 'meta', 'ct', 'ether', 'numgen', 'jhash', 'iifname');
  }

  #counter(at: Location): Statement {
    const { tokens } = this;
    let packets = 0;
    let bytes = 0;
    if (tokens.takeWord('packets')) {
      packets = tokens.number().value;
      tokens.expectWord('bytes');
      bytes = tokens.number().value;
    }
    return { kind: 'counter', packets, bytes, at: span(at, tokens.last.at) };
  }

  /** `rate [over] N/UNIT [burst N packets]`, or of bytes. */
  limit(): LimitAst {
    const { tokens } = this;
    tokens.expectWord('rate');
    const over = tokens.takeWord('over');
    if (!over) tokens.takeWord('until');
    const rate = tokens.number().value;
    if (tokens.takeSign('/')) {
      const unit = this.#unit();
      const burst = tokens.takeWord('burst') ? this.#burst() : undefined;
      return { rate, unit, burst, over, bytes: false };
    }
    const [factor, unit] = this.#byteRate();
    let burst: number | undefined;
    if (tokens.takeWord('burst')) {
      const amount = tokens.number().value;
      burst = amount * this.#byteUnit('string', 'bytes');
    }
    return { rate: rate * factor, unit, burst, over, bytes: true };
  }

  /** `kbytes/second`: one word, as names have slashes in them. */
  #byteRate(): [factor: number, unit: LimitUnit] {
    const { next } = this.tokens;
    const [amount = '', per] = next.text.split('/');
    const factor = next.kind === 'word' ? BYTE_UNITS[amount] : undefined;
    const unit = UNITS.find((one) => one === per);
    if (factor === undefined || unit === undefined) throw this.tokens.unexpected('/', 'string', 'bytes');
    this.tokens.take();
    return [factor, unit];
  }

  #unit(): LimitUnit {
    const unit = UNITS.find((one) => this.tokens.isWord(one));
    if (unit === undefined) throw this.tokens.unexpected();
    this.tokens.take();
    return unit;
  }

  #burst(): number {
    const { value, at } = this.tokens.number();
    const end = this.tokens.expectWord('packets');
    if (value === 0)
      throw new NftProblem('packet limit burst must be > 0', { ...at, from: at.from - 6, to: end.at.to });
    return value;
  }

  #byteUnit(...expecting: string[]): number {
    const factor = this.tokens.next.kind === 'word' ? BYTE_UNITS[this.tokens.next.text] : undefined;
    if (factor === undefined) throw this.tokens.unexpected(...expecting);
    this.tokens.take();
    return factor;
  }

  /** `start`: where its statement begins. */
  quota(start: Location): { limit: number; over: boolean; used: number } {
    const { tokens } = this;
    const over = tokens.takeWord('over');
    if (!over) tokens.takeWord('until');
    const amount = tokens.number().value;
    if (tokens.next.kind === 'word' && tokens.next.text === 'gbytes')
      throw new NftProblem('Wrong rate format', span(start, tokens.take().at));
    const limit = amount * this.#byteUnit('string', 'bytes');
    let used = 0;
    if (tokens.takeWord('used')) {
      const already = tokens.number().value;
      used = already * this.#byteUnit('string', 'bytes');
    }
    return { limit, over, used };
  }

  #log(): Statement {
    const { tokens } = this;
    const at = tokens.take().at;
    const options: Log = {};
    for (;;) {
      if (tokens.takeWord('prefix')) options.prefix = tokens.string().text;
      else if (tokens.takeWord('group')) options.group = tokens.number().value;
      else if (tokens.takeWord('snaplen')) options.snaplen = tokens.number().value;
      else if (tokens.takeWord('queue-threshold')) options.queueThreshold = tokens.number().value;
      else if (tokens.takeWord('level')) options.level = this.#level();
      else if (tokens.takeWord('flags')) options.flags = [...(options.flags ?? []), ...this.#logFlags()];
      else break;
    }
    return { kind: 'log', options, at: span(at, tokens.last.at) };
  }

  #level(): string {
    const { text } = this.tokens.string();
    if (!LOG_LEVELS.includes(text)) throw this.tokens.unexpected();
    return text;
  }

  #logFlags(): string[] {
    const { tokens } = this;
    const subject = tokens.take().text;
    if (subject === 'tcp') {
      const flags: string[] = [];
      do flags.push(`tcp ${tokens.take().text}`);
      while (tokens.takeSign(','));
      return flags;
    }
    if (subject === 'ip') return [`ip ${tokens.take().text}`];
    return [subject];
  }

  #reject(): Statement {
    const { tokens } = this;
    const at = tokens.take().at;
    if (!tokens.takeWord('with')) return { kind: 'reject', with: undefined, code: undefined, at };
    if (tokens.takeWord('tcp')) {
      const end = tokens.expectWord('reset');
      return { kind: 'reject', with: 'tcp reset', code: undefined, at: span(at, end.at) };
    }
    if (!tokens.isWord('icmp', 'icmpv6', 'icmpx')) throw tokens.unexpected('icmp', 'icmpv6', 'tcp', 'icmpx');
    const kind = tokens.take().text as RejectWith;
    tokens.takeWord('type');
    const { text, at: codeAt } = tokens.take();
    return { kind: 'reject', with: kind, code: { kind: 'symbol', text, at: codeAt }, at: span(at, codeAt) };
  }

  #nat(nat: NatKind): Statement {
    const { tokens } = this;
    const at = tokens.take().at;
    let family: 4 | 6 | undefined;
    if (tokens.isWord('ip', 'ip6') && (nat === 'snat' || nat === 'dnat')) family = tokens.take().text === 'ip' ? 4 : 6;
    tokens.takeWord('addr', 'prefix');
    if (tokens.isSign('.')) {
      // `dnat ip addr . port to …`: the long way to say what the map gives.
      tokens.take();
      tokens.expectWord('port');
    }
    let address: Ast | undefined;
    let port: Ast | undefined;
    if (tokens.takeWord('to')) {
      if (!tokens.isSign(':')) address = this.#natOperand();
      if (tokens.takeSign(':')) port = this.#natOperand();
      // A port is all that redirection and masquerading can be told.
      if (nat === 'redirect' || nat === 'masquerade') [address, port] = [undefined, port ?? address];
    } else if (nat === 'snat' || nat === 'dnat') {
      address = this.#natOperand();
      if (tokens.takeSign(':')) port = this.#natOperand();
    }
    const flags = this.#natFlags();
    return { kind: 'nat', nat, family, address, port, flags, at: span(at, tokens.last.at) };
  }

  /** A value, a range, or an expression with a map. */
  #natOperand(): Ast {
    const { tokens, expressions } = this;
    const { mark } = tokens;
    const first = expressions.expression();
    if (tokens.isWord('map')) return expressions.withMap(first);
    if (first.kind !== 'symbol') return first;
    tokens.reset(mark);
    return this.#natValue();
  }

  #natValue(): Ast {
    const { tokens } = this;
    const first = this.#natSymbol();
    if (tokens.takeSign('-')) {
      const to = this.#natSymbol();
      return { kind: 'range', from: first, to, at: span(first.at, to.at) };
    }
    if (tokens.isSign('/') && tokens.peek(1).kind === 'number') {
      tokens.take();
      const length = tokens.number();
      return { kind: 'prefix', of: first, length: length.value, at: span(first.at, length.at) };
    }
    return first;
  }

  #natSymbol(): Ast {
    const { kind, text, at } = this.tokens.next;
    if (kind !== 'word' && kind !== 'number' && kind !== 'quoted') throw this.tokens.unexpected();
    this.tokens.take();
    return { kind: 'symbol', text, at };
  }

  #natFlags(): Flags {
    const { tokens } = this;
    const flags: Flags = {};
    while (tokens.isWord('random', 'fully-random', 'persistent')) {
      const { text } = tokens.take();
      if (text === 'random') flags.random = true;
      else if (text === 'fully-random') flags.fullyRandom = true;
      else flags.persistent = true;
      if (!tokens.takeSign(',')) break;
    }
    return flags;
  }

  /** `add @set { key }`; the old order: `set add key @set`. */
  #dynset(word: 'add' | 'update' | 'delete' | 'set'): Statement {
    const { tokens, expressions } = this;
    const at = tokens.take().at;
    if (word === 'set') {
      const op = tokens.take().text as 'add' | 'update' | 'delete';
      const element = expressions.keyElement();
      const set = this.#setName();
      return { kind: 'dynset', op, set, element, data: undefined, at: span(at, set.at) };
    }
    const set = this.#setName();
    tokens.expectSign('{', "'{'");
    const element: ElementAst = expressions.keyElement();
    const data = tokens.takeSign(':') ? expressions.expression() : undefined;
    const close = tokens.expectSign('}', "'}'");
    return { kind: 'dynset', op: word, set, element, data, at: span(at, close.at) };
  }

  #setName(): NameAst {
    const at = this.tokens.expectSign('@').at;
    const name = this.tokens.identifier();
    return { text: name.text, at: span(at, name.at) };
  }

  /** A comparison, `set`, or `vmap`: what stands behind an expression says which. */
  #match(): Statement {
    const { tokens, expressions } = this;
    const left = expressions.expression();
    if (tokens.takeWord('vmap')) {
      const map = expressions.vmap();
      return { kind: 'vmap', left, map, at: span(left.at, map.at) };
    }
    if (tokens.isWord('set')) return this.#assignment(left);
    if (tokens.isSign('!') && left.kind === 'payload') {
      tokens.take();
      const right = expressions.operand();
      return { kind: 'match', left, op: 'neg', right, at: span(left.at, right.at) };
    }
    const sign = tokens.next.kind === 'sign' ? COMPARE[tokens.next.text] : undefined;
    const opAt = tokens.next.at;
    if (sign !== undefined) tokens.take();
    const right = this.#masked(expressions.operand());
    return { kind: 'match', left, op: sign ?? 'implicit', right, opAt, at: span(left.at, right.at) };
  }

  /** `syn / fin,syn,rst,ack` */
  #masked(value: Ast): Ast {
    const { tokens, expressions } = this;
    if (!tokens.takeSign('/')) return value;
    const mask = expressions.operand();
    return { kind: 'masked', value, mask, at: span(value.at, mask.at) };
  }

  #assignment(left: Ast): Statement {
    this.tokens.take();
    const value = this.expressions.assigned();
    const at = span(left.at, value.at);
    if (left.kind === 'meta') return { kind: 'set-meta', key: left.key as MetaKey, value, at };
    if (left.kind === 'ct') return { kind: 'set-ct', key: left.key as CtKey, value, at };
    if (left.kind === 'payload') return { kind: 'set-payload', protocol: left.protocol, field: left.field, value, at };
    throw this.tokens.unexpected();
  }
}
