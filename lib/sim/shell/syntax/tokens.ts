import type { Word } from './ast.ts';
import { parseWord, type WordContext } from './words.ts';

/** Words with a meaning of their own where a command may begin. */
export const RESERVED = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'case',
  'esac',
  'for',
  'select',
  'while',
  'until',
  'do',
  'done',
  'in',
  'function',
  'time',
  '{',
  '}',
  '!',
  '[[',
  ']]',
  'coproc',
]);

export type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly text: string; readonly start: number; readonly line: number }
  | { readonly kind: 'op'; readonly text: string; readonly start: number; readonly line: number }
  /** `2` of `2>`, or `{name}` of `{name}>`. */
  | {
      readonly kind: 'io';
      readonly fd: number | { readonly variable: string };
      readonly text: string;
      readonly start: number;
      readonly line: number;
    }
  | { readonly kind: 'newline' | 'eof'; readonly text: string; readonly start: number; readonly line: number };

const OPERATOR = /&&|\|\||\|&|;;&|;;|;&|&>>|&>|<<-|<<<|<<|<&|<>|>>|>&|>\||[;&|()<>]/y;

export const REDIRECTIONS = new Set(['<', '>', '>>', '>|', '<>', '<&', '>&', '&>', '&>>', '<<', '<<-', '<<<']);

/** The next token. `arrays`: a word may be an array assignment here. */
export function nextToken(context: WordContext, arrays: boolean): Token {
  const { source } = context;
  source.skipBlanks();
  const start = source.position;
  const line = source.line;
  if (source.atEnd) return { kind: 'eof', text: 'newline', start, line };
  if (source.current === '\n') {
    source.take();
    return { kind: 'newline', text: 'newline', start, line };
  }
  const isProcess = /[<>]/.test(source.current) && source.peek() === '(';
  const operator = isProcess ? null : source.match(OPERATOR);
  if (operator !== null) {
    source.position += operator[0].length;
    return { kind: 'op', text: operator[0], start, line };
  }
  const io = source.match(/(?:(\d+)|\{([A-Za-z_][A-Za-z0-9_]*)\})(?=[<>])/y);
  if (io !== null && !(source.text[source.position + io[0].length + 1] === '(')) {
    source.position += io[0].length;
    return {
      kind: 'io',
      fd: io[1] === undefined ? { variable: io[2] as string } : Number(io[1]),
      text: io[0],
      start,
      line,
    };
  }
  const word = parseWord(context, arrays);
  return { kind: 'word', word, text: word.text, start, line };
}

/** The text of a word that is one plain literal, as reserved words and names must be. */
export function literalText(word: Word): string | undefined {
  const [part] = word.parts;
  return word.parts.length === 1 && part?.type === 'literal' ? part.text : undefined;
}
