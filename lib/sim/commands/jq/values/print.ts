import { isArray, isObject, type Json, type JsonArray, type JsonObject, sortedKeys } from './json.ts';
import { formatNumber } from './number.ts';

export type Style = {
  /** What one level is indented by; undefined: all in one line. */
  readonly indent?: string;
  readonly sorted?: boolean;
  readonly ascii?: boolean;
  readonly colours?: Colours;
};

/** Escape sequences for null, false, true, numbers, strings, arrays, objects. */
export type Colours = readonly string[];

const RESET = '\x1b[0m';
const KEY = '\x1b[34;1m';
export const DEFAULT_COLOURS: Colours = ['1;30', '0;39', '0;39', '0;39', '0;32', '1;39', '1;39'].map(
  (code) => `\x1b[${code}m`,
);

const MAX_DEPTH = 256;

export const toJson = (value: Json): string => print(value, {});

/** The value as JSON text. */
export function print(value: Json, style: Style): string {
  return new Printer(style).term(value, 0);
}

class Printer {
  constructor(private readonly style: Style) {}

  term(value: Json, depth: number): string {
    const colour = this.style.colours?.[colourOf(value)] ?? '';
    const end = colour === '' ? '' : RESET;
    if (depth > MAX_DEPTH) return `${colour}<skipped: too deep>${end}`;
    return colour + this.#plain(value, depth, colour) + end;
  }

  #plain(value: Json, depth: number, colour: string): string {
    if (typeof value === 'string') return quote(value, this.style.ascii);
    if (typeof value === 'number') return formatNumber(value);
    if (isArray(value)) return this.#array(value, depth, colour);
    if (isObject(value)) return this.#object(value, depth, colour);
    return String(value);
  }

  #line(depth: number): string {
    return this.style.indent === undefined ? '' : `\n${this.style.indent.repeat(depth)}`;
  }

  #array(value: JsonArray, depth: number, colour: string): string {
    if (value.length === 0) return '[]';
    const items = value.map((item) => this.term(item, depth + 1) + colour);
    return `[${this.#line(depth + 1)}${items.join(`,${this.#line(depth + 1)}`)}${this.#line(depth)}${colour}]`;
  }

  #object(value: JsonObject, depth: number, colour: string): string {
    if (value.size === 0) return '{}';
    const reset = colour === '' ? '' : RESET;
    const keys = this.style.sorted ? sortedKeys(value) : [...value.keys()];
    const colon = this.style.indent === undefined ? ':' : ': ';
    const members = keys.map((key) => {
      const name = quote(key, this.style.ascii);
      const painted = colour === '' ? name : `${KEY}${name}${RESET}`;
      const separator = colour === '' ? colon : `${colour}${colon[0]}${colon.slice(1)}${RESET}`;
      return `${reset}${painted}${separator}${this.term(value.get(key) as Json, depth + 1)}${colour}`;
    });
    return `{${this.#line(depth + 1)}${members.join(`,${this.#line(depth + 1)}`)}${this.#line(depth)}${colour}}`;
  }
}

function colourOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 2 : 1;
  if (typeof value === 'number') return 3;
  if (typeof value === 'string') return 4;
  return isArray(value) ? 5 : 6;
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\r': '\\r',
  '\n': '\\n',
  '\f': '\\f',
};

/** A string with its quotation marks. */
export function quote(text: string, ascii = false): string {
  const special = ascii ? /["\\\0-\x1f\x7f-\uffff]/g : /["\\\0-\x1f\x7f]/g;
  return `"${text.replace(special, (unit) => SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
