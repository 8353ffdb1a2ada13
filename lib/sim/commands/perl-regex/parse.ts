import {
  ANY,
  type Assertion,
  type CharSet,
  CLASSES,
  charSet,
  type Greed,
  NOT_NEWLINE,
  type Node,
  PerlRegexError,
} from './ast.ts';

export type Flags = {
  readonly ignoreCase?: boolean;
  /** Blanks and comments in the expression mean nothing. */
  readonly extended?: boolean;
  /** `.` matches a newline as well. */
  readonly dotAll?: boolean;
  /** `^` and `$` also match at newlines inside the text. */
  readonly multiline?: boolean;
};

export type Parsed = {
  readonly node: Node;
  readonly groups: number;
  readonly names: ReadonlyMap<string, readonly number[]>;
};

const MAX_REPEAT = 100_000;
const MAX_DEPTH = 250;

/**
 * Reads an expression in the syntax that Oniguruma calls Perl_NG. Calls of groups, conditions and callouts are not here;
 * they are refused.
 *
 * @throws PerlRegexError
 */
export function parse(source: string, flags: Flags): Parsed {
  const parser = new Parser([...source], flags);
  return { node: parser.all(), groups: parser.groups, names: parser.names };
}

class Parser {
  groups = 0;
  readonly names = new Map<string, number[]>();
  #at = 0;
  #depth = 0;
  readonly #backrefs: { index: number }[] = [];

  constructor(
    private readonly text: readonly string[],
    private flags: Flags,
  ) {}

  all(): Node {
    const node = this.#alternation();
    if (this.#at < this.text.length) throw new PerlRegexError('unmatched close parenthesis');
    if (this.#backrefs.some(({ index }) => index > this.groups)) {
      throw new PerlRegexError('invalid backref number/name');
    }
    return node;
  }

  #peek(text: string): boolean {
    return [...text].every((character, i) => this.text[this.#at + i] === character);
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#at += text.length;
    return true;
  }

  #alternation(): Node {
    const { flags } = this;
    const parts = [this.#concatenation()];
    while (this.#take('|')) parts.push(this.#concatenation());
    // Flags set inside hold to the end of the group.
    this.flags = flags;
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'alternate', parts };
  }

  #concatenation(): Node {
    const parts: Node[] = [];
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.text.length || this.#peek('|') || this.#peek(')')) break;
      parts.push(this.#repeated(this.#atom()));
    }
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'concat', parts };
  }

  #skipBlanks(): void {
    if (!this.flags.extended) return;
    while (this.#at < this.text.length) {
      if (/\s/.test(this.text[this.#at] as string)) this.#at++;
      else if (this.#peek('#')) while (this.#at < this.text.length && this.text[this.#at] !== '\n') this.#at++;
      else return;
    }
  }

  #repeated(first: Node): Node {
    let node = first;
    for (;;) {
      this.#skipBlanks();
      const times = this.#times();
      if (times === undefined) return node;
      const [min, max, how] = times;
      node = { kind: 'repeat', body: node, min, max, how };
    }
  }

  #times(): [number, number, Greed] | undefined {
    const start = this.#at;
    let bounds: [number, number] | undefined;
    if (this.#take('*')) bounds = [0, Number.POSITIVE_INFINITY];
    else if (this.#take('+')) bounds = [1, Number.POSITIVE_INFINITY];
    else if (this.#take('?')) bounds = [0, 1];
    else bounds = this.#interval();
    if (bounds === undefined) {
      this.#at = start;
      return undefined;
    }
    const how = this.#take('?') ? 'lazy' : this.#take('+') ? 'possessive' : 'greedy';
    return [...bounds, how];
  }

  /** `{n}`, `{n,}`, `{n,m}`; anything else is text. */
  #interval(): [number, number] | undefined {
    const found = /^\{(\d+)(,(\d*))?\}/.exec(this.text.slice(this.#at, this.#at + 24).join(''));
    if (found === null) return undefined;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY)) {
      throw new PerlRegexError('too big number for repeat range');
    }
    if (max < min) throw new PerlRegexError('upper is smaller than lower in repeat range');
    this.#at += found[0].length;
    return [min, max];
  }

  #atom(): Node {
    const c = this.text[this.#at++] as string;
    switch (c) {
      case '(':
        return this.#group();
      case '[':
        return this.#set(this.#bracket());
      case '.':
        return { kind: 'set', set: this.flags.dotAll ? ANY : NOT_NEWLINE };
      case '^':
        return assertion(this.flags.multiline ? 'line-start' : 'text-start');
      case '$':
        return assertion(this.flags.multiline ? 'line-end' : 'text-end');
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
        throw new PerlRegexError('target of repeat operator is not specified');
      default:
        return this.#character(c);
    }
  }

  #character(c: string): Node {
    const code = c.codePointAt(0) as number;
    return this.#set(charSet([[code, code]]));
  }

  #set(set: CharSet): Node {
    return { kind: 'set', set: this.flags.ignoreCase ? { ...set, ignoreCase: true } : set };
  }

  #group(): Node {
    if (++this.#depth > MAX_DEPTH) throw new PerlRegexError('too deep nest level in parse tree');
    const node = this.#take('?') ? this.#special() : this.#captured();
    this.#depth--;
    return node;
  }

  #captured(name?: string): Node {
    const index = ++this.groups;
    if (name !== undefined) this.names.set(name, [...(this.names.get(name) ?? []), index]);
    return { kind: 'group', index, body: this.#body() };
  }

  #body(): Node {
    const body = this.#alternation();
    if (!this.#take(')')) throw new PerlRegexError('end pattern with unmatched parenthesis');
    return body;
  }

  #special(): Node {
    if (this.#take(':')) return this.#body();
    if (this.#take('>')) return { kind: 'atomic', body: this.#body() };
    if (this.#take('=')) return this.#look(false, false);
    if (this.#take('!')) return this.#look(false, true);
    if (this.#take('<=')) return this.#look(true, false);
    if (this.#take('<!')) return this.#look(true, true);
    if (this.#take('#')) return this.#comment();
    if (this.#take('<')) return this.#captured(this.#name('>'));
    if (this.#take("'")) return this.#captured(this.#name("'"));
    return this.#setFlags();
  }

  #look(behind: boolean, negated: boolean): Node {
    return { kind: 'look', body: this.#body(), behind, negated };
  }

  #comment(): Node {
    while (!this.#take(')')) if (this.#at++ >= this.text.length) throw new PerlRegexError('end pattern in group');
    return { kind: 'empty' };
  }

  #name(end: string): string {
    let name = '';
    while (this.#at < this.text.length && this.text[this.#at] !== end) name += this.text[this.#at++];
    if (name === '' && this.#at < this.text.length) throw new PerlRegexError('group name is empty');
    if (!this.#take(end) || !/^[^\W\d]\w*$/u.test(name)) throw new PerlRegexError(`invalid group name <${name}>`);
    return name;
  }

  /** `(?i)` for the rest of the group around it, `(?i:…)` for a group of its own. */
  #setFlags(): Node {
    const { flags } = this;
    let on = true;
    for (;;) {
      const c = this.text[this.#at++];
      if (c === undefined) throw new PerlRegexError('end pattern in group');
      if (c === '-') on = false;
      else if (c === 'i') this.flags = { ...this.flags, ignoreCase: on };
      else if (c === 'x') this.flags = { ...this.flags, extended: on };
      else if (c === 's') this.flags = { ...this.flags, dotAll: on };
      else if (c === 'm') this.flags = { ...this.flags, multiline: on };
      else if (c === ')') return { kind: 'empty' };
      else if (c === ':') {
        const body = this.#body();
        this.flags = flags;
        return body;
      } else throw new PerlRegexError('undefined group option');
    }
  }

  #escaped(): Node {
    const c = this.text[this.#at++];
    if (c === undefined) throw new PerlRegexError('end pattern at escape');
    const what = ASSERTIONS[c];
    if (what !== undefined) return assertion(what);
    if (/[1-9]/.test(c)) return this.#backref(c);
    if (c === 'k') return this.#namedBackref();
    if (c === 'Q') return this.#quoted();
    if (c === 'K') return { kind: 'keep' };
    if (c === 'g' || c === 'R' || c === 'X') {
      throw new PerlRegexError(`\\${c} is not simulated here`);
    }
    const set = this.#classEscape(c);
    return set === undefined ? this.#character(this.#plainEscape(c)) : this.#set(set);
  }

  #backref(first: string): Node {
    let digits = first;
    while (/\d/.test(this.text[this.#at] ?? '')) digits += this.text[this.#at++];
    return this.#toGroup(Number(digits));
  }

  #toGroup(index: number): Node {
    const node = { kind: 'backref', index, ignoreCase: this.flags.ignoreCase === true } as const;
    this.#backrefs.push(node);
    return node;
  }

  #namedBackref(): Node {
    const end = this.#take('<') ? '>' : this.#take("'") ? "'" : undefined;
    if (end === undefined) throw new PerlRegexError('invalid backref number/name');
    if (/\d/.test(this.text[this.#at] ?? '')) {
      const node = this.#backref('');
      this.#take(end);
      return node;
    }
    const name = this.#name(end);
    const index = this.names.get(name)?.at(-1);
    if (index === undefined) throw new PerlRegexError(`undefined name <${name}> reference`);
    return this.#toGroup(index);
  }

  #quoted(): Node {
    const parts: Node[] = [];
    while (this.#at < this.text.length && !this.#take('\\E'))
      parts.push(this.#character(this.text[this.#at++] as string));
    return { kind: 'concat', parts };
  }

  /** `\d` and its kind. */
  #classEscape(c: string): CharSet | undefined {
    if (c === 'p' || c === 'P') return this.#property(c === 'P');
    const name = CLASS_ESCAPES[c.toLowerCase()];
    const set = name === undefined ? undefined : CLASSES[name];
    return set && c !== c.toLowerCase() ? { ...set, negated: true } : set;
  }

  #property(negated: boolean): CharSet {
    const found = /^\{(\^?)([^}]*)\}/.exec(this.text.slice(this.#at, this.#at + 40).join(''));
    if (found === null) return charSet([[0x70, 0x70]]);
    this.#at += found[0].length;
    const set = CLASSES[PROPERTIES[(found[2] as string).toLowerCase()] ?? (found[2] as string).toLowerCase()];
    if (set === undefined) throw new PerlRegexError(`invalid character property name {${found[2]}}`);
    return { ...set, negated: negated !== (found[1] === '^') };
  }

  #plainEscape(c: string): string {
    const control = CONTROLS[c];
    if (control !== undefined) return control;
    const rest = this.text.slice(this.#at, this.#at + 12).join('');
    const found =
      c === 'x'
        ? /^(?:\{([\da-fA-F]{1,8})\}|([\da-fA-F]{1,2}))/.exec(rest)
        : c === '0'
          ? /^([0-7]{1,2})/.exec(rest)
          : null;
    if (found === null) return c === '0' || c === 'x' ? '\0' : c;
    this.#at += found[0].length;
    const code = Number.parseInt(found[1] ?? found[2] ?? '0', c === '0' ? 8 : 16);
    if (code > 0x10ffff) throw new PerlRegexError('too big wide-char value');
    return String.fromCodePoint(code);
  }

  #bracket(): CharSet {
    const negated = this.#take('^');
    const ranges: [number, number][] = [];
    const sets: CharSet[] = [];
    for (let first = true; ; first = false) {
      if (this.#at >= this.text.length) throw new PerlRegexError('premature end of char-class');
      if (this.#peek(']')) {
        // A `]` at the start is text where another one closes the class.
        if (!first) break;
        if (!this.text.includes(']', this.#at + 1)) throw new PerlRegexError('empty char-class');
      }
      const low = this.#member();
      if (typeof low === 'object') {
        sets.push(low);
        continue;
      }
      ranges.push([low, this.#peek('-') && !this.#peek('-]') ? this.#rangeEnd(low) : low]);
    }
    this.#at++;
    return { ranges, sets, negated, ignoreCase: false };
  }

  #rangeEnd(low: number): number {
    this.#at++;
    if (this.#at >= this.text.length) throw new PerlRegexError('premature end of char-class');
    const high = this.#member();
    if (typeof high === 'object') throw new PerlRegexError('char-class value at end of range');
    if (high < low) throw new PerlRegexError('empty range in char class');
    return high;
  }

  #member(): number | CharSet {
    const c = this.text[this.#at++] as string;
    if (c === '[' && this.#peek(':')) {
      const found = /^:(\^?)(\w+):\]/.exec(this.text.slice(this.#at, this.#at + 20).join(''));
      const set = found === null ? undefined : CLASSES[found[2] as string];
      if (found === null || set === undefined) throw new PerlRegexError('invalid POSIX bracket type');
      this.#at += found[0].length;
      return found[1] === '^' ? { ...set, negated: true } : set;
    }
    if (c !== '\\') return c.codePointAt(0) as number;
    const escaped = this.text[this.#at++];
    if (escaped === undefined) throw new PerlRegexError('end pattern at escape');
    if (escaped === 'b') return 8;
    return this.#classEscape(escaped) ?? (this.#plainEscape(escaped).codePointAt(0) as number);
  }
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  Z: 'text-end',
  z: 'very-end',
  b: 'word',
  B: 'not-word',
};

const CLASS_ESCAPES: Readonly<Record<string, string>> = { d: 'digit', w: 'word', s: 'space', h: 'xdigit' };
const CONTROLS: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
};
const PROPERTIES: Readonly<Record<string, string>> = {
  l: 'alpha',
  letter: 'alpha',
  lu: 'upper',
  ll: 'lower',
  nd: 'digit',
};

const assertion = (what: Assertion): Node => ({ kind: 'assert', what });
