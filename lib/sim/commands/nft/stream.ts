import { isKeyword, type Token, tokenName } from './lexer.ts';
import { type Location, NftProblem } from './location.ts';

const OR = ' or ';

/** Tokens one after another, and what the parser complains of. */
export class TokenStream {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.peek(0);
  }

  peek(ahead: number): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  /** The token that was taken last. */
  get last(): Token {
    return this.#tokens[Math.max(0, this.#at - 1)] as Token;
  }

  take(): Token {
    const token = this.next;
    this.#at++;
    return token;
  }

  /** For a second look from the same place. */
  get mark(): number {
    return this.#at;
  }

  reset(mark: number): void {
    this.#at = mark;
  }

  isWord(...words: string[]): boolean {
    const { kind, text } = this.next;
    return kind === 'word' && words.includes(text);
  }

  isSign(...signs: string[]): boolean {
    const { kind, text } = this.next;
    return kind === 'sign' && signs.includes(text);
  }

  takeWord(...words: string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.take();
    return true;
  }

  takeSign(...signs: string[]): boolean {
    if (!this.isSign(...signs)) return false;
    this.take();
    return true;
  }

  /** Words that say what could have stood here are told where they are few. */
  unexpected(...expecting: string[]): NftProblem {
    const { next } = this;
    const hint = expecting.length === 0 ? '' : `, expecting ${expecting.join(OR)}`;
    const name = next.kind === 'end' ? 'end of file' : tokenName(next);
    return new NftProblem(`syntax error, unexpected ${name}${hint}`, next.at);
  }

  expectSign(sign: string, name = sign): Token {
    if (!this.isSign(sign)) throw this.unexpected(name);
    return this.take();
  }

  expectWord(word: string): Token {
    if (!this.isWord(word)) throw this.unexpected(word);
    return this.take();
  }

  number(...expecting: string[]): { readonly value: number; readonly at: Location } {
    if (this.next.kind !== 'number') throw this.unexpected(...(expecting.length === 0 ? ['number'] : expecting));
    const { text, at } = this.take();
    return { value: /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text), at };
  }

  /** A name that is no keyword. */
  identifier(...expecting: string[]): { readonly text: string; readonly at: Location } {
    const { kind, text } = this.next;
    if (kind !== 'word' || isKeyword(text)) throw this.unexpected(...(expecting.length === 0 ? ['string'] : expecting));
    return this.take();
  }

  /** Text in quotes or a bare name. */
  string(): { readonly text: string; readonly at: Location } {
    const { kind, text } = this.next;
    if (kind !== 'quoted' && kind !== 'wildcard' && (kind !== 'word' || isKeyword(text)))
      throw this.unexpected('string', 'quoted string', 'string with a trailing asterisk');
    return this.take();
  }

  /** A time: `1h30m`, or seconds as a number; in milliseconds. */
  time(): number {
    const { kind, text } = this.next;
    if (kind === 'number') return Number(this.take().text) * 1000;
    const units = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
    if (kind !== 'word' || units === null || text === '') throw this.unexpected('string');
    this.take();
    const [d, h, m, s, ms] = units.slice(1).map((one) => Number(one ?? 0)) as [number, number, number, number, number];
    return (((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms;
  }

  /** Ends of lines and semicolons where one is needed. */
  endOfStatement(...expecting: string[]): void {
    if (this.next.kind === 'newline' || this.isSign(';')) this.take();
    else if (this.next.kind !== 'end' && !this.isSign('}'))
      throw this.unexpected(...(expecting.length === 0 ? [] : expecting));
  }

  skipNewlines(): void {
    while (this.next.kind === 'newline' || this.isSign(';')) this.take();
  }
}
