/**
 * Shell patterns (bash(1), Pattern Matching) as a list of tokens, matched by following the set of positions that each
 * token can reach: linear in text times pattern, whatever the pattern is. A backslash takes the next character literally;
 * quoted text comes in that form.
 */
type Token =
  | { readonly type: 'char'; readonly text: string }
  | { readonly type: 'any' }
  | { readonly type: 'star' }
  | { readonly type: 'class'; readonly test: (c: string) => boolean }
  | {
      readonly type: 'group';
      readonly kind: '?' | '*' | '+' | '@' | '!';
      readonly alternatives: readonly (readonly Token[])[];
    };

export type PatternOptions = { readonly ignoreCase?: boolean };

const CLASSES: Record<string, RegExp> = {
  alnum: /[\p{L}\p{Nd}]/u,
  alpha: /\p{L}/u,
  ascii: /[\0-\x7f]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[^\s\0-\x1f\x7f]/,
  lower: /\p{Ll}/u,
  print: /[^\0-\x1f\x7f]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /\p{Lu}/u,
  word: /[\p{L}\p{Nd}_]/u,
  xdigit: /[0-9A-Fa-f]/,
};

export class Pattern {
  readonly #tokens: readonly Token[];
  readonly #fold: boolean;

  constructor(source: string, options: PatternOptions = {}) {
    this.#fold = options.ignoreCase === true;
    this.#tokens = parsePattern([...(this.#fold ? source.toLowerCase() : source)]);
  }

  /** Does it match the whole text? */
  matches(text: string): boolean {
    const characters = this.#characters(text);
    return reach(this.#tokens, characters, new Set([0])).has(characters.length);
  }

  /** Where the longest and the shortest match that begin at `from` end, in code points; undefined: none does. */
  ends(characters: readonly string[], from: number): { readonly first: number; readonly last: number } | undefined {
    let [first, last] = [Number.POSITIVE_INFINITY, -1];
    for (const end of reach(this.#tokens, characters, new Set([from]))) {
      if (end < first) first = end;
      if (end > last) last = end;
    }
    return last === -1 ? undefined : { first, last };
  }

  /** Does a match from `from` reach the end? */
  endsText(characters: readonly string[], from: number): boolean {
    return reach(this.#tokens, characters, new Set([from])).has(characters.length);
  }

  /**
   * Where the leftmost match at or after `from` begins; undefined: there is none. One pass over the text, in which each
   * position remembers the earliest start that leads to it.
   */
  leftmost(characters: readonly string[], from: number): number | undefined {
    let starts = new Map<number, number>();
    for (let i = from; i <= characters.length; i++) starts.set(i, i);
    for (const token of this.#tokens) starts = advanceEarliest(token, characters, starts);
    let found: number | undefined;
    for (const start of starts.values()) if (found === undefined || start < found) found = start;
    return found;
  }

  /** Every match is as long as its tokens: one look at a place tells whether it matches there. */
  get isFixed(): boolean {
    return this.#tokens.every((token) => token.type !== 'star' && token.type !== 'group');
  }

  #characters(text: string): string[] {
    return [...(this.#fold ? text.toLowerCase() : text)];
  }
}

function reach(tokens: readonly Token[], text: readonly string[], starts: Set<number>): Set<number> {
  let at = starts;
  for (const token of tokens) {
    if (at.size === 0) return at;
    at = advance(token, text, at);
  }
  return at;
}

function advance(token: Token, text: readonly string[], at: Set<number>): Set<number> {
  const next = new Set<number>();
  switch (token.type) {
    case 'star':
      for (let i = smallest(at); i <= text.length; i++) next.add(i);
      return next;
    case 'group':
      return advanceGroup(token, text, at);
    default:
      for (const i of at) {
        const c = text[i];
        if (c !== undefined && matchesOne(token, c)) next.add(i + 1);
      }
      return next;
  }
}

/** Like `advance`, for many starts at once. */
function advanceEarliest(token: Token, text: readonly string[], at: ReadonlyMap<number, number>): Map<number, number> {
  const next = new Map<number, number>();
  const reachFrom = (start: number, end: number) => {
    const known = next.get(end);
    if (known === undefined || start < known) next.set(end, start);
  };
  if (token.type === 'star') {
    let earliest: number | undefined;
    for (let i = 0; i <= text.length; i++) {
      const start = at.get(i);
      if (start !== undefined && (earliest === undefined || start < earliest)) earliest = start;
      if (earliest !== undefined) next.set(i, earliest);
    }
  } else if (token.type === 'group') {
    for (const [i, start] of at) for (const end of advanceGroup(token, text, new Set([i]))) reachFrom(start, end);
  } else {
    for (const [i, start] of at) {
      const c = text[i];
      if (c !== undefined && matchesOne(token, c)) reachFrom(start, i + 1);
    }
  }
  return next;
}

function smallest(numbers: ReadonlySet<number>): number {
  let low = Number.POSITIVE_INFINITY;
  for (const number of numbers) if (number < low) low = number;
  return low;
}

function matchesOne(token: Exclude<Token, { type: 'star' | 'group' }>, c: string): boolean {
  if (token.type === 'any') return true;
  return token.type === 'char' ? token.text === c : token.test(c);
}

function advanceGroup(group: Extract<Token, { type: 'group' }>, text: readonly string[], at: Set<number>): Set<number> {
  const once = (starts: Set<number>): Set<number> =>
    new Set(group.alternatives.flatMap((alternative) => [...reach(alternative, text, starts)]));
  switch (group.kind) {
    case '@':
      return once(at);
    case '?':
      return new Set([...at, ...once(at)]);
    case '*':
    case '+': {
      const reached = group.kind === '*' ? new Set(at) : new Set<number>();
      for (let fresh = once(at); fresh.size > 0; ) {
        for (const i of fresh) reached.add(i);
        fresh = new Set([...once(fresh)].filter((i) => !reached.has(i)));
      }
      return reached;
    }
    case '!': {
      const next = new Set<number>();
      for (const i of at) {
        const excluded = once(new Set([i]));
        for (let end = i; end <= text.length; end++) if (!excluded.has(end)) next.add(end);
      }
      return next;
    }
  }
}

/** Groups inside each other; deeper ones are plain text. */
const MAX_NESTING = 50;

/** Takes alternatives and the closing parenthesis, or undefined when it does not close. */
function parseGroup(
  c: readonly string[],
  from: number,
  nesting: number,
): { alternatives: Token[][]; end: number } | undefined {
  const alternatives: Token[][] = [];
  let start = from;
  let depth = 0;
  for (let i = from; i < c.length; i++) {
    if (c[i] === '\\') i++;
    else if (c[i] === '(') depth++;
    else if (depth > 0 && c[i] === ')') depth--;
    else if (depth === 0 && (c[i] === '|' || c[i] === ')')) {
      alternatives.push(parsePattern(c.slice(start, i), nesting + 1));
      start = i + 1;
      if (c[i] === ')') return { alternatives, end: i + 1 };
    }
  }
  return undefined;
}

function parsePattern(c: readonly string[], nesting = 0): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < c.length) {
    const head = c[i] as string;
    const group =
      '?*+@!'.includes(head) && c[i + 1] === '(' && nesting < MAX_NESTING ? parseGroup(c, i + 2, nesting) : undefined;
    const set = head === '[' ? parseBracket(c, i) : undefined;
    if (group !== undefined) {
      tokens.push({ type: 'group', kind: head as '?', alternatives: group.alternatives });
      i = group.end;
    } else if (set !== undefined) {
      tokens.push({ type: 'class', test: set.test });
      i = set.end;
    } else if (head === '\\' && i + 1 < c.length) {
      tokens.push({ type: 'char', text: c[i + 1] as string });
      i += 2;
    } else {
      if (head !== '*') tokens.push(head === '?' ? { type: 'any' } : { type: 'char', text: head });
      else if (tokens.at(-1)?.type !== 'star') tokens.push({ type: 'star' });
      i++;
    }
  }
  return tokens;
}

/** `[…]`, `[!…]`, `[^…]` with ranges and [:classes:]; undefined when there is no closing bracket. */
function parseBracket(c: readonly string[], from: number): { test: (c: string) => boolean; end: number } | undefined {
  let i = from + 1;
  const negated = c[i] === '!' || c[i] === '^';
  if (negated) i++;
  const tests: ((c: string) => boolean)[] = [];
  for (let first = true; ; first = false) {
    const head = c[i];
    if (head === undefined) return undefined;
    if (head === ']' && !first) break;
    if (head === '[' && c[i + 1] === ':') {
      const end = c.indexOf(']', i);
      const name = c.slice(i + 2, end - 1).join('');
      const expression = CLASSES[name];
      if (end !== -1 && c[end - 1] === ':' && expression !== undefined) {
        tests.push((x) => expression.test(x));
        i = end + 1;
        continue;
      }
    }
    const low = head === '\\' ? c[++i] : head;
    if (low === undefined) return undefined;
    i++;
    let high = low;
    if (c[i] === '-' && c[i + 1] !== undefined && c[i + 1] !== ']') {
      high = (c[i + 1] === '\\' ? c[i + 2] : c[i + 1]) ?? low;
      i += c[i + 1] === '\\' ? 3 : 2;
    }
    tests.push((x) => x >= low && x <= high);
  }
  const test = (x: string) => tests.some((one) => one(x)) !== negated;
  return { test, end: i + 1 };
}

/** Does a text hold pattern characters, so that it is worth looking for files? */
export const hasPattern = (source: string): boolean => /(?<!\\)(?:\\\\)*(?:[*?]|\[.*\]|[+@!]\()/s.test(source);

/** Makes every character of a text stand for itself in a pattern. */
export const quotePattern = (text: string): string => text.replace(/[\\*?[\]()|!+@^-]/g, '\\$&');

export const unquotePattern = (source: string): string => source.replace(/\\([^])/g, '$1');
