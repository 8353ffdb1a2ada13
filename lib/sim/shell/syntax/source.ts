/** The text ends inside a construct: an interactive shell asks for more (PS2), any other reports it. */
export class IncompleteError extends Error {
  override name = 'IncompleteError';
  constructor(
    /** `unexpected EOF while looking for matching …`, where a quote or bracket is open. */
    readonly detail: string | undefined,
    readonly line: number,
  ) {
    super(detail ?? 'syntax error: unexpected end of file');
  }
}

export class ShellSyntaxError extends Error {
  override name = 'ShellSyntaxError';
  constructor(
    message: string,
    readonly line: number,
    /** The line it is in, which bash prints when it does not talk to a person; undefined: it does not. */
    readonly excerpt: string | undefined,
  ) {
    super(message);
  }
}

/** How deep constructs may nest: a learner's typing stays far below, a generated monster gets an error instead of a crash. */
const MAX_NESTING = 250;

/** The characters of a script, with the line that each stands in. */
export class Source {
  position = 0;
  #nesting = 0;
  #counted = { position: 0, line: 0 };

  constructor(
    public text: string,
    readonly firstLine = 1,
  ) {}

  get line(): number {
    if (this.position < this.#counted.position) this.#counted = { position: 0, line: 0 };
    for (; this.#counted.position < this.position; this.#counted.position++) {
      if (this.text[this.#counted.position] === '\n') this.#counted.line++;
    }
    return this.firstLine + this.#counted.line;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  get current(): string {
    return this.text[this.position] ?? '';
  }

  peek(offset = 1): string {
    return this.text[this.position + offset] ?? '';
  }

  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.position);
  }

  /** The match of a sticky pattern at the position. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text);
  }

  take(): string {
    return this.text[this.position++] ?? '';
  }

  /** Replaces what is before the position, from `start` on, and goes back there (alias expansion). */
  replace(start: number, replacement: string): void {
    this.text = this.text.slice(0, start) + replacement + this.text.slice(this.position);
    this.position = start;
  }

  /** Skips blanks, comments and line continuations. */
  skipBlanks(): void {
    for (;;) {
      if (this.current === ' ' || this.current === '\t') this.position++;
      else if (this.startsWith('\\\n')) this.position += 2;
      else if (this.current === '#') this.position = this.endOfLine();
      else return;
    }
  }

  endOfLine(): number {
    const end = this.text.indexOf('\n', this.position);
    return end === -1 ? this.text.length : end;
  }

  lineText(line: number): string {
    return this.text.split('\n')[line - this.firstLine] ?? '';
  }

  nested<T>(parse: () => T): T {
    if (++this.#nesting > MAX_NESTING) {
      throw new ShellSyntaxError(
        `syntax error: constructs nested deeper than this shell's limit (${MAX_NESTING})`,
        this.line,
        undefined,
      );
    }
    try {
      return parse();
    } finally {
      this.#nesting--;
    }
  }
}

/** The `]` that closes a subscript which begins at `from`, on the same line. */
export function matchingBracket(text: string, from: number): number | undefined {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\n') return undefined;
    if (c === '[') depth++;
    else if (c === ']' && depth-- === 0) return i;
    else if (c === '\\') i++;
    else if (c === "'" || c === '"') {
      const end = text.indexOf(c, i + 1);
      if (end === -1) return undefined;
      i = end;
    }
  }
  return undefined;
}
