import {
  type Arithmetic,
  access,
  constant,
  isRelation,
  negate,
  operate,
  PRECEDENCE,
  packetLength,
  relate,
} from './arithmetic.ts';
import { FilterError, FilterNotSimulated, SYNTAX_ERROR } from './errors.ts';
import {
  etherAddress,
  ipv4Address,
  ipv4Network,
  ipv6Address,
  type NameService,
  named,
  numbered,
} from './identifiers.ts';
import { all, any, not, type Predicate } from './packet.ts';
import {
  broadcast,
  type Direction,
  type Layout,
  multicast,
  protocolAbbreviation,
  type Qualifiers,
} from './primitives.ts';
import { PROTOCOLS, readToken, type Token } from './tokens.ts';

/** What a part of an expression came to: its test, and the qualifiers that an identifier after and/or inherits. */
type Term = { readonly predicate: Predicate; readonly qualifiers: Qualifiers | undefined };

const OTHER_LINKS: ReadonlySet<string> = new Set([
  'byte',
  'mpls',
  'pppoed',
  'pppoes',
  'geneve',
  'ifname',
  'llc',
  'type',
  'subtype',
  'direction',
]);

/**
 * A parser by descent for the grammar of libpcap's grammar.y. It compiles while it reads, as the original does, so that
 * of several mistakes the same one is reported. `and` and `or` are of equal strength and associate to the left.
 */
export class FilterParser {
  #position = 0;
  #ahead: Token | undefined;
  #next = 0;

  constructor(
    private readonly text: string,
    private readonly layout: Layout,
    private readonly names: NameService,
  ) {}

  parse(): Predicate {
    if (this.#peek().kind === 'end') return () => true;
    const { predicate } = this.#expression(undefined);
    if (this.#peek().kind !== 'end') throw new FilterError(SYNTAX_ERROR);
    return predicate;
  }

  /** `inherited` are the qualifiers that stood before the parenthesis this expression is in. */
  #expression(inherited: Qualifiers | undefined): Term {
    let left = this.#operand(inherited, false);
    for (;;) {
      const isAnd = this.#accept('and');
      if (!isAnd && !this.#accept('or')) return left;
      const right = this.#operand(left.qualifiers, true);
      left = { ...right, predicate: (isAnd ? all : any)(left.predicate, right.predicate) };
    }
  }

  /** A term, or where `identifiers` are allowed (after and/or) also a bare identifier with inherited qualifiers. */
  #operand(inherited: Qualifiers | undefined, identifiers: boolean): Term {
    if (this.#accept('not')) {
      const { predicate, qualifiers } = this.#operand(inherited, identifiers);
      return { predicate: not(predicate), qualifiers };
    }
    const relation = this.#attempt(() => this.#relation());
    if (relation !== undefined) return { predicate: relation, qualifiers: undefined };
    if (identifiers && this.#atIdentifier()) return this.#identifier(inherited);
    if (this.#accept('(')) {
      const { predicate } =
        identifiers && this.#atIdentifier() ? this.#identifiers(inherited) : this.#expression(inherited);
      this.#expect(')');
      return { predicate, qualifiers: inherited };
    }
    return this.#primitive();
  }

  #atEndOfTerm(): boolean {
    const token = this.#peek();
    return (
      token.kind === 'end' ||
      this.#isPunctuation(')') ||
      (token.kind === 'keyword' && (token.text === 'and' || token.text === 'or'))
    );
  }

  #atIdentifier(): boolean {
    return ['name', 'ipv4', 'ipv6', 'mac', 'number'].includes(this.#peek().kind);
  }

  /** `head id`, a protocol alone, or one of the words without an identifier. */
  #primitive(): Term {
    const alone = (predicate: Predicate): Term => ({ predicate, qualifiers: undefined });
    const protocol = this.#protocol();
    const head = this.#head(protocol);
    if (head !== undefined) return this.#identifier(head);
    if (this.#accept('broadcast')) return alone(broadcast(this.layout, protocol));
    if (this.#accept('multicast')) return alone(multicast(this.layout, protocol));
    if (protocol === undefined) return alone(this.#word());
    if (!this.#atEndOfTerm()) throw new FilterError(SYNTAX_ERROR);
    return alone(protocolAbbreviation(this.layout, protocol));
  }

  #protocol(): string | undefined {
    const token = this.#peek();
    if (token.kind !== 'keyword' || !PROTOCOLS.has(token.text)) return undefined;
    this.#take();
    return token.text;
  }

  #head(protocol: string | undefined): Qualifiers | undefined {
    const direction = this.#direction();
    const type = this.#type(direction !== undefined);
    return direction === undefined && type === undefined ? undefined : { protocol, direction, type };
  }

  #direction(): Direction | undefined {
    const first = this.#accept('src') ? 'src' : this.#accept('dst') ? 'dst' : undefined;
    if (first === undefined) return undefined;
    const joined = this.#accept('or') ? 'or' : this.#accept('and') ? 'and' : undefined;
    if (joined === undefined) return first;
    this.#expect(first === 'src' ? 'dst' : 'src');
    return `src ${joined} dst`;
  }

  #type(directed: boolean): Qualifiers['type'] {
    for (const type of ['host', 'net', 'port', 'portrange'] as const) if (this.#accept(type)) return type;
    if (directed) return undefined;
    for (const type of ['proto', 'protochain', 'gateway'] as const) if (this.#accept(type)) return type;
    return undefined;
  }

  #word(): Predicate {
    if (this.#accept('vlan')) return this.layout.vlan(this.#peek().kind === 'number' ? this.#number() : undefined);
    if (this.#accept('inbound')) return not(this.layout.outbound());
    if (this.#accept('outbound')) return this.layout.outbound();
    const bound = (holds: (length: number, limit: number) => boolean): Predicate => {
      const limit = this.#number();
      return (packet) => holds(packet.length, limit);
    };
    if (this.#accept('less')) return bound((length, limit) => length <= limit);
    if (this.#accept('greater')) return bound((length, limit) => length >= limit);
    if (this.#accept('ifindex')) {
      const index = this.#number();
      return (packet) => packet.ifindex === index;
    }
    const token = this.#peek();
    if (token.kind === 'keyword' && OTHER_LINKS.has(token.text))
      throw new FilterNotSimulated(`filter primitive '${token.text}'`);
    throw new FilterError(SYNTAX_ERROR);
  }

  #identifiers(q: Qualifiers | undefined): Term {
    let left = this.#identifier(q);
    for (;;) {
      const isAnd = this.#accept('and');
      if (!isAnd && !this.#accept('or')) return left;
      const right = this.#identifier(q);
      left = { ...right, predicate: (isAnd ? all : any)(left.predicate, right.predicate) };
    }
  }

  #identifier(q: Qualifiers | undefined): Term {
    if (this.#accept('not')) {
      const { predicate, qualifiers } = this.#identifier(q);
      return { predicate: not(predicate), qualifiers };
    }
    if (this.#accept('(')) {
      const inside = this.#identifiers(q);
      this.#expect(')');
      return inside;
    }
    if (!this.#atIdentifier()) throw new FilterError(SYNTAX_ERROR);
    return { predicate: this.#identifierTest(this.#take(), q), qualifiers: q };
  }

  #identifierTest(token: Token, q: Qualifiers | undefined): Predicate {
    const { layout, names } = this;
    if (token.kind === 'name') return named(layout, names, token.text, q);
    if (token.kind === 'number') return numbered(layout, token.value, q);
    if (token.kind === 'mac') return etherAddress(layout, token.text, q);
    if (token.kind === 'ipv6')
      return ipv6Address(layout, token.text, this.#accept('/') ? this.#number() : undefined, q);
    const text = token.kind === 'ipv4' ? token.text : '';
    if (this.#accept('/')) return ipv4Network(layout, text, { length: this.#number() }, q);
    if (this.#accept('mask')) {
      const mask = this.#take();
      if (mask.kind !== 'ipv4') throw new FilterError(SYNTAX_ERROR);
      return ipv4Network(layout, text, { mask: mask.text }, q);
    }
    return ipv4Address(layout, text, q);
  }

  /** `arith relop arith` */
  #relation(): Predicate {
    const left = this.#arithmetic(0);
    const operator = this.#peek();
    if (operator.kind !== 'punctuation' || !isRelation(operator.text)) throw new FilterError(SYNTAX_ERROR);
    this.#take();
    return relate(operator.text, left, this.#arithmetic(0));
  }

  #arithmetic(strength: number): Arithmetic {
    let left = this.#arithmeticAtom();
    for (;;) {
      const token = this.#peek();
      const binds = token.kind === 'punctuation' ? PRECEDENCE[token.text] : undefined;
      if (token.kind !== 'punctuation' || binds === undefined || binds <= strength) return left;
      this.#take();
      left = operate(token.text, left, this.#arithmetic(binds));
    }
  }

  #arithmeticAtom(): Arithmetic {
    if (this.#accept('len')) return packetLength;
    if (this.#accept('-')) return negate(this.#arithmeticAtom());
    if (this.#accept('(')) {
      const inside = this.#arithmetic(0);
      this.#expect(')');
      return inside;
    }
    const protocol = this.#protocol();
    if (protocol === undefined) return constant(this.#number());
    this.#expect('[');
    const index = this.#arithmetic(0);
    const size = this.#accept(':') ? this.#number() : 1;
    this.#expect(']');
    return access(this.layout, protocol, index, size);
  }

  #number(): number {
    const token = this.#take();
    if (token.kind !== 'number') throw new FilterError(SYNTAX_ERROR);
    return token.value;
  }

  /** Runs a part of the parser that may turn out not to be what stands here (`(` begins many things); then nothing has been read. */
  #attempt<T>(read: () => T): T | undefined {
    const token = this.#peek();
    const begins =
      token.kind === 'number' || this.#isPunctuation('(') || this.#isPunctuation('-') || token.kind === 'keyword';
    if (!begins) return undefined;
    const saved = [this.#position, this.#ahead, this.#next] as const;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FilterError) || error.message !== SYNTAX_ERROR) throw error;
      [this.#position, this.#ahead, this.#next] = saved;
      return undefined;
    }
  }

  #peek(): Token {
    if (this.#ahead === undefined) {
      const { token, next } = readToken(this.text, this.#position);
      this.#ahead = token;
      this.#next = next;
    }
    return this.#ahead;
  }

  #take(): Token {
    const token = this.#peek();
    this.#ahead = undefined;
    this.#position = this.#next;
    return token;
  }

  #isPunctuation(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'punctuation' && token.text === text;
  }

  #accept(text: string): boolean {
    const token = this.#peek();
    if ((token.kind !== 'keyword' && token.kind !== 'punctuation') || token.text !== text) return false;
    this.#take();
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw new FilterError(SYNTAX_ERROR);
  }
}
