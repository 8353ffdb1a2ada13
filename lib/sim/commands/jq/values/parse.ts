import { decodeText } from '../../../os/index.ts';
import { isArray, isObject, type Json, wellFormed } from './json.ts';
import { parseNumber } from './number.ts';

/** What is wrong with a JSON text, in jq's words, and where: lines from 1, columns in bytes since the last newline. */
export class JsonError {
  constructor(readonly message: string) {}
}

const MAX_DEPTH = 256;
/** An object that waits for the value of this key lies on the stack as the object, and on it the key. */
type Open = Json[] | Map<string, Json> | string;

/**
 * Reads any number of JSON texts that follow each other, from pieces as they come. It is laxer than RFC 8259 where jq is:
 * numbers as strtod(3) takes them, nothing between values that need no separator.
 */
export class JsonParser {
  #buffer: Uint8Array = new Uint8Array(0);
  #at = 0;
  #partial = true;
  #ended = false;
  #line = 1;
  #column = 0;
  #state: 'normal' | 'string' | 'escape' = 'normal';
  #token: number[] = [];
  readonly #stack: Open[] = [];
  #next: Json | undefined;

  /** Gives it the next piece, once the last one is used up. `partial`: more may follow. */
  feed(bytes: Uint8Array, partial: boolean): void {
    this.#buffer = bytes;
    this.#at = 0;
    this.#partial = partial;
  }

  get remaining(): number {
    return this.#buffer.length - this.#at;
  }

  /**
   * The next value; undefined when the piece is used up, or at the end.
   *
   * @throws JsonError
   */
  next(): Json | undefined {
    if (this.#ended) return undefined;
    while (this.#at < this.#buffer.length) {
      const value = this.#positioned('', () => this.#scan(this.#buffer[this.#at++] as number));
      if (value !== undefined) return value;
    }
    if (this.#partial) return undefined;
    this.#ended = true;
    return this.#positioned(' at EOF', () => this.#finish());
  }

  #positioned<T>(where: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.#ended = true;
      throw new JsonError(`${error.message}${where} at line ${this.#line}, column ${this.#column}`);
    }
  }

  #finish(): Json | undefined {
    if (this.#state !== 'normal') throw new JsonError('Unfinished string');
    this.#literal();
    if (this.#stack.length > 0) throw new JsonError('Unfinished JSON term');
    return this.#done();
  }

  #done(): Json | undefined {
    if (this.#stack.length > 0) return undefined;
    const value = this.#next;
    this.#next = undefined;
    return value;
  }

  #scan(byte: number): Json | undefined {
    this.#column++;
    if (byte === 10) {
      this.#line++;
      this.#column = 0;
    }
    if (this.#state !== 'normal') return this.#inString(byte);
    const character = String.fromCharCode(byte);
    if (!' \t\r\n"[,]{:}'.includes(character)) {
      this.#token.push(byte);
      return undefined;
    }
    this.#literal();
    const value = this.#done();
    if (character === '"') this.#state = 'string';
    else if (character.trim() !== '') this.#structure(character);
    return value === undefined ? this.#done() : value;
  }

  #inString(byte: number): Json | undefined {
    if (byte === 0x22 && this.#state === 'string') {
      this.#state = 'normal';
      const text = unescapeString(decodeText(Uint8Array.from(this.#token)));
      this.#token = [];
      this.#value(text);
      return this.#done();
    }
    this.#token.push(byte);
    this.#state = byte === 0x5c && this.#state === 'string' ? 'escape' : 'string';
    return undefined;
  }

  #literal(): void {
    if (this.#token.length === 0) return;
    const text = decodeText(Uint8Array.from(this.#token));
    this.#value(literalOf(text));
    this.#token = [];
  }

  #value(value: Json): void {
    if (this.#next !== undefined) throw new JsonError('Expected separator between values');
    this.#next = value;
  }

  #structure(character: string): void {
    const top = this.#stack.at(-1);
    switch (character) {
      case '[':
      case '{':
        if (this.#stack.length >= MAX_DEPTH) throw new JsonError('Exceeds depth limit for parsing');
        if (this.#next !== undefined) throw new JsonError('Expected separator between values');
        this.#stack.push(character === '[' ? [] : new Map());
        break;
      case ':':
        this.#colon(top);
        break;
      case ',':
        this.#comma(top);
        break;
      case ']':
        if (top === undefined || typeof top === 'string' || !isArray(top)) throw new JsonError("Unmatched ']'");
        if (this.#next !== undefined) (top as Json[]).push(this.#next);
        else if (top.length > 0) throw new JsonError('Expected another array element');
        this.#close();
        break;
      default:
        this.#closeObject(top);
    }
  }

  #close(): void {
    this.#next = this.#stack.pop() as Json;
  }

  #colon(top: Open | undefined): void {
    if (this.#next === undefined) throw new JsonError("Expected string key before ':'");
    if (top === undefined || typeof top === 'string' || !isObject(top)) {
      throw new JsonError("':' not as part of an object");
    }
    if (typeof this.#next !== 'string') throw new JsonError('Object keys must be strings');
    this.#stack.push(this.#next);
    this.#next = undefined;
  }

  #comma(top: Open | undefined): void {
    if (this.#next === undefined) throw new JsonError("Expected value before ','");
    if (top === undefined) throw new JsonError("',' not as part of an object or array");
    if (typeof top === 'string') this.#setMember(top);
    else if (isArray(top)) (top as Json[]).push(this.#next);
    else throw new JsonError('Objects must consist of key:value pairs');
    this.#next = undefined;
  }

  #setMember(key: string): void {
    this.#stack.pop();
    (this.#stack.at(-1) as Map<string, Json>).set(key, this.#next as Json);
  }

  #closeObject(top: Open | undefined): void {
    if (top === undefined) throw new JsonError("Unmatched '}'");
    if (this.#next !== undefined) {
      if (typeof top !== 'string') throw new JsonError('Objects must consist of key:value pairs');
      this.#setMember(top);
    } else {
      if (typeof top === 'string' || !isObject(top)) throw new JsonError("Unmatched '}'");
      if (top.size > 0) throw new JsonError('Expected another key-value pair');
    }
    this.#close();
  }
}

const WORDS: Readonly<Record<string, readonly [string, Json]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
};

function literalOf(text: string): Json {
  const number = parseNumber(text);
  if (number !== undefined) return number;
  const word = WORDS[text[0] as string];
  // A word in n of three letters is read as a number for the sake of nan.
  if (word === undefined || (text[0] === 'n' && text.length === 3)) throw new JsonError('Invalid numeric literal');
  if (text !== word[0]) throw new JsonError('Invalid literal');
  return word[1];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  '/': '/',
  b: '\b',
  f: '\f',
  t: '\t',
  n: '\n',
  r: '\r',
};

/**
 * What stands between the quotation marks of a JSON string.
 *
 * @throws JsonError
 */
export function unescapeString(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c !== '\\') {
      const code = c.charCodeAt(0);
      if (code > 0 && code < 0x1f) {
        throw new JsonError('Invalid string: control characters from U+0000 through U+001F must be escaped');
      }
      out += c;
      continue;
    }
    const letter = text[++i];
    if (letter === undefined) throw new JsonError('Expected escape character at end of string');
    if (letter === 'u') {
      const unit = hex4(text, i + 1);
      i += 4;
      if (unit >= 0xd800 && unit <= 0xdbff) {
        const low = text.startsWith('\\u', i + 1) && i + 7 <= text.length ? hex4(text, i + 3) : 0;
        if (low < 0xdc00 || low > 0xdfff) throw new JsonError('Invalid \\uXXXX\\uXXXX surrogate pair escape');
        i += 6;
        out += String.fromCharCode(unit, low);
      } else out += String.fromCharCode(unit);
      continue;
    }
    const plain = ESCAPES[letter];
    if (plain === undefined) throw new JsonError('Invalid escape');
    out += plain;
  }
  return wellFormed(out);
}

function hex4(text: string, at: number): number {
  const digits = text.slice(at, at + 4);
  if (digits.length < 4) throw new JsonError('Invalid \\uXXXX escape');
  if (!/^[\da-f]{4}$/i.test(digits)) throw new JsonError('Invalid characters in \\uXXXX escape');
  return Number.parseInt(digits, 16);
}

/**
 * One JSON text, as `fromjson` and --argjson read it.
 *
 * @throws JsonError
 */
export function parseJson(text: string, bytes: Uint8Array): Json {
  const complain = (message: string) => new JsonError(`${message} (while parsing '${text}')`);
  const parser = new JsonParser();
  parser.feed(bytes, false);
  try {
    const value = parser.next();
    if (value === undefined) throw new JsonError('Expected JSON value');
    if (parser.next() !== undefined) throw new JsonError('Unexpected extra JSON values');
    return value;
  } catch (error) {
    throw error instanceof JsonError ? complain(error.message) : error;
  }
}
