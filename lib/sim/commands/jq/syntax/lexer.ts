import { encodeText } from '../../../os/index.ts';
import { JsonError, parseJson } from '../values/parse.ts';

/** A token: its kind as syntax errors name it, its text where that matters, and where it stands (UTF-16 units). */
export type Token = {
  readonly kind: string;
  readonly text: string;
  readonly value: string | number | undefined;
  readonly start: number;
  readonly end: number;
  /** What is wrong with a literal; the parser reports it and goes on with null. */
  readonly problem?: string;
};

const KEYWORDS = new Set(
  'as import include module def if then else elif and or end reduce foreach try catch label break __loc__'.split(' '),
);
/** Longest first. */
const SIGNS = ['?//', '//=', '!=', '==', '//', '|=', '+=', '-=', '*=', '/=', '%=', '<=', '>=', '..'];
const SINGLE = '.?=;,:|+-*/%$<>';
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const INTERPOLATION = '\\(';

/** Cuts a program into tokens, one at a time: a bracket that closes nothing is an invalid character, as in jq. */
export class Lexer {
  #at = 0;
  /** Open brackets; `"` inside a string, `\(` inside its interpolation. */
  readonly #open: string[] = [];

  constructor(private readonly source: string) {}

  next(): Token | undefined {
    if (this.#open.at(-1) === '"') return this.#inString();
    this.#match(/(?:[ \n\t]|#[^\r\n]*)+/y);
    const start = this.#at;
    if (start >= this.source.length) return undefined;
    const c = this.source[start] as string;
    return this.#word(start) ?? this.#number(start) ?? this.#bracket(c, start) ?? this.#sign(c, start);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.source)?.[0];
    if (found === undefined || found === '') return undefined;
    this.#at += found.length;
    return found;
  }

  #token(kind: string, start: number, value?: string | number): Token {
    return { kind, text: this.source.slice(start, this.#at), value, start, end: this.#at };
  }

  #word(start: number): Token | undefined {
    const format = this.#match(/@[a-zA-Z0-9_]+/y);
    if (format !== undefined) return this.#token('FORMAT', start, format.slice(1));
    const field = this.#match(/\.[a-zA-Z_]\w*/y);
    if (field !== undefined) return this.#token('FIELD', start, field.slice(1));
    const name = this.#match(/(?:[a-zA-Z_]\w*::)*[a-zA-Z_]\w*/y);
    if (name === undefined) return undefined;
    return this.#token(KEYWORDS.has(name) ? name : 'IDENT', start, name);
  }

  #number(start: number): Token | undefined {
    const lone = /\.{1,2}(?![\d.])/y;
    lone.lastIndex = start;
    if (lone.test(this.source)) return undefined;
    const text = this.#match(/[\d.]+(?:[eE][+-]?\d+)?/y);
    if (text === undefined) return undefined;
    return this.#literal('LITERAL', text, start);
  }

  #literal(kind: string, json: string, start: number): Token {
    try {
      return this.#token(kind, start, parseJson(json, encodeText(json)) as string | number);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      return { ...this.#token(kind, start), problem: error.message };
    }
  }

  #bracket(c: string, start: number): Token | undefined {
    if ('([{'.includes(c)) {
      this.#at++;
      this.#open.push(c);
      return this.#token(`'${c}'`, start);
    }
    if (')]}'.includes(c)) {
      this.#at++;
      const opening = this.#open.at(-1);
      const interpolation = opening === INTERPOLATION && c === ')';
      if (!interpolation && (opening === undefined || CLOSING[opening] !== c)) {
        return this.#token('INVALID_CHARACTER', start);
      }
      this.#open.pop();
      return this.#token(interpolation ? 'QQSTRING_INTERP_END' : `'${c}'`, start);
    }
    if (c !== '"') return undefined;
    this.#at++;
    this.#open.push('"');
    return this.#token('QQSTRING_START', start);
  }

  #sign(c: string, start: number): Token {
    const sign = SIGNS.find((text) => this.source.startsWith(text, start));
    if (sign !== undefined) {
      this.#at += sign.length;
      return this.#token(sign, start);
    }
    this.#at += c.length;
    return this.#token(SINGLE.includes(c) ? `'${c}'` : 'INVALID_CHARACTER', start);
  }

  #inString(): Token | undefined {
    const start = this.#at;
    if (start >= this.source.length) return undefined;
    if (this.source.startsWith(INTERPOLATION, start)) {
      this.#at += 2;
      this.#open.push(INTERPOLATION);
      return this.#token('QQSTRING_INTERP_START', start);
    }
    if (this.source[start] === '"') {
      this.#at++;
      this.#open.pop();
      return this.#token('QQSTRING_END', start);
    }
    const escapes = this.#match(/(?:\\[^u(]|\\u[a-zA-Z0-9]{0,4})+/y);
    if (escapes !== undefined) return this.#literal('QQSTRING_TEXT', `"${escapes}"`, start);
    const text = this.#match(/[^\\"]+/y);
    if (text !== undefined) return this.#token('QQSTRING_TEXT', start, text);
    this.#at++;
    return this.#token('INVALID_CHARACTER', start);
  }
}
