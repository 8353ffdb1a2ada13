import type { Cond, Word } from './ast.ts';
import type { Parser } from './parser.ts';
import { ShellSyntaxError } from './source.ts';
import { literalText, type Token } from './tokens.ts';
import { parseParts } from './words.ts';

const UNARY = new Set([...'abcdefghknoprstuvwxzGLNORS'].map((letter) => `-${letter}`));
const BINARY = new Set([
  '=',
  '==',
  '!=',
  '=~',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-ef',
  '-nt',
  '-ot',
]);

/** Behind `[[`; takes the closing `]]`. */
export function parseCondition(parser: Parser): Cond {
  parser.skipNewlines();
  const test = parseOr(parser);
  parser.skipNewlines();
  if (!parser.isReserved(']]')) fail(parser, parser.peek(), 'syntax error in conditional expression');
  parser.take();
  return test;
}

function parseOr(parser: Parser): Cond {
  let left = parseAnd(parser);
  while (parser.isOp('||')) {
    parser.take();
    parser.skipNewlines();
    left = { type: 'or', left, right: parseAnd(parser) };
  }
  return left;
}

function parseAnd(parser: Parser): Cond {
  let left = parsePrimary(parser);
  while (parser.isOp('&&')) {
    parser.take();
    parser.skipNewlines();
    left = { type: 'and', left, right: parsePrimary(parser) };
  }
  return left;
}

function parsePrimary(parser: Parser): Cond {
  parser.skipNewlines();
  if (parser.isReserved('!')) {
    parser.take();
    return { type: 'not', operand: parser.source.nested(() => parsePrimary(parser)) };
  }
  if (parser.isOp('(')) {
    parser.take();
    const inner = parser.source.nested(() => parseOr(parser));
    if (!parser.isOp(')')) fail(parser, parser.peek(), `unexpected token \`${parser.peek().text}', expected \`)'`);
    parser.take();
    return inner;
  }
  return parseTest(parser);
}

function parseTest(parser: Parser): Cond {
  const token = parser.peek();
  if (token.kind === 'eof') parser.unexpected();
  if (token.kind !== 'word' || literalText(token.word) === ']]') {
    fail(
      parser,
      token,
      token.kind === 'word'
        ? 'syntax error near unexpected token'
        : `unexpected token \`${token.text}' in conditional command`,
    );
  }
  parser.take();
  const op = literalText(token.word);
  if (op !== undefined && UNARY.has(op)) {
    const operand = parser.peek();
    if (operand.kind === 'word' && literalText(operand.word) !== ']]' && !isBinaryNext(parser)) {
      parser.take();
      return { type: 'unary', op, operand: operand.word };
    }
    if (operand.kind === 'word' && literalText(operand.word) === ']]')
      fail(parser, operand, `unexpected argument \`]]' to conditional unary operator`);
  }
  return parseBinary(parser, token.word);
}

/** `[[ -f = x ]]` compares the text `-f`. */
function isBinaryNext(parser: Parser): boolean {
  const token = parser.peek();
  return token.kind === 'word' && ['=', '==', '!=', '=~'].includes(literalText(token.word) ?? '');
}

function parseBinary(parser: Parser, left: Word): Cond {
  const token = parser.peek();
  const op = token.kind === 'word' ? literalText(token.word) : token.kind === 'op' ? token.text : undefined;
  if (op === undefined || !BINARY.has(op)) {
    const ends =
      op === ']]' || (token.kind === 'op' && ['&&', '||', ')'].includes(token.text)) || token.kind === 'newline';
    if (!ends) fail(parser, token, token.kind === 'eof' ? 'unexpected EOF' : 'conditional binary operator expected');
    return { type: 'unary', op: '-n', operand: left };
  }
  parser.take();
  if (op === '=~') return { type: 'binary', op, left, right: regexWord(parser) };
  const right = parser.peek();
  if (right.kind !== 'word' || literalText(right.word) === ']]')
    fail(parser, right, `unexpected argument \`${right.text}' to conditional binary operator`);
  parser.take();
  return { type: 'binary', op, left, right: (right as Extract<Token, { kind: 'word' }>).word };
}

/** The regular expression behind =~: parentheses and bars belong to it. */
function regexWord(parser: Parser): Word {
  const { source } = parser;
  source.skipBlanks();
  const start = source.position;
  const parts = parseParts(parser, 'regex');
  if (source.position === start) parser.unexpected();
  return { parts, text: source.text.slice(start, source.position) };
}

function fail(parser: Parser, token: Token, message: string): never {
  if (token.kind === 'eof') parser.unexpected(token);
  throw new ShellSyntaxError(message, token.line, undefined);
}
