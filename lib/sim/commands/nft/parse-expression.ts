import {
  type BitOperator,
  type CtDirection,
  type CtKey,
  type FibFlag,
  type FibResult,
  HEADERS,
  type MetaKey,
  type PayloadProtocol,
} from '../../kernel/nftables/index.ts';
import type { Ast, ElementAst, NameAst, StatementAst } from './ast.ts';
import { isKeyword } from './lexer.ts';
import { NftProblem, NotSimulated, span } from './location.ts';
import type { TokenStream } from './stream.ts';

/** Keys of meta that need no word before them. */
const BARE_META = new Set([
  'mark',
  'iif',
  'iifname',
  'iiftype',
  'oif',
  'oifname',
  'oiftype',
  'skuid',
  'skgid',
  'nftrace',
  'rtclassid',
  'ibriport',
  'obriport',
  'ibrname',
  'obrname',
  'pkttype',
  'cpu',
  'iifgroup',
  'oifgroup',
  'cgroup',
  'time',
  'day',
  'hour',
]);

/** In the order in which the complaint of an unknown one lists them. */
const META_KEYS =
  'length, protocol, priority, mark, iif, oif, iifname, oifname, iiftype, oiftype, skuid, skgid, nftrace, rtclassid, secmark, nfproto, l4proto, ibrname, obrname, pkttype, cpu, iifgroup, oifgroup, cgroup, random, ipsec, iifkind, oifkind, ibrpvid, ibrvproto, time, day, hour, sdif, sdifname'.split(
    ', ',
  );
const LACKING_META = new Set(
  'skuid skgid rtclassid secmark cgroup ipsec ibrpvid ibrvproto time day hour sdif sdifname ibriport obriport'.split(
    ' ',
  ),
);

const CT_KEYS = new Set<string>([
  'state',
  'direction',
  'status',
  'mark',
  'expiration',
  'l3proto',
  'saddr',
  'daddr',
  'protocol',
  'proto-src',
  'proto-dst',
  'zone',
  'bytes',
  'packets',
  'avgpkt',
  'id',
]);
const LACKING_CT = new Set(['helper', 'label', 'event', 'count', 'timeout', 'expectation', 'secmark']);
const LACKING_PRIMARY = new Set(
  'rt rt0 rt2 srh hbh frag dst mh ah esp comp udplite dccp sctp igmp socket osf exthdr ipsec rtclassid'.split(' '),
);

const PAYLOADS = new Set<string>(Object.keys(HEADERS));

/** Protocols that are keywords and may be values. */
const VALUE_KEYWORDS = new Set(
  'tcp udp udplite esp ah icmp icmpv6 igmp comp dccp sctp redirect ether ip ip6 vlan arp dnat snat ecn reset original reply label destroy'.split(
    ' ',
  ),
);

export type StatementParser = { readonly stateful: (tokens: TokenStream) => StatementAst };

/** Expressions as the left or the right side of a match has them. */
export class ExpressionParser {
  constructor(
    private readonly tokens: TokenStream,
    private readonly statements: () => StatementParser,
  ) {}

  /** `ip saddr . tcp dport` and all below it. */
  expression(): Ast {
    return this.#concat(() => this.#binary(0, () => this.#primary()));
  }

  /** What stands behind a match or an operator. */
  operand(): Ast {
    const { tokens } = this;
    if (tokens.isSign('{')) return this.set();
    if (tokens.isSign('@')) return this.reference();
    const first = this.#concat(() => this.#value());
    if (!tokens.isSign(',')) return first;
    // A list of flags; not where a comma ends an element.
    const items: Ast[] = [first];
    while (tokens.isSign(',')) {
      tokens.take();
      items.push(this.#value());
    }
    return { kind: 'list', items, at: span(first.at, (items.at(-1) as Ast).at) };
  }

  /** A value of `set`: an expression, and perhaps a map behind it. */
  assigned(): Ast {
    return this.withMap(this.#concat(() => this.#binary(0, () => this.#primary())));
  }

  withMap(key: Ast): Ast {
    const { tokens } = this;
    if (!tokens.takeWord('map')) return key;
    const map = this.#mapSource();
    return { kind: 'map', key, map, at: span(key.at, map.at) };
  }

  #mapSource(): Ast {
    const { tokens } = this;
    if (tokens.isSign('{')) return this.set();
    if (tokens.isSign('@')) return this.reference();
    throw tokens.unexpected("'{'", '@');
  }

  vmap(): Ast {
    return this.#mapSource();
  }

  reference(): Ast {
    const at = this.tokens.expectSign('@').at;
    if (this.tokens.isWord('ll', 'nh', 'th')) return this.#raw(at);
    const name = this.tokens.identifier();
    return { kind: 'reference', name: name.text, at: span(at, name.at) };
  }

  /** `@th,16,16`: bits of a header; those of a known field mean the field. */
  #raw(at: Ast['at']): Ast {
    const { tokens } = this;
    const base = tokens.take().text;
    tokens.expectSign(',', 'comma');
    const offset = tokens.number().value;
    tokens.expectSign(',', 'comma');
    const length = tokens.number();
    const where = { ll: 'link', nh: 'network', th: 'transport' }[base];
    for (const protocol of ['ether', 'ip', 'th'] as const) {
      const { base: known, fields } = HEADERS[protocol];
      const field = Object.entries(fields).find(
        ([, place]) => known === where && place.offset === offset && place.length === length.value,
      );
      if (field !== undefined) return { kind: 'payload', protocol, field: field[0], at: span(at, length.at) };
    }
    throw new NotSimulated(`@${base},${offset},${length.value}`);
  }

  /** `{ a, b : c, … }` */
  set(): Ast {
    const { tokens } = this;
    const open = tokens.expectSign('{', "'{'");
    const elements: ElementAst[] = [];
    this.#skip();
    if (tokens.isSign('}')) throw tokens.unexpected();
    while (!tokens.isSign('}')) {
      elements.push(this.element());
      this.#skip();
      if (!tokens.takeSign(',')) break;
      this.#skip();
    }
    if (!tokens.isSign('}')) throw tokens.unexpected('comma', "'}'");
    const close = tokens.take();
    return { kind: 'set', elements, at: span(open.at, close.at) };
  }

  #skip(): void {
    while (this.tokens.next.kind === 'newline') this.tokens.take();
  }

  element(): ElementAst {
    const { tokens } = this;
    const key = tokens.isSign('*') ? this.#any() : this.#concat(() => this.#value());
    let timeout: number | undefined;
    let expires: number | undefined;
    let comment: string | undefined;
    const statements: StatementAst[] = [];
    for (;;) {
      if (tokens.takeWord('timeout')) timeout = tokens.time();
      else if (tokens.takeWord('expires')) expires = tokens.time();
      else if (tokens.takeWord('comment')) comment = tokens.string().text;
      else if (tokens.isWord('counter', 'limit', 'quota')) statements.push(this.statements().stateful(tokens));
      else break;
    }
    let data: Ast | undefined;
    if (tokens.takeSign(':')) {
      data = this.#data();
      while (tokens.isWord('timeout', 'comment')) {
        if (tokens.takeWord('timeout')) timeout = tokens.time();
        else if (tokens.takeWord('comment')) comment = tokens.string().text;
      }
    }
    const at = data === undefined ? key.at : span(key.at, data.at);
    return { key, data, timeout, expires, comment, statements, at };
  }

  #any(): Ast {
    return { kind: 'any', at: this.tokens.take().at };
  }

  #data(): Ast {
    const verdict = this.verdict();
    if (verdict !== undefined) return verdict;
    return this.#concat(() => this.#value());
  }

  verdict(): Ast | undefined {
    const { tokens } = this;
    if (tokens.isWord('accept', 'drop', 'continue', 'return')) {
      const { text, at } = tokens.take();
      return { kind: 'verdict', verdict: text, chain: undefined, at };
    }
    if (!tokens.isWord('jump', 'goto')) return undefined;
    const { text, at } = tokens.take();
    const chain = this.chainName();
    return { kind: 'verdict', verdict: text, chain, at: span(at, chain.at) };
  }

  chainName(): NameAst {
    return this.tokens.identifier();
  }

  /** A key of the packet: what `update @set { … }` takes. */
  keyElement(): ElementAst {
    const key = this.expression();
    let timeout: number | undefined;
    const statements: StatementAst[] = [];
    const { tokens } = this;
    let comment: string | undefined;
    for (;;) {
      if (tokens.takeWord('timeout')) timeout = tokens.time();
      else if (tokens.takeWord('comment')) comment = tokens.string().text;
      else if (tokens.isWord('counter', 'limit', 'quota')) statements.push(this.statements().stateful(tokens));
      else break;
    }
    return { key, data: undefined, timeout, expires: undefined, comment, statements, at: key.at };
  }

  #concat(part: () => Ast): Ast {
    const first = part();
    if (!this.tokens.isSign('.')) return first;
    const parts = [first];
    while (this.tokens.takeSign('.')) parts.push(part());
    return { kind: 'concat', parts, at: span(first.at, (parts.at(-1) as Ast).at) };
  }

  /** `|` binds weakest, then `^`, `&`, shifts. */
  #binary(level: number, primary: () => Ast): Ast {
    const signs = LEVELS[level];
    if (signs === undefined) return primary();
    let left = this.#binary(level + 1, primary);
    for (;;) {
      const sign = Object.keys(signs).find((one) => this.tokens.isSign(one));
      if (sign === undefined) return left;
      this.tokens.take();
      const right = this.#binary(level + 1, primary);
      left = { kind: 'binary', op: signs[sign] as BitOperator, left, right, at: span(left.at, right.at) };
    }
  }

  /** One value, a prefix, or a range. */
  #value(): Ast {
    const { tokens } = this;
    const first = this.#binary(0, () => this.#symbol());
    if (tokens.isSign('/') && tokens.peek(1).kind === 'number') {
      tokens.take();
      const length = tokens.number();
      return { kind: 'prefix', of: first, length: length.value, at: span(first.at, length.at) };
    }
    if (tokens.takeSign('-')) {
      const to = this.#binary(0, () => this.#symbol());
      return { kind: 'range', from: first, to, at: span(first.at, to.at) };
    }
    return first;
  }

  #symbol(): Ast {
    const { tokens } = this;
    const { kind, text, at } = tokens.next;
    if (kind === 'quoted' && text.endsWith('*')) {
      tokens.take();
      return { kind: 'wildcard', text, at };
    }
    if (kind === 'number' || kind === 'quoted') {
      tokens.take();
      return { kind: 'symbol', text, at, quoted: kind === 'quoted' };
    }
    if (kind === 'wildcard') {
      tokens.take();
      return { kind: 'wildcard', text, at };
    }
    if (kind === 'word' && (!isKeyword(text) || VALUE_KEYWORDS.has(text) || text === 'exists' || text === 'missing')) {
      tokens.take();
      return { kind: 'symbol', text, at };
    }
    if (tokens.isSign('(')) return this.#parentheses(() => this.#symbol());
    throw tokens.unexpected();
  }

  #parentheses(primary: () => Ast): Ast {
    const { tokens } = this;
    const open = tokens.take();
    const inside = this.#binary(0, primary);
    const close = tokens.expectSign(')', "')'");
    return { ...inside, at: span(open.at, close.at) };
  }

  #primary(): Ast {
    const { tokens } = this;
    const { kind, text, at } = tokens.next;
    if (tokens.isSign('(')) return this.#parentheses(() => this.#primary());
    if (tokens.isSign('@')) return this.reference();
    if (kind !== 'word') return this.#symbol();
    if (text === 'meta') return this.#meta();
    if (text === 'ct') return this.#ct();
    if (text === 'fib') return this.#fib();
    if (text === 'numgen') return this.#numgen();
    if (text === 'jhash' || text === 'symhash') return this.#hash();
    if (BARE_META.has(text)) {
      tokens.take();
      if (LACKING_META.has(text)) throw new NotSimulated(`meta ${text}`);
      return { kind: 'meta', key: text as MetaKey, at };
    }
    if (PAYLOADS.has(text) && !this.#isValueHere()) return this.#payload();
    if (LACKING_PRIMARY.has(text)) throw new NotSimulated(text);
    return this.#symbol();
  }

  /** `mark set ip …` never; but a bare protocol name at the end of something is a value. */
  #isValueHere(): boolean {
    const after = this.tokens.peek(1);
    return after.kind === 'sign' && (after.text === ',' || after.text === '}' || after.text === ':');
  }

  #meta(): Ast {
    const { tokens } = this;
    const at = tokens.take().at;
    const { kind, text, at: keyAt } = tokens.next;
    if (kind !== 'word') throw tokens.unexpected();
    if (!META_KEYS.includes(text))
      throw new NftProblem(`syntax error, unexpected ${text}, known keys are ${META_KEYS.join(', ')}`, span(at, keyAt));
    tokens.take();
    if (LACKING_META.has(text)) throw new NotSimulated(`meta ${text}`);
    return { kind: 'meta', key: text as MetaKey, at: span(at, keyAt) };
  }

  #ct(): Ast {
    const { tokens } = this;
    const at = tokens.take().at;
    let direction: CtDirection | undefined;
    if (tokens.isWord('original', 'reply')) direction = tokens.take().text as CtDirection;
    let family: 4 | 6 | undefined;
    if (tokens.isWord('ip', 'ip6')) family = tokens.take().text === 'ip' ? 4 : 6;
    const { kind, text, at: keyAt } = tokens.next;
    if (kind === 'word' && LACKING_CT.has(text)) throw new NotSimulated(`ct ${text}`);
    if (kind !== 'word' || !CT_KEYS.has(text)) throw tokens.unexpected();
    tokens.take();
    return { kind: 'ct', key: text as CtKey, direction, family, at: span(at, keyAt) };
  }

  #fib(): Ast {
    const { tokens } = this;
    const at = tokens.take().at;
    const flags: FibFlag[] = [];
    do {
      if (!tokens.isWord('saddr', 'daddr', 'mark', 'iif', 'oif')) throw tokens.unexpected();
      flags.push(tokens.take().text as FibFlag);
    } while (tokens.takeSign('.'));
    if (!tokens.isWord('oif', 'oifname', 'type')) throw tokens.unexpected('oif', 'oifname', 'type');
    const result = tokens.take();
    return { kind: 'fib', flags, result: result.text as FibResult, at: span(at, result.at) };
  }

  #numgen(): Ast {
    const { tokens } = this;
    const at = tokens.take().at;
    if (!tokens.isWord('inc', 'random')) throw tokens.unexpected('random', 'inc');
    const mode = tokens.take().text === 'inc' ? 'inc' : 'random';
    tokens.expectWord('mod');
    const modulus = tokens.number();
    const offset = this.#offset();
    return { kind: 'numgen', mode, modulus: modulus.value, offset, at: span(at, tokens.last.at) };
  }

  #offset(): number {
    return this.tokens.takeWord('offset') ? this.tokens.number().value : 0;
  }

  #hash(): Ast {
    const { tokens } = this;
    const { text, at } = tokens.take();
    const of = text === 'jhash' ? this.expression() : undefined;
    tokens.expectWord('mod');
    const modulus = tokens.number().value;
    const seed = of !== undefined && tokens.takeWord('seed') ? tokens.number().value : undefined;
    const offset = this.#offset();
    const whole = span(at, tokens.last.at);
    if (of === undefined) return { kind: 'symhash', modulus, offset, at: whole };
    return { kind: 'jhash', of, modulus, seed, offset, at: whole };
  }

  #payload(): Ast {
    const { tokens } = this;
    const { text, at } = tokens.take();
    const protocol = text as PayloadProtocol;
    const { fields } = HEADERS[protocol];
    const word = tokens.next;
    let field = word.kind === 'word' ? word.text : '';
    if (protocol === 'arp' && (field === 'saddr' || field === 'daddr')) {
      tokens.take();
      field = `${field} ${tokens.next.text}`;
    }
    if ((field === 'option' || field === 'options') && (protocol === 'tcp' || protocol === 'ip'))
      throw new NotSimulated(`${protocol} ${field}`);
    if (field === 'seq' && protocol === 'icmp') field = 'sequence';
    if (!(field in fields)) throw tokens.unexpected();
    const last = tokens.take();
    return { kind: 'payload', protocol, field, at: span(at, last.at) };
  }
}

const LEVELS: readonly Readonly<Record<string, BitOperator>>[] = [
  { '|': 'or' },
  { '^': 'xor' },
  { '&': 'and' },
  { '<<': 'lshift', '>>': 'rshift' },
];
