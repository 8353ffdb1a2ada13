import type { AndOr, Command, CommandBody, Item, Pipeline, Redirect, Script, Word } from './ast.ts';
import { parseCompound } from './compound.ts';
import { type PendingHereDocument, readHereDocuments, startHereDocument } from './here-document.ts';
import { IncompleteError, ShellSyntaxError, Source } from './source.ts';
import { literalText, nextToken, REDIRECTIONS, RESERVED, type Token } from './tokens.ts';
import { type Mode, parseParts, type WordContext } from './words.ts';

export type ParserOptions = {
  readonly firstLine?: number;
  readonly extglob?: () => boolean;
  /** The text that a name stands for, where aliases are expanded. */
  readonly alias?: (name: string) => string | undefined;
  /** Called for a here-document that the end of the text closes. */
  readonly onUnclosedHereDocument?: (line: number, delimiter: string) => void;
  /** An interactive shell's text may go on: an open here-document is incomplete, not closed by the end. */
  readonly mayContinue?: boolean;
};

/** Builtins whose arguments may be assignments with arrays. */
const DECLARING = new Set(['declare', 'typeset', 'local', 'export', 'readonly', 'alias', 'eval']);

/** Reserved words that may only follow something else, so they are errors where a command should begin. */
const CLOSING = new Set(['then', 'else', 'elif', 'fi', 'esac', 'do', 'done', '}']);

/**
 * A recursive descent parser for bash's grammar that reads one complete command at a time, as the shell does: what stands
 * before a syntax error has run when the error is found.
 */
export class Parser implements WordContext {
  readonly source: Source;
  #peeked: Token | undefined;
  #hereDocuments: PendingHereDocument[] = [];
  #inCondition = 0;
  /** Aliases being expanded: not again before their text ends. */
  #expanding: { name: string; remaining: number }[] = [];

  constructor(
    text: string,
    readonly options: ParserOptions = {},
  ) {
    this.source = new Source(text, options.firstLine ?? 1);
  }

  get extglob(): boolean {
    return this.#inCondition > 0 || this.options.extglob?.() === true;
  }

  // Tokens

  /** `arrays`: the next word may be an array assignment. */
  peek(arrays = true): Token {
    this.#peeked ??= nextToken(this, arrays);
    return this.#peeked;
  }

  take(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    if (token.kind === 'newline') {
      readHereDocuments(this, this.#hereDocuments, this.options);
      this.#hereDocuments = [];
    }
    return token;
  }

  /** Gives back a token that was only looked at, to read the characters in another way. */
  rewind(): number {
    const { start } = this.peek();
    this.#peeked = undefined;
    this.source.position = start;
    return start;
  }

  isOp(...texts: string[]): boolean {
    const token = this.peek();
    return token.kind === 'op' && texts.includes(token.text);
  }

  /** Is the next token this reserved word? Precondition: the parser stands where a command may begin. */
  isReserved(...names: string[]): boolean {
    const token = this.peek();
    return token.kind === 'word' && names.includes(literalText(token.word) ?? '') && !token.word.text.includes('\\');
  }

  expectOp(text: string): void {
    if (!this.isOp(text)) this.unexpected();
    this.take();
  }

  expectReserved(name: string): void {
    if (!this.isReserved(name)) this.unexpected();
    this.take();
  }

  unexpected(token = this.peek()): never {
    if (token.kind === 'eof' && !this.#insideSubstitution) throw new IncompleteError(undefined, this.source.line);
    if (token.kind === 'eof')
      throw new IncompleteError("unexpected EOF while looking for matching `)'", this.source.line + 1);
    throw new ShellSyntaxError(
      `syntax error near unexpected token \`${token.text}'`,
      token.line,
      this.source.lineText(token.line),
    );
  }

  get #insideSubstitution(): boolean {
    return this.#substitutions > 0;
  }

  #substitutions = 0;

  skipNewlines(): void {
    while (this.peek().kind === 'newline') this.take();
  }

  inCondition<T>(parse: () => T): T {
    this.#inCondition++;
    try {
      return parse();
    } finally {
      this.#inCondition--;
    }
  }

  // Grammar

  /** The next command line with all that belongs to it; undefined at the end of the text. */
  next(): Script | undefined {
    this.skipNewlines();
    if (this.peek().kind === 'eof') return undefined;
    const items: Item[] = [];
    while (this.peek().kind !== 'newline' && this.peek().kind !== 'eof') items.push(this.#item());
    if (this.peek().kind === 'newline') this.take();
    else if (this.#hereDocuments.length > 0) {
      readHereDocuments(this, this.#hereDocuments, this.options);
      this.#hereDocuments = [];
    }
    return { items };
  }

  #item(): Item {
    const list = this.#andOr();
    if (this.isOp('&')) {
      this.take();
      return { list, background: true };
    }
    if (this.isOp(';')) this.take();
    else if (this.peek().kind !== 'newline' && this.peek().kind !== 'eof') this.unexpected();
    return { list, background: false };
  }

  /** Commands up to a closing word, which is not taken. At least one command, as the grammar demands. */
  script(...closing: string[]): Script {
    const items: Item[] = [];
    this.skipNewlines();
    if (this.#atClosing(closing)) this.unexpected();
    while (!this.#atClosing(closing)) {
      const list = this.#andOr();
      const background = this.isOp('&');
      items.push({ list, background });
      if (background || this.isOp(';')) this.take();
      else if (this.peek().kind !== 'newline' && !this.isOp(')', ';;', ';&', ';;&')) {
        if (this.peek().kind === 'eof' || !this.#atClosing(closing)) this.unexpected();
      }
      this.skipNewlines();
    }
    return { items };
  }

  /** Like `script`, but there may be nothing in it (a case clause). */
  optionalScript(...closing: string[]): Script {
    this.skipNewlines();
    return this.#atClosing(closing) ? { items: [] } : this.script(...closing);
  }

  #atClosing(closing: readonly string[]): boolean {
    const token = this.peek();
    if (token.kind === 'eof') this.unexpected();
    return token.kind === 'op'
      ? closing.includes(token.text)
      : token.kind === 'word' && closing.includes(literalText(token.word) ?? '');
  }

  /** Commands inside `$( … )`; the parser stands behind the opening parenthesis, and takes the closing one. */
  parts(mode: Mode, stop?: (source: Source) => boolean): Word['parts'] {
    return parseParts(this, mode, stop);
  }

  parseUntilParen(): Script {
    const outer = { peeked: this.#peeked, documents: this.#hereDocuments };
    this.#peeked = undefined;
    this.#hereDocuments = [];
    this.#substitutions++;
    try {
      const body = this.optionalScript(')');
      this.expectOp(')');
      return body;
    } finally {
      this.#substitutions--;
      this.#peeked = outer.peeked;
      this.#hereDocuments = outer.documents;
    }
  }

  #andOr(): AndOr {
    const start = this.peek().start;
    const first = this.#pipeline();
    const rest: { op: '&&' | '||'; pipeline: Pipeline }[] = [];
    while (this.isOp('&&', '||')) {
      const op = this.take().text as '&&' | '||';
      this.skipNewlines();
      rest.push({ op, pipeline: this.#pipeline() });
    }
    return { first, rest, text: this.#textSince(start) };
  }

  #pipeline(): Pipeline {
    const start = this.peek().start;
    let negated = false;
    let timed: Pipeline['timed'] = 'no';
    for (;;) {
      if (this.isReserved('!')) {
        this.take();
        negated = !negated;
      } else if (this.isReserved('time')) {
        this.take();
        timed = this.isReserved('-p') ? 'posix' : 'bash';
        if (timed === 'posix') this.take();
      } else break;
    }
    const empty =
      (negated || timed !== 'no') && (this.peek().kind === 'newline' || this.isOp(';') || this.peek().kind === 'eof');
    const commands = empty ? [] : this.#pipedCommands();
    return { commands, negated, timed, text: this.#textSince(start) };
  }

  #pipedCommands(): Command[] {
    const commands = [this.command()];
    while (this.isOp('|', '|&')) {
      if (this.take().text === '|&') {
        const last = commands.pop() as Command;
        const target: Word = { parts: [{ type: 'literal', text: '1' }], text: '1' };
        commands.push({ ...last, redirects: [...last.redirects, { fd: 2, op: '>&', target }] });
      }
      this.skipNewlines();
      commands.push(this.command());
    }
    return commands;
  }

  #textSince(start: number): string {
    const end = this.#peeked?.start ?? this.source.position;
    return this.source.text.slice(start, end).trim();
  }

  command(): Command {
    this.#expandAlias();
    const { start, line } = this.peek(true);
    const compound = this.source.nested(() => parseCompound(this));
    const redirects: Redirect[] = [];
    let body: CommandBody;
    if (compound !== undefined) {
      body = compound;
      if (compound.type !== 'function') while (this.#atRedirect()) redirects.push(this.#redirect());
    } else body = this.#simple(redirects);
    return { line, redirects, text: this.#textSince(start), ...body };
  }

  #simple(redirects: Redirect[]): CommandBody {
    const assignments: Extract<CommandBody, { type: 'simple' }>['assignments'][number][] = [];
    const words: Word[] = [];
    const first = this.peek(true);
    if (first.kind === 'word' && CLOSING.has(literalText(first.word) ?? '')) this.unexpected();
    for (;;) {
      const arrays = words.length === 0 || DECLARING.has(literalText(words[0] as Word) ?? '');
      const token = this.peek(arrays);
      if (this.#atRedirect()) redirects.push(this.#redirect());
      else if (token.kind !== 'word') break;
      else {
        this.take();
        if (words.length === 0 && token.word.assignment !== undefined) assignments.push(token.word.assignment);
        else words.push(token.word);
        if (words.length === 0) this.#expandAlias();
      }
    }
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0) this.unexpected();
    if (this.isOp('('))
      this.unexpected(words.length === 1 && assignments.length === 0 ? this.#afterParen() : this.peek());
    return { type: 'simple', assignments, words };
  }

  /** bash names what follows the parenthesis of something that is not a function's: `foo( bar` complains of `bar`. */
  #afterParen(): Token {
    this.take();
    return this.peek();
  }

  #atRedirect(): boolean {
    const token = this.peek();
    return token.kind === 'io' || (token.kind === 'op' && REDIRECTIONS.has(token.text));
  }

  #redirect(): Redirect {
    const first = this.take();
    const operator = first.kind === 'io' ? this.take() : first;
    const fd = first.kind === 'io' ? { fd: first.fd } : {};
    const token = this.peek();
    if (token.kind !== 'word') this.unexpected();
    if (operator.text === '<<' || operator.text === '<<-') {
      this.take();
      const document = startHereDocument(token.word, operator.text === '<<-', operator.line);
      this.#hereDocuments.push(document);
      return { ...fd, op: '<<', target: token.word, body: document.body };
    }
    this.take();
    return { ...fd, op: operator.text as Redirect['op'], target: token.word };
  }

  // Aliases

  #expandAlias(): void {
    const { alias } = this.options;
    if (alias === undefined) return;
    for (;;) {
      const token = this.peek(true);
      const name = token.kind === 'word' ? literalText(token.word) : undefined;
      if (name === undefined || RESERVED.has(name) || token.kind !== 'word') return;
      const remaining = this.source.text.length - this.source.position;
      this.#expanding = this.#expanding.filter((entry) => remaining > entry.remaining);
      const text = this.#expanding.some((entry) => entry.name === name) ? undefined : alias(name);
      if (text === undefined) return;
      this.#peeked = undefined;
      this.#expanding.push({ name, remaining: remaining - 1 });
      this.source.replace(token.start, text);
    }
  }

  /** For a text that is no part of this one: a here-document's body. */
  subParser(text: string): Parser {
    return new Parser(text, this.options);
  }
}

/** The parts of a text in double-quote fashion (a prompt), or in a here-document's. */
export const parseText = (
  text: string,
  mode: 'heredoc' | 'word' | 'arith',
  options: ParserOptions = {},
): Word['parts'] => parseParts(new Parser(text, options), mode);
