import { TERMINALS } from './grammar.ts';
import { Lexer, type Token } from './lexer.ts';
import { type State, tables } from './tables.ts';

/** A rule of the grammar that was found in the program, and what it consists of. */
export type Tree = {
  readonly rule: string;
  readonly parts: readonly (Tree | Token)[];
  readonly start: number;
  readonly end: number;
};

/** Something wrong at `at`, an index into the program; undefined: with the program as a whole. */
export type Complaint = { readonly message: string; readonly at: number | undefined };

export const isTree = (part: Tree | Token): part is Tree => 'rule' in part;

/** Rules that are read only to say what is wrong. */
const MISTAKES: Readonly<Record<string, string>> = {
  'unfinished-if': "Possibly unterminated 'if' statement",
  'unfinished-try': "Possibly unterminated 'try' statement",
  'lost-break': 'break requires a label to break to',
  'bad-field': 'try .["field"] instead of .field for unusually named fields',
  'bad-member': 'May need parentheses around object key expression',
  'bad-pair': 'May need parentheses around object key expression',
};

/** A syntax error names what it expected only where that is at most so much. */
const MAX_EXPECTED = 4;
/** So many tokens have to be in order again before the next syntax error is reported. */
const RECOVERY = 3;

/** Reads a program; `complaints` gets what is wrong. undefined: it could not be read to its end. */
export function parse(source: string, complaints: Complaint[]): Tree | undefined {
  return new Parser(source, complaints).run();
}

type Entry = { readonly state: number; readonly part: Tree | Token };

class Parser {
  readonly #lexer: Lexer;
  readonly #stack: Entry[] = [];
  #token: Token;
  /** How many tokens to go until errors are reported again. */
  #recovering = 0;

  constructor(
    source: string,
    private readonly complaints: Complaint[],
  ) {
    this.#lexer = new Lexer(source);
    this.#token = this.#read({ start: 0, end: 0 });
  }

  /** The end of the program stands where the last token does, as far as messages go. */
  #read(last: { start: number; end: number }): Token {
    const token = this.#lexer.next();
    if (token === undefined) {
      return { kind: '$end', text: '', value: undefined, start: last.start, end: last.end };
    }
    if (token.problem !== undefined) this.complaints.push({ message: token.problem, at: token.start });
    return token;
  }

  get #state(): State {
    return tables().states[this.#stack.at(-1)?.state ?? 0] as State;
  }

  run(): Tree | undefined {
    for (;;) {
      const action = this.#state.actions.get(this.#token.kind);
      if (typeof action === 'number' && action >= 0) {
        if (this.#token.kind === '$end') return this.#stack[0]?.part as Tree;
        this.#stack.push({ state: action, part: this.#token });
        this.#token = this.#read(this.#token);
        if (this.#recovering > 0) this.#recovering--;
        continue;
      }
      const rule = typeof action === 'number' ? -1 - action : this.#state.otherwise;
      if (action !== 'none' && rule !== undefined) this.#reduce(rule);
      else if (!this.#recover()) return undefined;
    }
  }

  #reduce(number: number): void {
    const rule = tables().rules[number];
    if (rule === undefined) return;
    const taken = rule.right.length === 0 ? [] : this.#stack.splice(-rule.right.length);
    const parts = taken.map((entry) => entry.part);
    const before = this.#stack.at(-1)?.part.end ?? 0;
    const start = parts[0]?.start ?? before;
    const mistake = MISTAKES[rule.name];
    if (mistake !== undefined) this.complaints.push({ message: mistake, at: start });
    const part: Tree = { rule: rule.name, parts, start, end: parts.at(-1)?.end ?? before };
    this.#stack.push({ state: this.#state.gotos.get(rule.left) as number, part });
  }

  /** Reports the token, then goes back to where the grammar allows for an error, and skips what does not fit there. */
  #recover(): boolean {
    if (this.#recovering === 0) this.complaints.push({ message: this.#unexpected(), at: this.#token.start });
    if (this.#recovering === RECOVERY) {
      if (this.#token.kind === '$end') return false;
      this.#token = this.#read(this.#token);
    }
    this.#recovering = RECOVERY;
    let { start } = this.#token;
    for (;;) {
      const action = this.#state.actions.get('error');
      if (typeof action === 'number' && action >= 0) {
        const part: Token = { kind: 'error', text: '', value: undefined, start, end: this.#token.end };
        this.#stack.push({ state: action, part });
        return true;
      }
      const popped = this.#stack.pop();
      if (popped === undefined) return false;
      start = popped.part.start;
    }
  }

  #unexpected(): string {
    const expected = [...this.#state.actions]
      .filter(([name, action]) => name !== 'error' && action !== 'none')
      .map(([name]) => name);
    const listed = expected.length <= MAX_EXPECTED && expected.length > 0 ? inOrder(expected) : [];
    const expecting = listed.length === 0 ? '' : `, expecting ${listed.join(' or ')}`;
    return `syntax error, unexpected ${this.#token.kind}${expecting} (Unix shell quoting issues?)`;
  }
}

const inOrder = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => TERMINALS.indexOf(a) - TERMINALS.indexOf(b));
