import type { CaseClause, CommandBody, Part, Script, Word } from './ast.ts';
import { parseCondition } from './condition.ts';
import type { Parser } from './parser.ts';
import { ShellSyntaxError } from './source.ts';
import { literalText, RESERVED } from './tokens.ts';
import { arithmeticEnd, parseArithmetic } from './words.ts';

/** A compound command or function definition, if one begins here. */
export function parseCompound(parser: Parser): CommandBody | undefined {
  const token = parser.peek();
  if (token.kind === 'op') return token.text === '(' ? parseParenthesis(parser) : undefined;
  if (token.kind !== 'word') return undefined;
  const name = literalText(token.word);
  if (name === undefined) return undefined;
  switch (name) {
    case 'if':
      return parseIf(parser);
    case 'for':
      return parseFor(parser);
    case 'select':
      parser.take();
      return parseForWords(parser, 'select');
    case 'while':
    case 'until':
      return parseLoop(parser, name);
    case 'case':
      return parseCase(parser);
    case '{':
      return parseGroup(parser);
    case '[[':
      parser.take();
      return { type: 'cond', test: parser.inCondition(() => parseCondition(parser)) };
    case 'function':
      return parseFunctionKeyword(parser);
    default:
      return parseFunction(parser, name);
  }
}

function parseIf(parser: Parser): CommandBody {
  const branches: { condition: Script; body: Script }[] = [];
  do {
    parser.take();
    const condition = parser.script('then');
    parser.expectReserved('then');
    branches.push({ condition, body: parser.script('elif', 'else', 'fi') });
  } while (parser.isReserved('elif'));
  if (!parser.isReserved('else')) {
    parser.expectReserved('fi');
    return { type: 'if', branches };
  }
  parser.take();
  const otherwise = parser.script('fi');
  parser.expectReserved('fi');
  return { type: 'if', branches, otherwise };
}

function parseLoop(parser: Parser, type: 'while' | 'until'): CommandBody {
  parser.take();
  const condition = parser.script('do');
  return { type, condition, body: parseDo(parser) };
}

function parseDo(parser: Parser): Script {
  parser.expectReserved('do');
  const body = parser.script('done');
  parser.expectReserved('done');
  return body;
}

function parseFor(parser: Parser): CommandBody {
  parser.take();
  if (parser.isOp('(')) {
    const start = parser.rewind();
    if (parser.source.startsWith('((')) return parseArithmeticFor(parser, start + 2);
  }
  return parseForWords(parser, 'for');
}

function parseForWords(parser: Parser, type: 'for' | 'select'): CommandBody {
  const token = parser.peek();
  if (token.kind !== 'word') parser.unexpected();
  // Whether it is a name is seen when the loop runs, as in bash.
  const name = token.word.text;
  parser.take();
  const words = parseInWords(parser);
  parser.skipNewlines();
  const body = parser.isReserved('{') ? parseBraces(parser) : parseDo(parser);
  return words === undefined ? { type, name, body } : { type, name, words, body };
}

/** `in WORDS;` or nothing, which means "$@". */
function parseInWords(parser: Parser): Word[] | undefined {
  if (parser.isOp(';')) {
    parser.take();
    return undefined;
  }
  const newline = parser.peek().kind === 'newline';
  parser.skipNewlines();
  if (!parser.isReserved('in')) {
    if (!newline && !parser.isReserved('do', '{')) parser.unexpected();
    return undefined;
  }
  parser.take();
  const words: Word[] = [];
  for (;;) {
    const token = parser.peek();
    if (token.kind !== 'word') break;
    parser.take();
    words.push(token.word);
  }
  if (parser.isOp(';')) parser.take();
  else if (parser.peek().kind !== 'newline') parser.unexpected();
  return words;
}

function parseArithmeticFor(parser: Parser, from: number): CommandBody {
  const { source } = parser;
  const end = arithmeticEnd(source, from);
  if (end === undefined) parser.unexpected();
  source.position = from;
  const parts: (readonly Part[])[] = [];
  for (let i = 0; i < 3; i++) {
    const semicolon = source.text.indexOf(';', source.position);
    const stop = i < 2 ? semicolon : end;
    if (stop === -1 || stop > end)
      throw new ShellSyntaxError(
        'syntax error: arithmetic expression required',
        source.line,
        source.lineText(source.line),
      );
    parts.push(parseArithmetic(parser, stop));
    source.position = stop + 1;
  }
  source.position = end + 2;
  if (parser.isOp(';')) parser.take();
  parser.skipNewlines();
  const body = parser.isReserved('{') ? parseBraces(parser) : parseDo(parser);
  const [init = [], test = [], step = []] = parts;
  return { type: 'arithFor', init, test, step, body };
}

function parseCase(parser: Parser): CommandBody {
  parser.take();
  const token = parser.peek();
  if (token.kind !== 'word') parser.unexpected();
  parser.take();
  parser.skipNewlines();
  parser.expectReserved('in');
  const clauses: CaseClause[] = [];
  parser.skipNewlines();
  while (!parser.isReserved('esac')) {
    clauses.push(parseClause(parser));
    parser.skipNewlines();
  }
  parser.take();
  return { type: 'case', subject: token.word, clauses };
}

function parseClause(parser: Parser): CaseClause {
  if (parser.isOp('(')) parser.take();
  const patterns: Word[] = [];
  for (;;) {
    const token = parser.peek();
    if (token.kind !== 'word') parser.unexpected();
    parser.take();
    patterns.push(token.word);
    if (!parser.isOp('|')) break;
    parser.take();
  }
  parser.expectOp(')');
  const body = parser.optionalScript(';;', ';&', ';;&', 'esac');
  if (parser.isReserved('esac')) return { patterns, body, end: ';;' };
  return { patterns, body, end: parser.take().text as CaseClause['end'] };
}

function parseGroup(parser: Parser): CommandBody {
  return { type: 'group', body: parseBraces(parser) };
}

function parseBraces(parser: Parser): Script {
  parser.take();
  const body = parser.script('}');
  parser.expectReserved('}');
  return body;
}

/** `(( … ))` when it closes so, else a subshell. */
function parseParenthesis(parser: Parser): CommandBody {
  const { source } = parser;
  const start = parser.rewind();
  if (source.startsWith('((')) {
    const end = arithmeticEnd(source, start + 2);
    if (end !== undefined) {
      source.position = start + 2;
      const expression = parseArithmetic(parser, end);
      source.position = end + 2;
      return { type: 'arith', expression, source: source.text.slice(start + 2, end) };
    }
  }
  parser.take();
  const body = parser.script(')');
  parser.expectOp(')');
  return { type: 'subshell', body };
}

function parseFunctionKeyword(parser: Parser): CommandBody {
  parser.take();
  const token = parser.peek();
  if (token.kind !== 'word') parser.unexpected();
  parser.take();
  if (parser.isOp('(')) {
    parser.take();
    parser.expectOp(')');
  }
  return functionBody(parser, token.text);
}

/** `name ( )` and a compound command. */
function parseFunction(parser: Parser, name: string): CommandBody | undefined {
  const { source } = parser;
  const match = RESERVED.has(name) ? null : source.match(/[ \t]*\([ \t]*\)/y);
  if (match === null) return undefined;
  parser.take();
  source.position += match[0].length;
  return functionBody(parser, name);
}

function functionBody(parser: Parser, name: string): CommandBody {
  parser.skipNewlines();
  const token = parser.peek();
  const isCompound =
    parser.isOp('(') ||
    (token.kind === 'word' &&
      ['{', 'if', 'for', 'while', 'until', 'case', 'select', '[['].includes(literalText(token.word) ?? ''));
  if (!isCompound) parser.unexpected();
  return { type: 'function', name, body: parser.command() };
}
