import { Regex, RegexError } from '../../os/index.ts';

/** A sed script as GNU sed 4.9 reads it (sed/compile.c). */
export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'regex'; readonly regex: Pattern }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  /** `addr1,+N` */
  | { readonly kind: 'plus'; readonly count: number }
  /** `addr1,~N` */
  | { readonly kind: 'multiple'; readonly of: number }
  /** `0` as in `0,/re/` */
  | { readonly kind: 'zero' };

/** undefined is the empty expression `//`: the one that was used last. */
export type Pattern = { readonly regex: Regex | undefined; readonly multiline: boolean };

export type Replacement = readonly ReplacementPart[];
export type ReplacementPart =
  | { readonly kind: 'text'; readonly text: string }
  /** 0 is `&`. */
  | { readonly kind: 'group'; readonly index: number }
  | { readonly kind: 'case'; readonly how: 'U' | 'L' | 'u' | 'l' | 'E' };

export type SedCommand = {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly negated: boolean;
  readonly action: Action;
};

export type Action =
  | { readonly op: '{'; end: number }
  | { readonly op: '}' | '=' | 'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' | 'F' }
  | { readonly op: 'a' | 'i' | 'c'; readonly text: string }
  | { readonly op: ':'; readonly label: string }
  | { readonly op: 'b' | 't' | 'T'; readonly label: string; target: number }
  | { readonly op: 'q' | 'Q' | 'l'; readonly value: number | undefined }
  | { readonly op: 'r' | 'R' | 'w' | 'W'; readonly file: string }
  | { readonly op: 'y'; readonly map: ReadonlyMap<string, string> }
  | {
      readonly op: 's';
      readonly pattern: Pattern;
      readonly replacement: Replacement;
      readonly global: boolean;
      readonly nth: number;
      readonly print: boolean;
      readonly file: string | undefined;
    };

export class SedError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export type Script = { readonly commands: readonly SedCommand[]; readonly silent: boolean };

/** @throws SedError in sed's words, `-e expression #1, char 5: …` */
export function parseScript(pieces: readonly string[], extended: boolean): Script {
  const parser = new ScriptParser(pieces, extended);
  parser.all();
  return { commands: parser.commands, silent: parser.silent };
}

const SIMPLE = '=dDgGhHnNpPxzF';

class ScriptParser {
  readonly commands: SedCommand[] = [];
  silent = false;
  readonly #text: string;
  readonly #starts: number[] = [];
  #at = 0;
  #open: { op: '{'; end: number }[] = [];

  constructor(
    pieces: readonly string[],
    private readonly extended: boolean,
  ) {
    let at = 0;
    for (const piece of pieces) {
      this.#starts.push(at);
      at += piece.length + 1;
    }
    this.#text = pieces.join('\n');
  }

  all(): void {
    if (this.#text.startsWith('#n\n') || this.#text === '#n') this.silent = true;
    while ((this.#skip(/[\s;]/), this.#at < this.#text.length)) this.#command();
    if (this.#open.length > 0) throw new SedError("-e expression #1, char 0: unmatched `{'");
    for (const { action } of this.commands) {
      if (action.op !== 'b' && action.op !== 't' && action.op !== 'T') continue;
      if (action.label === '') action.target = this.commands.length;
      else {
        action.target = this.commands.findIndex(
          (other) => other.action.op === ':' && other.action.label === action.label,
        );
        if (action.target < 0) throw new SedError(`can't find label for jump to \`${action.label}'`, 4);
      }
    }
  }

  #bad(message: string, at = this.#at): never {
    const index = this.#starts.findLastIndex((start) => start <= Math.max(0, at - 1));
    throw new SedError(`-e expression #${index + 1}, char ${at - (this.#starts[index] ?? 0)}: ${message}`);
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #skip(what: RegExp): void {
    while (this.#at < this.#text.length && what.test(this.#text[this.#at] as string)) this.#at++;
  }

  #command(): void {
    if (this.#peek() === '#') return this.#skip(/[^\n]/);
    const from = this.#address(false);
    let to: Address | undefined;
    if (from !== undefined) {
      this.#skip(/[ \t]/);
      if (this.#peek() === ',') {
        this.#at++;
        this.#skip(/[ \t]/);
        to = this.#address(true);
        if (to === undefined) this.#bad("unexpected `,'", this.#at + 1);
      }
    }
    if (from?.kind === 'zero' && to?.kind !== 'regex') this.#bad('invalid usage of line address 0', this.#at + 1);
    this.#skip(/[ \t]/);
    let negated = false;
    if (this.#peek() === '!') {
      negated = true;
      this.#at++;
      this.#skip(/[ \t]/);
      if (this.#peek() === '!') this.#bad("multiple `!'s", this.#at + 1);
    }
    const op = this.#peek();
    this.#at++;
    if (op === undefined || op === '\n' || op === ';')
      this.#bad('missing command', Math.min(this.#at, this.#text.length));
    const action = this.#action(op, from !== undefined);
    this.commands.push({ from, to, negated, action });
  }

  #action(op: string, addressed: boolean): Action {
    if (op === '{') {
      const block = { op, end: 0 } as const as { op: '{'; end: number };
      this.#open.push(block);
      return block;
    }
    if (op === '}') return this.#close(addressed);
    if (SIMPLE.includes(op)) {
      this.#end();
      return { op: op as 'p' };
    }
    switch (op) {
      case 'a':
      case 'i':
      case 'c':
        return { op, text: this.#textArgument() };
      case ':':
        return this.#label(addressed);
      case 'b':
      case 't':
      case 'T': {
        const label = this.#word(/[^\s;}]/);
        this.#end();
        return { op, label, target: 0 };
      }
      case 'q':
      case 'Q':
      case 'l': {
        const digits = this.#word(/\d/);
        this.#end();
        return { op, value: digits === '' ? undefined : Number(digits) };
      }
      case 'r':
      case 'R':
      case 'w':
      case 'W': {
        const at = this.#at;
        const file = this.#word(/[^\n]/);
        if (file === '') this.#bad('missing filename in r/R/w/W commands', at);
        return { op, file };
      }
      case 's':
        return this.#substitute();
      case 'y':
        return this.#transliterate();
    }
    return this.#bad(`unknown command: \`${op}'`);
  }

  #close(addressed: boolean): Action {
    if (addressed) this.#bad("} doesn't want any addresses");
    const block = this.#open.pop();
    if (block === undefined) this.#bad("unexpected `}'");
    block.end = this.commands.length;
    this.#end();
    return { op: '}' };
  }

  #label(addressed: boolean): Action {
    if (addressed) this.#bad(": doesn't want any addresses");
    const label = this.#word(/[^\n;]/).trimEnd();
    if (label === '') this.#bad('":" lacks a label');
    return { op: ':', label };
  }

  #word(what: RegExp): string {
    this.#skip(/[ \t]/);
    const start = this.#at;
    this.#skip(what);
    return this.#text.slice(start, this.#at);
  }

  /** After a command: the end, `;`, a newline, `}` or a comment. */
  #end(): void {
    this.#skip(/[ \t]/);
    const c = this.#peek();
    if (c === undefined || c === '}' || c === '#') return;
    this.#at++;
    if (c !== ';' && c !== '\n') this.#bad('extra characters after command');
  }

  /** `a\` newline text, or GNU's `a text`; a backslash at the end of a line goes on with the next one. */
  #textArgument(): string {
    const start = this.#at;
    this.#skip(/[ \t]/);
    if (this.#at >= this.#text.length) this.#bad("expected \\ after `a', `c' or `i'", start);
    if (this.#peek() === '\\') {
      this.#at++;
      this.#skip(/[ \t]/);
      if (this.#peek() === '\n') this.#at++;
      else if (this.#at < this.#text.length) this.#at = this.#backToBlank(start);
    }
    let out = '';
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] as string;
      if (c === '\n') break;
      if (c !== '\\') {
        out += c;
        continue;
      }
      this.#at++;
      out += escapeOf(this.#text[this.#at]) ?? this.#text[this.#at] ?? '';
    }
    return `${out}\n`;
  }

  /** `a\  text`: the backslash keeps the blanks that follow it. */
  #backToBlank(start: number): number {
    return this.#text.indexOf('\\', start) + 1;
  }

  // Addresses

  #address(second: boolean): Address | undefined {
    const c = this.#peek();
    if (c === undefined) return undefined;
    if (/\d/.test(c)) return this.#numeric(second);
    if (second && (c === '+' || c === '~')) {
      this.#at++;
      const count = Number(this.#word(/\d/));
      return c === '+' ? { kind: 'plus', count } : { kind: 'multiple', of: count };
    }
    if (c === '$') {
      this.#at++;
      return { kind: 'last' };
    }
    if (c !== '/' && c !== '\\') return undefined;
    this.#at += c === '\\' ? 2 : 1;
    const delimiter = this.#text[this.#at - 1] as string;
    const source = this.#delimited(delimiter, true);
    if (source === undefined) this.#bad('unterminated address regex', this.#text.length);
    return { kind: 'regex', regex: this.#pattern(source, this.#word(/[IM]/)) };
  }

  #numeric(second: boolean): Address {
    const first = Number(this.#word(/\d/));
    if (!second && this.#peek() === '~') {
      this.#at++;
      const step = this.#word(/\d/);
      return { kind: 'step', first, step: Number(step) };
    }
    return first === 0 && !second ? { kind: 'zero' } : { kind: 'line', line: first };
  }

  /** Up to the next delimiter that is not escaped (or in brackets); moves behind it. Undefined when there is none. */
  #delimited(delimiter: string, regex: boolean): string | undefined {
    let out = '';
    let inBracket = false;
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] as string;
      const next = this.#text[this.#at + 1];
      if (regex && inBracket) {
        if (c === ']' && !/\[\^?$/.test(out)) inBracket = false;
        out += c === '\\' && next === 'n' ? (this.#at++, '\n') : c;
        continue;
      }
      if (c === delimiter) {
        this.#at++;
        return out;
      }
      if (c === '\n' && regex) return undefined;
      if (c === '\\' && next !== undefined) {
        this.#at++;
        if (next === delimiter) out += regex && /[.*[\]^$+?(){}|]/.test(delimiter) ? `\\${next}` : next;
        else if (next === 'n' && regex) out += '\n';
        else if (next === '\n' && !regex) out += '\\\n';
        else out += `\\${next}`;
        continue;
      }
      if (regex && c === '[') inBracket = true;
      out += c;
    }
    return undefined;
  }

  #pattern(source: string, flags: string): Pattern {
    const multiline = /m/i.test(flags);
    if (source === '') return { regex: undefined, multiline };
    try {
      const regex = new Regex(withEscapes(source), this.extended ? 'extended' : 'basic', {
        ignoreCase: /i/i.test(flags),
      });
      return { regex, multiline };
    } catch (error) {
      if (error instanceof RegexError) this.#bad(error.message);
      throw error;
    }
  }

  // s and y

  #substitute(): Action {
    const delimiter = this.#text[this.#at++];
    const source = delimiter === undefined ? undefined : this.#delimited(delimiter, true);
    const replacement = source === undefined ? undefined : this.#delimited(delimiter as string, false);
    if (source === undefined || replacement === undefined) {
      const newline = this.#text.indexOf('\n', this.#at - 1);
      this.#bad("unterminated `s' command", source !== undefined || newline < 0 ? this.#text.length : newline);
    }
    const flags = { global: false, nth: 1, print: false, file: undefined as string | undefined, regex: '' };
    let numbered = false;
    for (;;) {
      const c = this.#peek();
      if (c === undefined || c === '}' || c === '#') break;
      if (c === '\n' || c === ';') {
        this.#at++;
        break;
      }
      this.#at++;
      if (c === 'g') {
        if (flags.global) this.#bad("multiple `g' options to `s' command");
        flags.global = true;
      } else if (c === 'p') {
        if (flags.print) this.#bad("multiple `p' options to `s' command");
        flags.print = true;
      } else if (/[iImM]/.test(c)) flags.regex += c;
      else if (/\d/.test(c)) {
        if (numbered) this.#bad("multiple number options to `s' command");
        numbered = true;
        this.#at--;
        flags.nth = Number(this.#word(/\d/));
        if (flags.nth === 0) this.#bad("number option to `s' command may not be zero");
      } else if (c === 'w') {
        flags.file = this.#word(/[^\n]/);
        if (flags.file === '') this.#bad('missing filename in r/R/w/W commands');
      } else if (!/[ \t]/.test(c)) this.#bad("unknown option to `s'");
    }
    const pattern = this.#pattern(source, flags.regex);
    const parts = parseReplacement(replacement);
    const highest = Math.max(0, ...parts.map((part) => (part.kind === 'group' ? part.index : 0)));
    if (pattern.regex && highest > pattern.regex.groups)
      this.#bad(`invalid reference \\${highest} on \`s' command's RHS`);
    return {
      op: 's',
      pattern,
      replacement: parts,
      global: flags.global,
      nth: flags.nth,
      print: flags.print,
      file: flags.file,
    };
  }

  #transliterate(): Action {
    const delimiter = this.#text[this.#at++];
    const from = delimiter === undefined ? undefined : this.#delimited(delimiter, false);
    const to = from === undefined ? undefined : this.#delimited(delimiter as string, false);
    if (from === undefined || to === undefined) this.#bad("unterminated `y' command", this.#text.length);
    const a = unescapeAll(from);
    const b = unescapeAll(to);
    if (a.length !== b.length) this.#bad("strings for `y' command are different lengths");
    this.#end();
    return { op: 'y', map: new Map(a.map((c, i) => [c, b[i] as string])) };
  }
}

function escapeOf(c: string | undefined): string | undefined {
  return c === undefined
    ? undefined
    : ({ n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' } as Record<string, string>)[c];
}

/** `\t` and its kind, which regcomp does not know. */
const withEscapes = (source: string): string =>
  source.replace(/\\(.)/gs, (both, c: string) => ('trfva'.includes(c) ? (escapeOf(c) as string) : both));

const unescapeAll = (text: string): string[] => [...text.replace(/\\(.)/gs, (_, c: string) => escapeOf(c) ?? c)];

function parseReplacement(text: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  const literal = (piece: string) => {
    const last = parts.at(-1);
    if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + piece };
    else parts.push({ kind: 'text', text: piece });
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '&') parts.push({ kind: 'group', index: 0 });
    else if (c !== '\\') literal(c);
    else {
      const next = text[++i] ?? '\\';
      if (/\d/.test(next)) parts.push({ kind: 'group', index: Number(next) });
      else if (/[ULulE]/.test(next)) parts.push({ kind: 'case', how: next as 'U' });
      else literal(escapeOf(next) ?? next);
    }
  }
  return parts;
}
