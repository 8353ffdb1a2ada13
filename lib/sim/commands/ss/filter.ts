import { Cidr, Ip } from '../../base/index.ts';
import type { DiagMessage } from '../../kernel/inet/index.ts';
import { unmapped } from '../../kernel/inet/index.ts';

export type Filter = (socket: DiagMessage) => boolean;

/** What ss prints on standard error, and its exit status. */
export class FilterError extends Error {
  constructor(
    readonly text: string,
    readonly usage: boolean,
    readonly status: number,
  ) {
    super(text);
  }
}

/** What names in a filter mean. */
export type FilterNames = {
  readonly host: (name: string) => Ip | undefined;
  readonly port: (name: string) => number | undefined;
  readonly device: (name: string) => number | undefined;
};

const syntaxError = (): FilterError =>
  new FilterError('ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n', true, 255);

const OPERATORS: Readonly<Record<string, '=' | '!=' | '>=' | '<=' | '>' | '<'>> = {
  '=': '=',
  '==': '=',
  eq: '=',
  '!=': '!=',
  ne: '!=',
  neq: '!=',
  '>=': '>=',
  ge: '>=',
  geq: '>=',
  '<=': '<=',
  le: '<=',
  leq: '<=',
  '>': '>',
  gt: '>',
  '<': '<',
  lt: '<',
};
const AND = new Set(['&', '&&', 'and']);
const OR = new Set(['|', '||', 'or']);
const NOT = new Set(['!', 'not']);

/**
 * The expressions behind ss's options: dst, src, dport, sport, dev, fwmark, autobound, with not, and, or and parentheses;
 * what stands side by side must hold together (ssfilter.y).
 */
export function parseFilter(words: readonly string[], names: FilterNames): Filter {
  const tokens = words.flatMap((word) => word.split(/[ \t]+/).filter((token) => token !== ''));
  if (tokens.length === 0) return () => true;
  const parser = new Parser(tokens, names);
  const filter = parser.list();
  if (!parser.isDone) throw syntaxError();
  return filter;
}

class Parser {
  #at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly names: FilterNames,
  ) {}

  get isDone(): boolean {
    return this.#at >= this.tokens.length;
  }

  get #next(): string | undefined {
    return this.tokens[this.#at];
  }

  list(): Filter {
    let left = this.#all();
    while (this.#next !== undefined && OR.has(this.#next)) {
      this.#at++;
      const [a, b] = [left, this.#all()];
      left = (socket) => a(socket) || b(socket);
    }
    return left;
  }

  #all(): Filter {
    let left = this.#expression();
    for (let next = this.#next; next !== undefined && next !== ')' && !OR.has(next); next = this.#next) {
      if (AND.has(next)) this.#at++;
      const [a, b] = [left, this.#expression()];
      left = (socket) => a(socket) && b(socket);
    }
    return left;
  }

  #expression(): Filter {
    const token = this.#next;
    if (token === undefined) throw syntaxError();
    this.#at++;
    if (token === '(') {
      const inner = this.list();
      if (this.#next !== ')') throw syntaxError();
      this.#at++;
      return inner;
    }
    if (NOT.has(token)) {
      const inner = this.#expression();
      return (socket) => !inner(socket);
    }
    return this.#condition(token);
  }

  #condition(word: string): Filter {
    switch (word) {
      case 'dst':
      case 'src':
        this.#optionalEquals();
        return this.#host(word === 'dst' ? 'remote' : 'local', this.#value());
      case 'dport':
      case 'sport':
        return this.#port(word === 'dport' ? 'remote' : 'local');
      case 'dev':
        return this.#device();
      case 'fwmark':
        return this.#mark();
      case 'autobound':
        return ({ socket }) => socket?.boundPort === false;
      default:
        // Whatever else stands there is read as an address, which then is not where one may be.
        this.#host('remote', word);
        throw syntaxError();
    }
  }

  #value(): string {
    const token = this.#next;
    if (token === undefined) throw syntaxError();
    this.#at++;
    return token;
  }

  #operator(): (typeof OPERATORS)[string] {
    const known = OPERATORS[this.#next ?? ''];
    if (known !== undefined) this.#at++;
    return known ?? '=';
  }

  #optionalEquals(): void {
    if (OPERATORS[this.#next ?? ''] === '=') this.#at++;
  }

  #port(end: 'local' | 'remote'): Filter {
    const operator = this.#operator();
    const text = this.#value().replace(/^:/, '');
    const port = this.#portNumber(text);
    const compare = {
      '=': (actual: number) => port === undefined || actual === port,
      '!=': (actual: number) => actual !== port,
      '>=': (actual: number) => actual >= (port ?? 0),
      '<=': (actual: number) => actual <= (port ?? 0),
      '>': (actual: number) => actual > (port ?? 0),
      '<': (actual: number) => actual < (port ?? 0),
    }[operator];
    return (socket) => compare(socket[end].port);
  }

  /** undefined: any. */
  #portNumber(text: string): number | undefined {
    if (text === '' || text === '*') return undefined;
    const port = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : this.names.port(text);
    if (port === undefined)
      throw new FilterError(`Error: "${text}" does not look like a port.\nCannot parse dst/src address.\n`, false, 1);
    return port;
  }

  /** `ADDRESS[/PREFIX][:PORT]`, an IPv6 address with a port in brackets. */
  #host(end: 'local' | 'remote', text: string): Filter {
    const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
    const colon = text.lastIndexOf(':');
    const [address = '', port = ''] =
      bracketed !== null
        ? [bracketed[1], bracketed[2] ?? '']
        : colon === -1
          ? [text, '']
          : [text.slice(0, colon), text.slice(colon + 1)];
    const wantedPort = this.#portNumber(port);
    const prefix = address === '' || address === '*' ? undefined : this.#prefix(address);
    return (socket) =>
      (wantedPort === undefined || socket[end].port === wantedPort) &&
      (prefix === undefined || prefix.contains(unmapped(socket[end].address)));
  }

  #prefix(text: string): Cidr {
    const [head = '', length] = text.split('/');
    const address = Ip.parse(head) ?? this.names.host(head);
    const bits = length === undefined ? address?.bits : Number(length);
    if (address === undefined || bits === undefined || !(bits >= 0 && bits <= address.bits))
      throw new FilterError(
        `Error: an inet prefix is expected rather than "${text}".\nCannot parse dst/src address.\n`,
        false,
        1,
      );
    return new Cidr(address, bits);
  }

  #device(): Filter {
    const operator = this.#operator();
    const name = this.#value();
    const ifindex = this.names.device(name) ?? (/^\d+$/.test(name) ? Number(name) : undefined);
    if (ifindex === undefined) throw new FilterError('Cannot parse device.\n', false, 1);
    return (socket) => (socket.ifindex === ifindex) !== (operator === '!=');
  }

  #mark(): Filter {
    const operator = this.#operator();
    const [value = '', mask = '0xffffffff'] = this.#value().split('/');
    const [wanted, bits] = [Number(value), Number(mask)];
    if (Number.isNaN(wanted) || Number.isNaN(bits)) throw new FilterError('Cannot parse mark.\n', false, 1);
    return ({ mark }) => ((mark & bits) >>> 0 === wanted) !== (operator === '!=');
  }
}
