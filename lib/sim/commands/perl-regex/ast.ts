/** A regular expression in Perl's syntax, as it was read. */
export type Node =
  | { readonly kind: 'empty' }
  /** `\\K`: what was matched so far is not part of the match. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'group'; readonly index: number; readonly body: Node }
  | { readonly kind: 'backref'; readonly index: number; readonly ignoreCase: boolean }
  | { readonly kind: 'concat' | 'alternate'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number; readonly how: Greed }
  /** Once matched, it is not tried in another way. */
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'look'; readonly body: Node; readonly behind: boolean; readonly negated: boolean };

export type Greed = 'greedy' | 'lazy' | 'possessive';

/** `text-end` is the end or the newline before it (`\Z`), `very-end` only the end (`\z`). */
export type Assertion = 'text-start' | 'line-start' | 'text-end' | 'very-end' | 'line-end' | 'word' | 'not-word';

/** Which code points match. Ranges are inclusive; what is in none of `ranges` may be in one of `sets`. */
export type CharSet = {
  readonly ranges: readonly (readonly [number, number])[];
  readonly sets: readonly CharSet[];
  readonly negated: boolean;
  readonly ignoreCase: boolean;
};

export const charSet = (ranges: CharSet['ranges'], negated = false): CharSet => ({
  ranges,
  sets: [],
  negated,
  ignoreCase: false,
});

export function inSet(set: CharSet, code: number): boolean {
  if (contains(set, code)) return !set.negated;
  if (set.ignoreCase) {
    const text = String.fromCodePoint(code);
    for (const other of [text.toLowerCase(), text.toUpperCase()]) {
      if (contains(set, other.codePointAt(0) ?? code)) return !set.negated;
    }
  }
  return set.negated;
}

const contains = (set: CharSet, code: number): boolean =>
  set.ranges.some(([low, high]) => code >= low && code <= high) || set.sets.some((inner) => inSet(inner, code));

/** What is beyond ASCII counts as letters where Unicode has most of them: the classes of a UTF-8 locale, roughly. */
const LETTERS: readonly [number, number][] = [
  [0xaa, 0xaa],
  [0xb5, 0xb5],
  [0xba, 0xba],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x1fff],
  [0x2c00, 0x2dff],
  [0x3005, 0xd7ff],
  [0xf900, 0xfdff],
  [0x20000, 0x3ffff],
];

const ranges = (text: string): [number, number][] =>
  (text.match(/../gs) ?? []).map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]);

export const CLASSES: Readonly<Record<string, CharSet>> = {
  alnum: charSet([...ranges('09AZaz'), ...LETTERS]),
  alpha: charSet([...ranges('AZaz'), ...LETTERS]),
  ascii: charSet([[0, 0x7f]]),
  blank: charSet(ranges('\t\t  ')),
  cntrl: charSet(ranges('\0\x1f\x7f\x7f')),
  digit: charSet(ranges('09')),
  graph: charSet([...ranges('!~'), [0xa1, 0x10ffff]]),
  lower: charSet([...ranges('az'), [0xdf, 0xf6], [0xf8, 0xff]]),
  print: charSet([...ranges(' ~'), [0xa0, 0x10ffff]]),
  punct: charSet(ranges('!/:@[`{~')),
  space: charSet([...ranges('\t\r  '), [0x85, 0x85], [0xa0, 0xa0]]),
  upper: charSet([...ranges('AZ'), [0xc0, 0xd6], [0xd8, 0xde]]),
  word: charSet([...ranges('09AZaz__'), ...LETTERS]),
  xdigit: charSet(ranges('09AFaf')),
};

export const ANY: CharSet = charSet([], true);
export const NOT_NEWLINE: CharSet = charSet([[10, 10]], true);

/** What Oniguruma refuses, in its words (regerror.c), without the place. */
export class PerlRegexError extends Error {
  override name = 'PerlRegexError';
}
