/**
 * JSON as Go's encoding/json reads it, which the plugins are written with: objects keep the order and the repetitions of
 * their keys, numbers their text, and what is wrong is said in the scanner's own words.
 */
export type Json =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | JsonObject;

export type JsonObject = {
  readonly kind: 'object';
  readonly entries: readonly (readonly [key: string, value: Json])[];
};

export class JsonError extends Error {}

/** encoding/json gives up on what is nested deeper. */
const DEPTH_LIMIT = 10_000;

/** Throws JsonError. */
export function parseJson(text: string): Json {
  return new Parser(text).whole();
}

/** A character in the scanner's messages: in single quotes, escaped as in Go source. */
function quoted(c: string): string {
  if (c === "'") return `'\\''`;
  if (c === '"') return `'"'`;
  return `'${JSON.stringify(c).slice(1, -1)}'`;
}

type Frame =
  | { readonly kind: 'array'; readonly items: Json[] }
  | { readonly kind: 'object'; readonly entries: [string, Json][]; key: string };

class Parser {
  #at = 0;
  /** What is open, outermost first: no recursion, so that no depth of input grows the stack. */
  readonly #open: Frame[] = [];

  constructor(private readonly text: string) {}

  whole(): Json {
    let value = this.#begin();
    for (;;) {
      if (value === undefined) {
        value = this.#begin();
        continue;
      }
      const frame = this.#open.at(-1);
      if (frame === undefined) break;
      value = this.#continue(frame, value);
    }
    this.#blanks();
    if (this.#at < this.text.length) throw this.#unexpected('after top-level value');
    return value;
  }

  /** A value, or undefined where one begins that has more inside. */
  #begin(): Json | undefined {
    this.#blanks();
    const c = this.#peek();
    if (c === '[' || c === '{') {
      this.#at++;
      return this.#enter(c);
    }
    if (c === '"') return { kind: 'string', value: this.#string() };
    if (c === '-' || /[0-9]/.test(c)) return { kind: 'number', text: this.#number() };
    if (c === 't') return this.#literal('true', { kind: 'bool', value: true });
    if (c === 'f') return this.#literal('false', { kind: 'bool', value: false });
    if (c === 'n') return this.#literal('null', { kind: 'null' });
    throw this.#unexpected('looking for beginning of value');
  }

  #enter(c: '[' | '{'): Json | undefined {
    if (this.#open.length >= DEPTH_LIMIT) throw new JsonError('exceeded max depth');
    this.#blanks();
    if (c === '[') {
      if (this.#peek() === ']') {
        this.#at++;
        return { kind: 'array', items: [] };
      }
      this.#open.push({ kind: 'array', items: [] });
      return undefined;
    }
    if (this.#peek() === '}') {
      this.#at++;
      return { kind: 'object', entries: [] };
    }
    this.#open.push({ kind: 'object', entries: [], key: this.#key() });
    return undefined;
  }

  /** Puts a value where it belongs; gives the array or object when it is complete. */
  #continue(frame: Frame, value: Json): Json | undefined {
    this.#blanks();
    const c = this.#peek();
    if (frame.kind === 'array') {
      frame.items.push(value);
      if (c !== ',' && c !== ']') throw this.#unexpected('after array element');
      this.#at++;
      return c === ']' ? this.#leave(frame) : undefined;
    }
    frame.entries.push([frame.key, value]);
    if (c !== ',' && c !== '}') throw this.#unexpected('after object key:value pair');
    this.#at++;
    if (c === '}') return this.#leave(frame);
    this.#blanks();
    frame.key = this.#key();
    return undefined;
  }

  #leave(frame: Frame): Json {
    this.#open.pop();
    return frame.kind === 'array' ? { kind: 'array', items: frame.items } : { kind: 'object', entries: frame.entries };
  }

  #key(): string {
    if (this.#peek() !== '"') throw this.#unexpected('looking for beginning of object key string');
    const key = this.#string();
    this.#blanks();
    if (this.#peek() !== ':') throw this.#unexpected('after object key');
    this.#at++;
    return key;
  }

  #string(): string {
    let value = '';
    for (this.#at++; ; this.#at++) {
      const c = this.#peek();
      if (c === '"') break;
      if (c === '\\') value += this.#escape();
      else if (c < ' ') throw this.#unexpected('in string literal');
      else value += c;
    }
    this.#at++;
    return value;
  }

  /** At a backslash; leaves `at` on the last character of the escape. */
  #escape(): string {
    this.#at++;
    const c = this.#peek();
    if (c === 'u') {
      let digits = '';
      while (digits.length < 4) {
        this.#at++;
        const digit = this.#peek();
        if (!/[0-9a-fA-F]/.test(digit)) throw this.#unexpected('in \\u hexadecimal character escape');
        digits += digit;
      }
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const known = ESCAPES[c];
    if (known === undefined) throw this.#unexpected('in string escape code');
    return known;
  }

  #number(): string {
    const start = this.#at;
    if (this.text[this.#at] === '-') this.#at++;
    if (this.text[this.#at] === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.text[this.#at] === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.text[this.#at] ?? '')) {
      this.#at++;
      if (/[+-]/.test(this.text[this.#at] ?? '')) this.#at++;
      this.#digits('in exponent of numeric literal');
    }
    return this.text.slice(start, this.#at);
  }

  #digits(where: string): void {
    if (!/[0-9]/.test(this.#peek())) throw this.#unexpected(where);
    while (/[0-9]/.test(this.text[this.#at] ?? '')) this.#at++;
  }

  #literal(word: string, value: Json): Json {
    for (const expected of word) {
      if (this.#peek() !== expected) throw this.#unexpected(`in literal ${word} (expecting ${quoted(expected)})`);
      this.#at++;
    }
    return value;
  }

  #blanks(): void {
    while (/[ \t\r\n]/.test(this.text[this.#at] ?? '')) this.#at++;
  }

  #peek(): string {
    const c = this.text[this.#at];
    if (c === undefined) throw new JsonError('unexpected end of JSON input');
    return c;
  }

  #unexpected(where: string): JsonError {
    return new JsonError(
      `invalid character ${quoted(String.fromCodePoint(this.text.codePointAt(this.#at) ?? 0))} ${where}`,
    );
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
