import { ANY, type Assertion, type CharSet, CLASSES, foldCase, type RegexNode, SPACE, single, WORD } from './ast.ts';

/** What regcomp(3) refuses, in glibc's words (posix/regcomp.c, __re_error_msgid). */
export class RegexError extends Error {
  override name = 'RegexError';
}

export const MESSAGES = {
  range: 'Invalid range end',
  class: 'Invalid character class name',
  collate: 'Invalid collation character',
  backslash: 'Trailing backslash',
  backref: 'Invalid back reference',
  bracket: 'Unmatched [, [^, [:, [., or [=',
  paren: 'Unmatched ( or \\(',
  closing: 'Unmatched ) or \\)',
  brace: 'Unmatched \\{',
  interval: 'Invalid content of \\{\\}',
  repeat: 'Invalid preceding regular expression',
  size: 'Regular expression too big',
} as const;

export type Syntax = 'basic' | 'extended';

const MAX_REPEAT = 0x7fff;
const MAX_DEPTH = 250;

/**
 * Reads a POSIX regular expression with GNU's additions (regex(7), GNU grep's manual): `\w \W \s \S \b \B \< \> \` \'`,
 * `\+ \? \|` in basic syntax, back references in both.
 *
 * @throws RegexError with glibc's message
 */
export function parseRegex(source: string, syntax: Syntax, ignoreCase = false): { node: RegexNode; groups: number } {
  const parser = new Parser([...source], syntax, ignoreCase);
  return { node: parser.all(), groups: parser.groups };
}

class Parser {
  groups = 0;
  #at = 0;
  #depth = 0;
  #closed = new Set<number>();

  constructor(
    private readonly text: readonly string[],
    private readonly syntax: Syntax,
    private readonly ignoreCase: boolean,
  ) {}

  all(): RegexNode {
    const node = this.#alternation();
    if (this.#at < this.text.length) throw new RegexError(MESSAGES.closing);
    return node;
  }

  /** Whether the special sign `sign` stands here: `(` in extended syntax, `\(` in basic. */
  #isSpecial(sign: string, at = this.#at): boolean {
    if (this.syntax === 'extended') return this.text[at] === sign;
    return this.text[at] === '\\' && this.text[at + 1] === sign;
  }

  #skipSpecial(): void {
    this.#at += this.syntax === 'extended' ? 1 : 2;
  }

  #alternation(): RegexNode {
    const parts = [this.#concatenation()];
    while (this.#isSpecial('|')) {
      this.#skipSpecial();
      parts.push(this.#concatenation());
    }
    return parts.length === 1 ? (parts[0] as RegexNode) : { kind: 'alternate', parts };
  }

  #concatenation(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.#at < this.text.length && !this.#isSpecial('|') && !this.#endsGroup()) {
      const atom = this.#atom(parts.length === 0);
      parts.push(this.#repeated(atom));
    }
    return parts.length === 1
      ? (parts[0] as RegexNode)
      : parts.length === 0
        ? { kind: 'empty' }
        : { kind: 'concat', parts };
  }

  /** A lone `)` is an ordinary character in extended syntax outside any group. */
  #endsGroup(): boolean {
    return this.#isSpecial(')') && (this.#depth > 0 || this.syntax === 'basic');
  }

  #atom(first: boolean): RegexNode {
    const c = this.text[this.#at] as string;
    if (this.#isSpecial('(')) return this.#group();
    if (c === '\\') return this.#escaped();
    this.#at++;
    if (c === '[') return this.#set(this.#bracket());
    if (c === '.') return this.#set(ANY);
    if (c === '^' && this.#anchorsStart(first)) return assertion('line-start');
    if (c === '$' && this.#anchorsEnd()) return assertion('line-end');
    if (first && this.syntax === 'extended' && '*+?'.includes(c)) return this.#atomAfterStray();
    if (first && this.syntax === 'extended' && c === '{' && this.#interval(this.#at) !== undefined) {
      throw new RegexError(MESSAGES.repeat);
    }
    return this.#char(c);
  }

  /** GNU grep and sed let a leading `*`, `+` or `?` of extended syntax match nothing at all. */
  #atomAfterStray(): RegexNode {
    return { kind: 'empty' };
  }

  #anchorsStart(first: boolean): boolean {
    return this.syntax === 'extended' || first;
  }

  #anchorsEnd(): boolean {
    return this.syntax === 'extended' || this.#at >= this.text.length || this.#isSpecial(')') || this.#isSpecial('|');
  }

  #group(): RegexNode {
    this.#skipSpecial();
    if (++this.#depth > MAX_DEPTH) throw new RegexError(MESSAGES.size);
    const index = ++this.groups;
    const body = this.#alternation();
    if (!this.#isSpecial(')')) throw new RegexError(MESSAGES.paren);
    this.#skipSpecial();
    this.#depth--;
    this.#closed.add(index);
    return { kind: 'group', index, body };
  }

  #escaped(): RegexNode {
    const c = this.text[this.#at + 1];
    if (c === undefined) throw new RegexError(MESSAGES.backslash);
    this.#at += 2;
    if (/[1-9]/.test(c)) return this.#backref(Number(c));
    const what = ASSERTIONS[c];
    if (what !== undefined) return assertion(what);
    if (c === 'w') return this.#set(WORD);
    if (c === 'W') return this.#set({ ...WORD, negated: true });
    if (c === 's') return this.#set(SPACE);
    if (c === 'S') return this.#set({ ...SPACE, negated: true });
    if (this.syntax === 'basic' && c === '{') throw new RegexError(MESSAGES.repeat);
    return this.#char(c);
  }

  #backref(index: number): RegexNode {
    if (!this.#closed.has(index)) throw new RegexError(MESSAGES.backref);
    return { kind: 'backref', index };
  }

  #char(c: string): RegexNode {
    return this.#set(single(c.codePointAt(0) ?? 0));
  }

  #set(set: CharSet): RegexNode {
    return { kind: 'set', set: this.ignoreCase ? foldCase(set) : set };
  }

  // Repetition

  #repeated(atom: RegexNode): RegexNode {
    let node = atom;
    for (;;) {
      const range = this.#repetition(atom);
      if (range === undefined) return node;
      node = { kind: 'repeat', body: node, min: range[0], max: range[1] };
    }
  }

  #repetition(atom: RegexNode): [number, number] | undefined {
    const c = this.text[this.#at];
    if (c === '*') {
      if (this.syntax === 'basic' && atom.kind === 'assert' && atom.what === 'line-start') return undefined;
      this.#at++;
      return [0, Number.POSITIVE_INFINITY];
    }
    for (const [sign, range] of SIGNS) {
      if (!this.#isSpecial(sign)) continue;
      this.#skipSpecial();
      return [range[0], range[1]];
    }
    if (!this.#isSpecial('{')) return undefined;
    return this.#braces();
  }

  #braces(): [number, number] | undefined {
    const start = this.#at + (this.syntax === 'extended' ? 1 : 2);
    const interval = this.#interval(start);
    if (interval === undefined) {
      if (this.syntax === 'extended') return undefined;
      throw new RegexError(this.text.slice(start).join('').includes('\\}') ? MESSAGES.interval : MESSAGES.brace);
    }
    const [min, max, end] = interval;
    if (min > max) throw new RegexError(MESSAGES.interval);
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT)) throw new RegexError(MESSAGES.size);
    this.#at = end;
    return [min, max];
  }

  /** `m}`, `m,}`, `,n}` or `m,n}` at `start`, with where it ends. */
  #interval(start: number): [number, number, number] | undefined {
    const close = this.syntax === 'extended' ? '}' : '\\}';
    const rest = this.text.slice(start, start + 16).join('');
    const found = /^(\d*)(,(\d*))?/.exec(rest) as RegExpExecArray;
    if (found[0] === '' || !rest.startsWith(close, found[0].length)) return undefined;
    const min = Number(found[1] || 0);
    const max = found[2] === undefined ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
    return [min, max, start + found[0].length + close.length];
  }

  // Bracket expressions

  #bracket(): CharSet {
    const negated = this.text[this.#at] === '^';
    if (negated) this.#at++;
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; ; first = false) {
      const c = this.text[this.#at];
      if (c === undefined) throw new RegexError(MESSAGES.bracket);
      if (c === ']' && !first) break;
      const named = this.#className();
      if (named !== undefined) ranges.push(...named);
      else ranges.push(this.#range());
    }
    this.#at++;
    // A negated bracket matches a newline only where one can stand, which lines have none of; awk and bash want it to.
    return { ranges, negated };
  }

  #className(): readonly (readonly [number, number])[] | undefined {
    if (this.text[this.#at] !== '[' || this.text[this.#at + 1] !== ':') return undefined;
    const name = this.#delimited(':');
    const ranges = CLASSES[name];
    if (ranges === undefined) throw new RegexError(MESSAGES.class);
    return ranges;
  }

  /** What stands between `[:` and `:]` (or `[.`, `[=`); moves behind it. */
  #delimited(sign: string): string {
    let end = this.#at + 2;
    while (end < this.text.length && !(this.text[end] === sign && this.text[end + 1] === ']')) end++;
    if (end >= this.text.length) throw new RegexError(MESSAGES.bracket);
    const name = this.text.slice(this.#at + 2, end).join('');
    this.#at = end + 2;
    return name;
  }

  #range(): readonly [number, number] {
    const low = this.#member();
    const dash =
      this.text[this.#at] === '-' && this.text[this.#at + 1] !== ']' && this.text[this.#at + 1] !== undefined;
    if (!dash) return [low, low];
    this.#at++;
    const high = this.#member();
    if (high < low) throw new RegexError(MESSAGES.range);
    return [low, high];
  }

  #member(): number {
    const sign = this.text[this.#at + 1];
    if (this.text[this.#at] === '[' && (sign === '.' || sign === '=')) {
      const name = [...this.#delimited(sign)];
      if (name.length !== 1) throw new RegexError(MESSAGES.collate);
      return name[0]?.codePointAt(0) ?? 0;
    }
    const c = this.text[this.#at++];
    if (c === undefined) throw new RegexError(MESSAGES.bracket);
    return c.codePointAt(0) ?? 0;
  }
}

const SIGNS: readonly (readonly [string, readonly [number, number]])[] = [
  ['+', [1, Number.POSITIVE_INFINITY]],
  ['?', [0, 1]],
];

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  b: 'word',
  B: 'not-word',
  '<': 'word-start',
  '>': 'word-end',
  '`': 'text-start',
  "'": 'text-end',
};

const assertion = (what: Assertion): RegexNode => ({ kind: 'assert', what });
