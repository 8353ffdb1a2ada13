/** A regular expression as it was read; what both matchers are made from. */
export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'group'; readonly index: number; readonly body: RegexNode }
  | { readonly kind: 'backref'; readonly index: number }
  | { readonly kind: 'concat'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'alternate'; readonly parts: readonly RegexNode[] }
  /** `max` is Infinity for `*` and `+`. */
  | { readonly kind: 'repeat'; readonly body: RegexNode; readonly min: number; readonly max: number };

export type Assertion =
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'word'
  | 'not-word'
  | 'word-start'
  | 'word-end';

/** Which code points match. Ranges are inclusive. */
export type CharSet = {
  readonly ranges: readonly (readonly [number, number])[];
  readonly negated: boolean;
};

export const single = (code: number): CharSet => ({ ranges: [[code, code]], negated: false });

export function inSet(set: CharSet, code: number): boolean {
  for (const [low, high] of set.ranges) if (code >= low && code <= high) return !set.negated;
  return set.negated;
}

const ranges = (text: string): [number, number][] => {
  const list: [number, number][] = [];
  for (let i = 0; i < text.length; i += 2) list.push([text.charCodeAt(i), text.charCodeAt(i + 1)]);
  return list;
};

/** The character classes of the C locale (isalpha(3)); letters beyond ASCII are let in as UTF-8 locales have them. */
const BEYOND: [number, number] = [0xc0, 0x24f];
export const CLASSES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  alpha: [...ranges('AZaz'), BEYOND],
  digit: ranges('09'),
  alnum: [...ranges('09AZaz'), BEYOND],
  upper: ranges('AZ'),
  lower: ranges('az'),
  space: ranges('\t\r  '),
  blank: ranges('\t\t  '),
  punct: ranges('!/:@[`{~'),
  print: [...ranges(' ~'), [0xa0, 0x10ffff]],
  graph: [...ranges('!~'), [0xa1, 0x10ffff]],
  cntrl: ranges('\0\x1f\x7f\x7f'),
  xdigit: ranges('09AFaf'),
};

export const WORD: CharSet = { ranges: [...(CLASSES.alnum ?? []), [0x5f, 0x5f]], negated: false };
export const SPACE: CharSet = { ranges: CLASSES.space ?? [], negated: false };
export const ANY: CharSet = { ranges: [[0, 0]], negated: true };

/** The same set whatever the case of a letter. */
export function foldCase(set: CharSet): CharSet {
  const folded = set.ranges.flatMap(([low, high]): [number, number][] => {
    const list: [number, number][] = [[low, high]];
    const shift = (from: number, to: number, by: number) => {
      const a = Math.max(low, from);
      const b = Math.min(high, to);
      if (a <= b) list.push([a + by, b + by]);
    };
    shift(0x41, 0x5a, 32);
    shift(0x61, 0x7a, -32);
    if (low === high && low > 0x7f) {
      for (const other of [String.fromCodePoint(low).toLowerCase(), String.fromCodePoint(low).toUpperCase()]) {
        const code = other.codePointAt(0) ?? low;
        list.push([code, code]);
      }
    }
    return list;
  });
  return { ranges: folded, negated: set.negated };
}
