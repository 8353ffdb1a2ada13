/** Where an expression reads and writes the shell's variables. */
export type ArithmeticVariables = {
  /** The text of a variable or array element; undefined when it is unset. */
  get(name: string, subscript: string | undefined): string | undefined;
  set(name: string, subscript: string | undefined, value: string): void;
  /** Called for an unset name, which `set -u` makes an error. */
  unset(name: string): void;
};

export class ArithmeticError extends Error {
  override name = 'ArithmeticError';
}

type Token = {
  readonly type: 'number' | 'name' | 'op' | 'end';
  readonly text: string;
  readonly at: number;
  readonly subscript?: string;
};

const OPERATORS = [
  '<<=',
  '>>=',
  '**',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '^=',
  '|=',
  ...'+-*/%<>=!~&^|?:,()',
];
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '^=', '|=', '<<=', '>>=']);

/** Binary operators by how tightly they bind (bash(1), ARITHMETIC EVALUATION). */
const PRECEDENCE: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

/** How deep parentheses, and variables whose values are expressions, may nest together; bash stops at 1,024. */
const MAX_DEPTH = 400;

/** Evaluates an expression in 64-bit two's complement. Errors carry bash's words. */
export function evaluateArithmetic(source: string, variables: ArithmeticVariables, depth = 0): bigint {
  if (depth >= MAX_DEPTH)
    throw new ArithmeticError(
      `${source.trim()}: expression recursion level exceeded (error token is "${source.trim()}")`,
    );
  return new Evaluator(source, variables, depth).run();
}

class Evaluator {
  readonly #tokens: Token[];
  #at = 0;
  #depth: number;
  /** Above 0: in the branch not taken of && || ?:, where nothing is assigned. */
  #skipping = 0;

  constructor(
    readonly source: string,
    readonly variables: ArithmeticVariables,
    depth: number,
  ) {
    this.#depth = depth;
    this.#tokens = tokenize(source, (message, at) => this.#error(message, at));
  }

  run(): bigint {
    if (this.#peek().type === 'end') return 0n;
    const value = this.#comma();
    const rest = this.#peek();
    if (rest.type !== 'end')
      this.#error(
        rest.type === 'op' && rest.text !== ')' && rest.text !== ':'
          ? 'syntax error: operand expected'
          : 'syntax error in expression',
        rest.at,
      );
    return value;
  }

  #error(message: string, at: number): never {
    const token = this.source.slice(at);
    const shown = this.source.replace(/^\s+/, '');
    throw new ArithmeticError(`${shown}: ${message} (error token is "${token === '' ? shown : token}")`);
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #isOp(text: string): boolean {
    const token = this.#peek();
    return token.type === 'op' && token.text === text;
  }

  #comma(): bigint {
    let value = this.#assignment();
    while (this.#isOp(',')) {
      this.#at++;
      value = this.#assignment();
    }
    return value;
  }

  #assignment(): bigint {
    if (++this.#depth > MAX_DEPTH) this.#error('expression recursion level exceeded', this.#peek().at);
    const start = this.#at;
    const token = this.#peek();
    const operator = this.#tokens[start + 1];
    let value: bigint;
    if (token.type === 'name' && operator?.type === 'op' && ASSIGNMENTS.has(operator.text)) {
      this.#at += 2;
      const right = this.#assignment();
      value =
        operator.text === '=' ? right : this.#binary(operator.text.slice(0, -1), this.#read(token), right, operator.at);
      this.#write(token, value);
    } else {
      value = this.#conditional();
      const next = this.#peek();
      if (next.type === 'op' && ASSIGNMENTS.has(next.text))
        this.#error('attempted assignment to non-variable', next.at);
    }
    this.#depth--;
    return value;
  }

  #conditional(): bigint {
    const condition = this.#operators(1);
    if (!this.#isOp('?')) return condition;
    const question = this.#at++;
    if (this.#isOp(':') || this.#peek().type === 'end')
      this.#error(
        'expression expected',
        this.#peek().type === 'end' ? (this.#tokens[question] as Token).at : this.#peek().at,
      );
    const yes = this.#unless(condition === 0n, () => this.#comma());
    if (!this.#isOp(':')) this.#error("`:' expected for conditional expression", this.#lastAt());
    this.#at++;
    if (this.#peek().type === 'end') this.#error('expression expected', this.#lastAt());
    const no = this.#unless(condition !== 0n, () => this.#assignment());
    return condition === 0n ? no : yes;
  }

  #unless<T>(skip: boolean, evaluate: () => T): T {
    if (skip) this.#skipping++;
    try {
      return evaluate();
    } finally {
      if (skip) this.#skipping--;
    }
  }

  #operators(lowest: number): bigint {
    let left = this.#power();
    for (;;) {
      const token = this.#peek();
      const precedence = token.type === 'op' ? PRECEDENCE[token.text] : undefined;
      if (precedence === undefined || precedence < lowest) return left;
      this.#at++;
      const skip = (token.text === '&&' && left === 0n) || (token.text === '||' && left !== 0n);
      const right = this.#unless(skip, () => this.#operators(precedence + 1));
      left = this.#binary(token.text, left, right, this.#lastAt());
    }
  }

  /** Where the last token taken began: bash's error token for what is missing or wrong behind it. */
  #lastAt(): number {
    return this.#tokens[this.#at - 1]?.at ?? 0;
  }

  #power(): bigint {
    const base = this.#unary();
    if (!this.#isOp('**')) return base;
    this.#at++;
    if (++this.#depth > MAX_DEPTH) this.#error('expression recursion level exceeded', this.#lastAt());
    const exponent = this.#power();
    this.#depth--;
    if (exponent < 0n) this.#error('exponent less than 0', this.#lastAt());
    return power(base, exponent);
  }

  #unary(): bigint {
    const token = this.#peek();
    if (token.type !== 'op') return this.#postfix();
    if (!['+', '-', '!', '~', '++', '--'].includes(token.text)) return this.#postfix();
    if (++this.#depth > MAX_DEPTH) this.#error('expression recursion level exceeded', token.at);
    this.#at++;
    const value = token.text === '++' || token.text === '--' ? this.#prefixStep(token) : this.#applyUnary(token.text);
    this.#depth--;
    return value;
  }

  #applyUnary(operator: string): bigint {
    const value = this.#unary();
    if (operator === '!') return value === 0n ? 1n : 0n;
    if (operator === '~') return wrap(~value);
    return operator === '-' ? wrap(-value) : value;
  }

  #prefixStep(token: Token): bigint {
    const target = this.#peek();
    if (target.type !== 'name') {
      const value = this.#unary();
      return value;
    }
    this.#at++;
    const value = wrap(this.#read(target) + (token.text === '++' ? 1n : -1n));
    this.#write(target, value);
    return value;
  }

  #postfix(): bigint {
    const token = this.#peek();
    if (token.type === 'number') {
      this.#at++;
      return this.#number(token);
    }
    if (token.type === 'name') {
      this.#at++;
      const value = this.#read(token);
      if (!this.#isOp('++') && !this.#isOp('--')) return value;
      const step = this.#peek().text === '++' ? 1n : -1n;
      this.#at++;
      this.#write(token, wrap(value + step));
      return value;
    }
    if (token.text === '(' && token.type === 'op') {
      this.#at++;
      const value = this.#comma();
      if (!this.#isOp(')')) this.#error("missing `)'", this.#peek().type === 'end' ? this.#lastAt() : this.#peek().at);
      this.#at++;
      return value;
    }
    return this.#error('syntax error: operand expected', token.type === 'end' ? this.#lastAt() : token.at);
  }

  #number(token: Token): bigint {
    const { text } = token;
    const based = /^(\d+)#(.*)$/.exec(text);
    if (based !== null) return this.#basedNumber(Number(based[1]), based[2] as string, token.at);
    if (/^0[xX]/.test(text)) {
      if (!/^0[xX][0-9a-fA-F]*$/.test(text)) this.#error('value too great for base', token.at);
      return wrap(BigInt(text.length === 2 ? '0' : text));
    }
    if (/^0\d/.test(text) || /^0[^\d]/.test(text)) {
      if (!/^[0-7]+$/.test(text)) this.#error('value too great for base', token.at);
      return wrap(BigInt(`0o${text}`));
    }
    if (!/^\d+$/.test(text)) this.#error('value too great for base', token.at);
    return wrap(BigInt(text));
  }

  #basedNumber(base: number, digits: string, at: number): bigint {
    if (base < 2 || base > 64) this.#error('invalid arithmetic base', at);
    if (digits === '') this.#error('invalid integer constant', at);
    let value = 0n;
    for (const digit of digits) {
      const worth = digitValue(digit, base);
      if (worth === undefined || worth >= base) this.#error('value too great for base', at);
      value = value * BigInt(base) + BigInt(worth);
    }
    return wrap(value);
  }

  #read(token: Token): bigint {
    const text = this.variables.get(token.text, token.subscript);
    if (text === undefined) {
      if (this.#skipping === 0) this.variables.unset(token.text);
      return 0n;
    }
    if (/^\s*-?(0|[1-9]\d{0,17})\s*$/.test(text)) return BigInt(text.trim());
    return text.trim() === '' ? 0n : evaluateArithmetic(text, this.variables, this.#depth + 1);
  }

  #write(token: Token, value: bigint): void {
    if (this.#skipping === 0) this.variables.set(token.text, token.subscript, String(value));
  }

  #binary(operator: string, a: bigint, b: bigint, at: number): bigint {
    if ((operator === '/' || operator === '%') && b === 0n) {
      if (this.#skipping > 0) return 0n;
      this.#error('division by 0', at);
    }
    return wrap(BINARY[operator]?.(a, b) ?? 0n);
  }
}

const truth = (value: boolean): bigint => (value ? 1n : 0n);

const BINARY: Record<string, (a: bigint, b: bigint) => bigint> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<<': (a, b) => a << (b & 63n),
  '>>': (a, b) => a >> (b & 63n),
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '|': (a, b) => a | b,
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '&&': (a, b) => truth(a !== 0n && b !== 0n),
  '||': (a, b) => truth(a !== 0n || b !== 0n),
};

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Square and multiply, wrapping at every step, so that a huge exponent costs no more than 64 rounds. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = wrap(square * square))
    if (left & 1n) result = wrap(result * square);
  return result;
}

function digitValue(digit: string, base: number): number | undefined {
  if (/\d/.test(digit)) return Number(digit);
  if (/[a-z]/.test(digit)) return digit.charCodeAt(0) - 87;
  if (/[A-Z]/.test(digit)) return base <= 36 ? digit.charCodeAt(0) - 55 : digit.charCodeAt(0) - 29;
  return digit === '@' ? 62 : digit === '_' ? 63 : undefined;
}

function tokenize(source: string, error: (message: string, at: number) => never): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(source[at] ?? '')) at++;
    if (at >= source.length) break;
    const number = /^\d[0-9a-zA-Z_@#]*/.exec(source.slice(at, at + 80));
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(source.slice(at, at + 256));
    const operator = OPERATORS.find((candidate) => source.startsWith(candidate, at));
    if (number !== null) tokens.push({ type: 'number', text: number[0], at });
    else if (name !== null) {
      const close = source[at + name[0].length] === '[' ? closingBracket(source, at + name[0].length) : undefined;
      const subscript = close === undefined ? undefined : source.slice(at + name[0].length + 1, close);
      tokens.push(
        subscript === undefined ? { type: 'name', text: name[0], at } : { type: 'name', text: name[0], at, subscript },
      );
      at = close === undefined ? at + name[0].length : close + 1;
      continue;
    } else if (operator !== undefined) tokens.push({ type: 'op', text: operator, at });
    else error('syntax error: invalid arithmetic operator', at);
    at += (number?.[0] ?? operator ?? '').length;
  }
  tokens.push({ type: 'end', text: '', at: source.length });
  return tokens;
}

function closingBracket(source: string, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    if (source[i] === '[') depth++;
    else if (source[i] === ']' && --depth === 0) return i;
  }
  return undefined;
}
