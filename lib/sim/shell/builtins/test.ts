import type { Wait } from '../../os/index.ts';
import { compareNumbers, unaryTest } from '../run/condition.ts';
import { compareFiles } from '../run/file-test.ts';
import type { Shell } from '../shell.ts';
import type { Builtins } from './builtin.ts';

/** What test(1) cannot evaluate; status 2. */
export class TestError extends Error {
  override name = 'TestError';
}

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-ef', '-nt', '-ot']);

/** What the expression may ask besides comparing texts and numbers. */
export type TestHost = {
  readonly unary: (op: string, operand: string) => boolean;
  readonly files: (op: '-ef' | '-nt' | '-ot', left: string, right: string) => boolean;
};

/** POSIX decides by the number of arguments up to four; beyond that it is a grammar with -a, -o, ! and parentheses. */
export function evaluateTest(args: readonly string[], host: TestHost): boolean {
  return new TestExpression(args, host).run();
}

class TestExpression {
  #at = 0;

  constructor(
    private readonly args: readonly string[],
    private readonly host: TestHost,
  ) {}

  run(): boolean {
    const { args } = this;
    if (args.length === 0) return false;
    const short = this.#byCount(args);
    if (short !== undefined) return short;
    const value = this.#or();
    if (this.#at < args.length)
      throw new TestError(args.length === 3 ? `${args[1]}: binary operator expected` : 'too many arguments');
    return value;
  }

  #byCount(args: readonly string[]): boolean | undefined {
    const [a = '', b = '', c = ''] = args;
    if (args.length === 1) return a !== '';
    if (args.length === 2) {
      if (a === '!') return b === '';
      if (UNARY.test(a)) return this.#unary(a, b);
      throw new TestError(`${a}: unary operator expected`);
    }
    if (args.length === 3) {
      if (BINARY.has(b)) return this.#binary(a, b, c);
      if (b === '-a' || b === '-o') return b === '-a' ? a !== '' && c !== '' : a !== '' || c !== '';
      if (a === '!') return !(this.#byCount([b, c]) ?? false);
      if (a === '(' && c === ')') return b !== '';
      throw new TestError(`${b}: binary operator expected`);
    }
    if (args.length === 4) {
      if (a === '!') return !(this.#byCount(args.slice(1)) ?? false);
      if (a === '(' && args[3] === ')') return this.#byCount([b, c]);
    }
    return undefined;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.args[this.#at] === '-o') {
      this.#at++;
      const right = this.#and();
      value ||= right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#primary();
    while (this.args[this.#at] === '-a') {
      this.#at++;
      const right = this.#primary();
      value &&= right;
    }
    return value;
  }

  #primary(): boolean {
    const { args } = this;
    const head = args[this.#at];
    if (head === undefined) throw new TestError('argument expected');
    const operator = args[this.#at + 1];
    if (operator !== undefined && BINARY.has(operator) && args[this.#at + 2] !== undefined) {
      this.#at += 3;
      return this.#binary(head, operator, args[this.#at - 1] as string);
    }
    if (head === '!') {
      this.#at++;
      return !this.#primary();
    }
    if (head === '(') {
      this.#at++;
      const value = this.#or();
      if (args[this.#at] !== ')') throw new TestError("`)' expected");
      this.#at++;
      return value;
    }
    if (UNARY.test(head) && operator !== undefined && operator !== '-a' && operator !== '-o') {
      this.#at += 2;
      return this.#unary(head, operator);
    }
    this.#at++;
    return head !== '';
  }

  #unary(op: string, operand: string): boolean {
    if (op === '-n') return operand !== '';
    if (op === '-z') return operand === '';
    if (op === '-t' && !/^\s*\d+\s*$/.test(operand)) throw new TestError(`${operand}: integer expression expected`);
    return this.host.unary(op === '-a' ? '-e' : op, operand);
  }

  #binary(left: string, op: string, right: string): boolean {
    switch (op) {
      case '=':
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      case '-ef':
      case '-nt':
      case '-ot':
        return this.host.files(op, left, right);
      default:
        return compareNumbers(op, integer(left), integer(right));
    }
  }
}

function integer(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ''));
}

function* test(shell: Shell, args: readonly string[], { name }: { name: string }): Generator<Wait, number, void> {
  let words = args;
  if (name === '[') {
    if (args.at(-1) !== ']') {
      yield* shell.printError("[: missing `]'");
      return 2;
    }
    words = args.slice(0, -1);
  }
  try {
    const host: TestHost = {
      unary: (op, operand) => unaryTest(shell, op, operand),
      files: (op, left, right) => compareFiles(shell.process, op, left, right),
    };
    return evaluateTest(words, host) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    yield* shell.printError(`${name}: ${error.message}`);
    return 2;
  }
}

export const testBuiltins: Builtins = {
  test: { usage: 'test [expr]', run: test },
  '[': { usage: '[ arg... ]', run: test },
};
