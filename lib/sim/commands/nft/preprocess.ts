import { type Token, tokenize, tokenName } from './lexer.ts';
import { type Location, NftProblem, type Source, span } from './location.ts';

/** Reads files that a text includes; the text, or why there is none. */
export type ReadFiles = (pattern: string) => readonly { readonly path: string; readonly text: string }[] | string;

const MOST_INCLUDES = 16;

/** Puts in what `include` names and what variables stand for, before the grammar is asked. */
export class Preprocessor {
  readonly #variables: Map<string, readonly Token[]>;
  readonly #read: ReadFiles;

  constructor(variables: Map<string, readonly Token[]>, read: ReadFiles) {
    this.#variables = variables;
    this.#read = read;
  }

  expand(source: Source, depth = 0): Token[] {
    const tokens = tokenize(source);
    const out: Token[] = [];
    let isStart = true;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as Token;
      const directive = isStart && token.kind === 'word' ? token.text : '';
      isStart = token.kind === 'newline' || (token.kind === 'sign' && /^[;{}]$/.test(token.text));
      if (directive === 'include') {
        out.push(...this.#include(tokens.slice(i, i + 3), depth));
        i++;
      } else if (directive === 'define' || directive === 'redefine') i = this.#define(tokens, i);
      else if (directive === 'undefine') {
        this.#variables.delete(tokens[++i]?.text ?? '');
      } else if (token.kind === 'sign' && token.text === '$') out.push(...this.#variable(tokens[++i] as Token, token));
      else out.push(token);
    }
    return depth === 0 ? out : out.slice(0, -1);
  }

  /** The word, the path, and the line's end, which belongs to it. */
  #include([word, path, end]: readonly Token[], depth: number): Token[] {
    if (word === undefined || path === undefined || end === undefined) return [];
    if (path.kind !== 'quoted') throw unexpected(path, 'quoted string', 'string');
    const at = span(word.at, end.at);
    if (depth >= MOST_INCLUDES) throw new NftProblem(`Include nested too deeply, max ${MOST_INCLUDES} levels`, at);
    const files = this.#read(path.text);
    if (typeof files === 'string') throw new NftProblem(files, at);
    return files.flatMap(({ path: name, text }) => this.expand({ name, text, includedAt: at }, depth + 1));
  }

  /** `define NAME = VALUE`, to the end of the line that closes its braces. */
  #define(tokens: readonly Token[], start: number): number {
    const name = tokens[start + 1] as Token;
    const sign = tokens[start + 2] as Token;
    if (name.kind !== 'word') throw unexpected(name, 'string');
    if (sign.kind !== 'sign' || sign.text !== '=') throw unexpected(sign, "'='");
    const value: Token[] = [];
    let depth = 0;
    let i = start + 3;
    for (; i < tokens.length; i++) {
      const token = tokens[i] as Token;
      const ends = token.kind === 'end' || token.kind === 'newline' || (token.kind === 'sign' && token.text === ';');
      if (ends && (depth === 0 || token.kind === 'end')) break;
      if (token.kind === 'newline') continue;
      if (token.kind === 'sign' && token.text === '{') depth++;
      if (token.kind === 'sign' && token.text === '}') depth--;
      if (token.kind === 'sign' && token.text === '$') value.push(...this.#variable(tokens[++i] as Token, token));
      else value.push(token);
    }
    this.#variables.set(name.text, value);
    return i - 1;
  }

  #variable(name: Token, dollar: Token): readonly Token[] {
    const value = this.#variables.get(name.text);
    if (value === undefined) throw new NftProblem(`unknown identifier '${name.text}'`, name.at ?? dollar.at);
    return value;
  }
}

function unexpected(token: Token, ...expecting: string[]): NftProblem {
  return new NftProblem(`syntax error, unexpected ${tokenName(token)}, expecting ${expecting.join(' or ')}`, token.at);
}

/** Of `-D NAME=VALUE`. */
export function variableTokens(text: string): readonly Token[] {
  return tokenize({ name: undefined, text }).slice(0, -1);
}

export type { Location };
