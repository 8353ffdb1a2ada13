import type { Random } from '../../base/index.ts';

/** How a key is compared: the letters of sort's ordering options. */
export type Ordering = { readonly letters: ReadonlySet<string>; readonly reverse: boolean };

type Position = { readonly field: number; readonly char: number };

export type SortKey = {
  readonly start: Position;
  /** undefined: the end of the line. A char of 0 is the end of the field. */
  readonly end: Position | undefined;
  readonly ordering: Ordering;
  /** Leading blanks do not count. */
  readonly blanks: boolean;
};

/** Reads `F[.C][OPTS][,F[.C][OPTS]]`; the message of sort when it is wrong. */
export function parseKey(text: string, global: Ordering): SortKey | string {
  const found = /^(\d+)(?:\.(\d+))?([bdfgiMhnRrV]*)(?:,(\d+)(?:\.(\d+))?([bdfgiMhnRrV]*))?$/.exec(text);
  if (found === null) {
    if (!/^\d/.test(text)) return `invalid number at field start: invalid count at start of ‘${text}’`;
    const after = /,(.*)$/.exec(text)?.[1];
    if (after !== undefined && !/^\d/.test(after))
      return `invalid number after ‘,’: invalid count at start of ‘${after}’`;
    return `stray character in field spec: invalid field specification ‘${text}’`;
  }
  const [, field, char = '1', startLetters = '', endField, endChar = '0', endLetters = ''] = found;
  if (Number(field) === 0 || (endField !== undefined && Number(endField) === 0))
    return `field number is zero: invalid field specification ‘${text}’`;
  if (Number(char) === 0) return `character offset is zero: invalid field specification ‘${text}’`;
  const own = startLetters + endLetters;
  const letters = new Set([...own].filter((letter) => letter !== 'r'));
  return {
    start: { field: Number(field), char: Number(char) },
    end: endField === undefined ? undefined : { field: Number(endField), char: Number(endChar) },
    ordering: own === '' ? global : { letters, reverse: own.includes('r') },
    blanks: own === '' ? global.letters.has('b') : letters.has('b'),
  };
}

/** The comparison of whole lines by their keys, and by all their bytes where those are equal (unless `stable`). */
export function compareBy(
  keys: readonly SortKey[],
  separator: string | undefined,
  stable: boolean,
  reverse: boolean,
  random: Random,
) {
  const salt = random.fork('sort').uint32();
  return (a: string, b: string): number => {
    for (const key of keys) {
      const order = compareKey(extract(a, key, separator), extract(b, key, separator), key.ordering.letters, salt);
      if (order !== 0) return key.ordering.reverse ? -order : order;
    }
    if (stable) return 0;
    return reverse ? bytes(b, a) : bytes(a, b);
  };
}

const bytes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function extract(line: string, key: SortKey, separator: string | undefined): string {
  const fields = fieldsOf(line, separator);
  const from = offset(line, fields, key.start.field, key.start.char - 1, key.blanks);
  if (key.end === undefined) return line.slice(from);
  const end = fields[key.end.field - 1];
  if (end === undefined) return line.slice(from);
  const to = key.end.char === 0 ? end.end : offset(line, fields, key.end.field, key.end.char, key.blanks);
  return line.slice(from, Math.max(from, to));
}

type Span = { readonly start: number; readonly end: number };

function offset(line: string, fields: readonly Span[], field: number, chars: number, blanks: boolean): number {
  const span = fields[field - 1];
  if (span === undefined) return line.length;
  let start = span.start;
  if (blanks) while (start < line.length && /[ \t]/.test(line[start] as string)) start++;
  return Math.min(line.length, start + chars);
}

/** Without a separator a field begins with the blanks before it. */
function fieldsOf(line: string, separator: string | undefined): Span[] {
  const spans: Span[] = [];
  let start = 0;
  if (separator === undefined) {
    for (let at = 0; start < line.length; start = at) {
      while (at < line.length && /[ \t]/.test(line[at] as string)) at++;
      while (at < line.length && !/[ \t]/.test(line[at] as string)) at++;
      spans.push({ start, end: at });
    }
    return spans;
  }
  const sign = separator === '\\0' ? '\0' : separator;
  for (;;) {
    const at = line.indexOf(sign, start);
    if (at < 0) return [...spans, { start, end: line.length }];
    spans.push({ start, end: at });
    start = at + sign.length;
  }
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const SUFFIXES = 'KMGTPEZY';

function compareKey(a: string, b: string, letters: ReadonlySet<string>, salt: number): number {
  if (letters.has('n')) return numeric(a) - numeric(b);
  if (letters.has('h')) return human(a, b);
  if (letters.has('g')) return general(a) - general(b) || 0;
  if (letters.has('M')) return month(a) - month(b);
  if (letters.has('V')) return version(a, b);
  if (letters.has('R')) return a === b ? 0 : scramble(a, salt) - scramble(b, salt) || bytes(a, b);
  let [x, y] = [a, b];
  if (letters.has('d')) [x, y] = [x.replace(/[^\w\s]|_/g, ''), y.replace(/[^\w\s]|_/g, '')];
  if (letters.has('f')) [x, y] = [x.toUpperCase(), y.toUpperCase()];
  return bytes(x, y);
}

const numeric = (text: string) => Number(/^[ \t]*(-?\d*\.?\d*)/.exec(text)?.[1] || 0) || 0;

function general(text: string): number {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

function human(a: string, b: string): number {
  const rank = (text: string) => {
    const sign = numeric(text) < 0 ? -1 : 1;
    const suffix = /^[ \t]*-?\d*\.?\d*([A-Za-z])/.exec(text)?.[1]?.toUpperCase() ?? '';
    return sign * (suffix === '' ? 0 : SUFFIXES.indexOf(suffix) + 1);
  };
  return rank(a) - rank(b) || numeric(a) - numeric(b);
}

const month = (text: string) => MONTHS.indexOf(text.trimStart().slice(0, 3).toUpperCase());

/** Digits compare as numbers, what stands between as text (filevercmp in short). */
function version(a: string, b: string): number {
  const [x, y]: [string[], string[]] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p = '', q = ''] = [x[i], y[i]];
    const bothNumbers = /^\d/.test(p) && /^\d/.test(q);
    const order = bothNumbers ? Number(p) - Number(q) : bytes(p, q);
    if (order !== 0) return order;
  }
  return 0;
}

function scramble(text: string, salt: number): number {
  let hash = salt;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
