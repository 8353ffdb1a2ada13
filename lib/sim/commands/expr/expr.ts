import { Regex, RegexError } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, program, usageError } from '../coreutils.ts';

export const expr: CommandSpec = {
  ...program('expr', 'evaluate expressions'),
  *run(process) {
    const words = process.argv.slice(process.argv[1] === '--' ? 2 : 1);
    if (words.length === 0) return yield* usageError(process, 'expr', 'missing operand', 2);
    try {
      const value = new Evaluator(words).value();
      yield* process.print(`${value}\n`);
      return value === '' || /^-?0+$/.test(value) ? 1 : 0;
    } catch (error) {
      if (error instanceof ExprError || error instanceof RegexError)
        return yield* failure(process, 'expr', error.message, 2);
      throw error;
    }
  },
};

class ExprError extends Error {}

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

/** The grammar of expr(1): operators on six levels over integers and strings. */
class Evaluator {
  #at = 0;

  constructor(private readonly words: readonly string[]) {}

  value(): string {
    const value = this.#level(0);
    const rest = this.words[this.#at];
    if (rest !== undefined) throw new ExprError(`syntax error: unexpected argument ‘${rest}’`);
    return value;
  }

  #level(level: number): string {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#primary();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.words[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      left = apply(operator, left, this.#level(level + 1));
    }
  }

  #next(): string {
    const word = this.words[this.#at];
    if (word === undefined) throw new ExprError(`syntax error: missing argument after ‘${this.words[this.#at - 1]}’`);
    this.#at++;
    return word;
  }

  #primary(): string {
    const word = this.#next();
    if (word === '(') {
      const value = this.#level(0);
      const close = this.words[this.#at];
      if (close === undefined) throw new ExprError(`syntax error: expecting ')' after ‘${this.words[this.#at - 1]}’`);
      if (close !== ')') throw new ExprError(`syntax error: expecting ')' instead of ‘${close}’`);
      this.#at++;
      return value;
    }
    if (word === ')') throw new ExprError("syntax error: unexpected ')'");
    if (this.#at < this.words.length) {
      if (word === '+') return this.#next();
      if (word === 'length') return String([...this.#level(5)].length);
      if (word === 'match') return match(this.#level(5), this.#level(5));
      if (word === 'index') {
        const [text, characters] = [this.#level(5), this.#level(5)];
        return String([...text].findIndex((c) => characters.includes(c)) + 1);
      }
      if (word === 'substr') {
        const [text, start, length] = [this.#level(5), Number(this.#level(5)), Number(this.#level(5))];
        return start >= 1 && length >= 1 ? text.slice(start - 1, start - 1 + length) : '';
      }
    }
    return word;
  }
}

const isInteger = (text: string) => /^-?\d+$/.test(text);
const isNull = (text: string) => text === '' || /^-?0+$/.test(text);

function apply(operator: string, left: string, right: string): string {
  switch (operator) {
    case '|':
      return isNull(left) ? (isNull(right) ? '0' : right) : left;
    case '&':
      return isNull(left) || isNull(right) ? '0' : left;
    case ':':
      return match(left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(operator, left, right);
  }
  const numbers = isInteger(left) && isInteger(right);
  const [a, b] = numbers ? [BigInt(left), BigInt(right)] : [left, right];
  const holds = { '<': a < b, '<=': a <= b, '=': a === b, '==': a === b, '!=': a !== b, '>=': a >= b, '>': a > b }[
    operator
  ];
  return holds ? '1' : '0';
}

function arithmetic(operator: string, left: string, right: string): string {
  if (!isInteger(left) || !isInteger(right)) throw new ExprError('non-integer argument');
  const [a, b] = [BigInt(left), BigInt(right)];
  if ((operator === '/' || operator === '%') && b === 0n) throw new ExprError('division by zero');
  const value =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b;
  return String(value);
}

/** Anchored at the start; the first group when there is one, the length matched otherwise. */
function match(text: string, pattern: string): string {
  const regex = new Regex(pattern, 'basic');
  const found = regex.exec(text);
  const matched = found !== undefined && found.start === 0;
  if (regex.groups > 0) return matched ? (found.groups[0] ?? '') : '';
  return String(matched ? found.end : 0);
}
