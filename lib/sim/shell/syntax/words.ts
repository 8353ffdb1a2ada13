import { ansiCString } from './ansi-c.ts';
import type { ArrayElement, Assignment, Part, Script, Word } from './ast.ts';
import { parseParameter } from './parameter.ts';
import { IncompleteError, matchingBracket, ShellSyntaxError, type Source } from './source.ts';

/** What the word parser needs from the grammar: commands inside `$( … )`. */
export type WordContext = {
  readonly source: Source;
  /** Parses commands up to the `)` that closes them, and takes it. */
  readonly parseUntilParen: () => Script;
  /** parseParts of this context: parameters hold words, and words hold parameters. */
  readonly parts: (mode: Mode, stop?: (source: Source) => boolean) => readonly Part[];
  readonly extglob: boolean;
};

const META = new Set([' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')']);

/**
 * `word`: a shell word. `double`: inside "…". `heredoc`: like double, but quotes are text. `brace`: the word of ${x:-word}
 * outside of quotes, `quotedBrace` the same inside "…". `regex`: the right side of =~.
 */
export type Mode = 'word' | 'double' | 'heredoc' | 'brace' | 'quotedBrace' | 'arith' | 'pattern' | 'regex';

const isQuotedMode = (mode: Mode): boolean =>
  mode === 'double' || mode === 'heredoc' || mode === 'quotedBrace' || mode === 'arith';

/** Collects parts, joining neighbouring literals. */
class Parts {
  readonly list: Part[] = [];
  #literal = '';

  literal(text: string): void {
    this.#literal += text;
  }

  add(part: Part): void {
    this.flush();
    this.list.push(part);
  }

  flush(): readonly Part[] {
    if (this.#literal !== '') this.list.push({ type: 'literal', text: this.#literal });
    this.#literal = '';
    return this.list;
  }
}

/** Reads parts until `stop` says so (or, in a word, a metacharacter). The stopping character is not taken. */
export function parseParts(
  context: WordContext,
  mode: Mode,
  stop: (source: Source) => boolean = () => false,
): readonly Part[] {
  const { source } = context;
  const parts = new Parts();
  let parens = 0;
  while (!source.atEnd) {
    const c = source.current;
    if (parens === 0 && stop(source)) break;
    if (mode === 'word' || mode === 'regex') {
      if (mode === 'word' && isExtglob(context)) {
        parens++;
        parts.literal(source.take() + source.take());
        continue;
      }
      if (parens > 0 && c === '(') parens++;
      else if (mode === 'regex' && c === '(') parens++;
      else if (parens > 0 && c === ')') parens--;
      else if (
        parens === 0 &&
        META.has(c) &&
        !isProcessSubstitution(source) &&
        !(mode === 'regex' && (c === '|' || c === '<' || c === '>'))
      )
        break;
    }
    if (!parseSpecial(context, mode, parts)) parts.literal(source.take());
  }
  return parts.flush();
}

const isProcessSubstitution = (source: Source): boolean =>
  (source.current === '<' || source.current === '>') && source.peek() === '(';

const isExtglob = (context: WordContext): boolean =>
  context.extglob && context.source.peek() === '(' && '?*+@!'.includes(context.source.current);

/** Takes one quoting or expansion construct; false when the next character is plain. */
function parseSpecial(context: WordContext, mode: Mode, parts: Parts): boolean {
  const { source } = context;
  switch (source.current) {
    case '\\':
      parseBackslash(source, mode, parts);
      return true;
    case "'":
      if (isQuotedMode(mode)) return false;
      parts.add({ type: 'quoted', text: parseSingleQuoted(source) });
      return true;
    case '"':
      if (mode === 'heredoc' || mode === 'double') return false;
      parts.add(parseDoubleQuoted(context));
      return true;
    case '`':
      parts.add(parseBackquote(source, isQuotedMode(mode)));
      return true;
    case '$':
      return parseDollar(context, mode, parts);
    case '<':
    case '>':
      if (mode !== 'word' || !isProcessSubstitution(source)) return false;
      parts.add(parseProcessSubstitution(context));
      return true;
    default:
      return false;
  }
}

function parseBackslash(source: Source, mode: Mode, parts: Parts): void {
  const next = source.peek();
  if (next === '\n') source.position += 2;
  else if (source.position + 1 >= source.text.length) parts.literal(source.take());
  else if (isQuotedMode(mode) && !escapableInQuotes(mode).includes(next)) parts.literal(source.take());
  else {
    source.position += 2;
    parts.add({ type: 'quoted', text: next });
  }
}

const escapableInQuotes = (mode: Mode): string =>
  mode === 'heredoc' ? '$`\\' : mode === 'quotedBrace' ? '$`"\\}' : '$`"\\';

function parseSingleQuoted(source: Source): string {
  const line = source.line;
  const end = source.text.indexOf("'", source.position + 1);
  if (end === -1) throw new IncompleteError("unexpected EOF while looking for matching `''", line);
  const text = source.text.slice(source.position + 1, end);
  source.position = end + 1;
  return text;
}

function parseDoubleQuoted(context: WordContext): Part {
  const { source } = context;
  const line = source.line;
  source.take();
  const parts = source.nested(() => parseParts(context, 'double', (at) => at.current === '"'));
  if (source.atEnd) throw new IncompleteError('unexpected EOF while looking for matching `"\'', line);
  source.take();
  return { type: 'double', parts };
}

function parseBackquote(source: Source, quoted: boolean): Part {
  const line = source.line;
  source.take();
  let text = '';
  while (source.current !== '`') {
    if (source.atEnd) throw new IncompleteError("unexpected EOF while looking for matching ``'", line);
    if (source.current === '\\' && (quoted ? '$`\\"' : '$`\\').includes(source.peek()) && source.peek() !== '')
      source.take();
    text += source.take();
  }
  source.take();
  return { type: 'backquote', source: text, line };
}

function parseDollar(context: WordContext, mode: Mode, parts: Parts): boolean {
  const { source } = context;
  const next = source.peek();
  if (next === "'" && !isQuotedMode(mode)) {
    source.take();
    parts.add({ type: 'quoted', text: parseAnsiCQuoted(source) });
  } else if (next === '"' && !isQuotedMode(mode)) {
    source.take();
    parts.add(parseDoubleQuoted(context));
  } else if (next === '(') parts.add(source.nested(() => parseSubstitution(context)));
  else if (next === '{') parts.add(source.nested(() => parseParameter(context, isQuotedMode(mode))));
  else {
    const name = source.match(/\$([A-Za-z_][A-Za-z0-9_]*|[0-9]|[@*#?$!-])/y);
    if (name === null) return false;
    source.position += name[0].length;
    parts.add({ type: 'param', name: name[1] as string, text: name[0] });
  }
  return true;
}

function parseAnsiCQuoted(source: Source): string {
  const line = source.line;
  const match = source.match(/'((?:[^'\\]|\\[^])*)'/y);
  if (match === null) throw new IncompleteError("unexpected EOF while looking for matching `''", line);
  source.position += match[0].length;
  return ansiCString(match[1] as string);
}

/** At `$(`: arithmetic when its parentheses close as `))`, else commands. */
function parseSubstitution(context: WordContext): Part {
  const { source } = context;
  if (source.peek(2) === '(') {
    const end = arithmeticEnd(source, source.position + 3);
    if (end !== undefined) {
      source.position += 3;
      const expression = parseArithmetic(context, end);
      source.position = end + 2;
      return { type: 'arith', expression };
    }
  }
  source.position += 2;
  return { type: 'command', body: context.parseUntilParen() };
}

/** The expression up to `end`, with its expansions (ARITHMETIC EVALUATION: as if in double quotes). */
export function parseArithmetic(context: WordContext, end: number): readonly Part[] {
  return parseParts(context, 'arith', (source) => source.position >= end);
}

/** Where the `))` is that closes an arithmetic expression which begins at `from`; undefined when it is none. */
export function arithmeticEnd(source: Source, from: number): number | undefined {
  let depth = 0;
  const { text } = source;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '(') depth++;
    else if (c === ')') {
      if (depth === 0 && i + 1 >= text.trimEnd().length) break;
      if (depth === 0) return text[i + 1] === ')' ? i : undefined;
      depth--;
    } else if (c === '\\') i++;
    else if (c === "'" || c === '"') {
      const end = text.indexOf(c, i + 1);
      if (end === -1) return undefined;
      i = end;
    }
  }
  throw new IncompleteError("unexpected EOF while looking for matching `)'", source.line);
}

function parseProcessSubstitution(context: WordContext): Part {
  const direction = context.source.take() as '<' | '>';
  context.source.take();
  return { type: 'process', direction, body: context.parseUntilParen() };
}

/** The word at the position (which is neither blank nor an operator). `arrays`: `name=( … )` may stand here. */
export function parseWord(context: WordContext, arrays: boolean): Word {
  const { source } = context;
  const start = source.position;
  const head = parseAssignmentHead(context);
  if (head === undefined) {
    const parts = parseParts(context, 'word');
    return { parts, text: source.text.slice(start, source.position) };
  }
  const prefix = source.text.slice(start, source.position);
  if (source.current === '(' && arrays) {
    const array = parseArrayLiteral(context);
    return { parts: [], text: source.text.slice(start, source.position), assignment: { ...head, value: { array } } };
  }
  const valueStart = source.position;
  const valueParts = parseParts(context, 'word');
  const value: Word = { parts: valueParts, text: source.text.slice(valueStart, source.position) };
  return {
    parts: [{ type: 'literal', text: prefix }, ...valueParts],
    text: source.text.slice(start, source.position),
    assignment: { ...head, value },
  };
}

/** Takes `name=`, `name+=`, `name[subscript]=`; leaves the position where it is when there is none. */
function parseAssignmentHead(context: WordContext): Omit<Assignment, 'value'> | undefined {
  const { source } = context;
  const plain = source.match(/([A-Za-z_][A-Za-z0-9_]*)(\+?)=/y);
  if (plain !== null) {
    source.position += plain[0].length;
    return { name: plain[1] as string, append: plain[2] === '+' };
  }
  const indexed = source.match(/([A-Za-z_][A-Za-z0-9_]*)\[/y);
  if (indexed === null) return undefined;
  const open = source.position + indexed[0].length;
  const close = matchingBracket(source.text, open);
  const operator = close === undefined ? null : /^\+?=/.exec(source.text.slice(close + 1, close + 3));
  if (close === undefined || operator === null) return undefined;
  source.position = open;
  const index = parseParts(context, 'pattern', (at) => at.position >= close);
  source.position = close + 1 + operator[0].length;
  return { name: indexed[1] as string, index, append: operator[0] === '+=' };
}

function parseArrayLiteral(context: WordContext): ArrayElement[] {
  const { source } = context;
  const line = source.line;
  source.take();
  const elements: ArrayElement[] = [];
  for (;;) {
    source.skipBlanks();
    while (source.current === '\n') {
      source.take();
      source.skipBlanks();
    }
    if (source.atEnd) throw new IncompleteError("unexpected EOF while looking for matching `)'", line);
    if (source.current === ')') break;
    const operator = source.match(/&&|\|\||[;&|<>(](?!\()/y);
    if (operator !== null)
      throw new ShellSyntaxError(
        `syntax error near unexpected token \`${operator[0]}'`,
        source.line,
        source.lineText(source.line),
      );
    elements.push(parseArrayElement(context));
  }
  source.take();
  return elements;
}

function parseArrayElement(context: WordContext): ArrayElement {
  const { source } = context;
  if (source.current === '[') {
    const close = matchingBracket(source.text, source.position + 1);
    const operator = close === undefined ? null : /^\+?=/.exec(source.text.slice(close + 1, close + 3));
    if (close !== undefined && operator !== null) {
      source.take();
      const key = parseParts(context, 'pattern', (at) => at.position >= close);
      source.position = close + 1 + operator[0].length;
      return { key, append: operator[0] === '+=', value: plainWord(context) };
    }
  }
  const before = source.position;
  const value = plainWord(context);
  if (source.position === before) throw new IncompleteError(undefined, source.line);
  return { value };
}

function plainWord(context: WordContext): Word {
  const start = context.source.position;
  const parts = parseParts(context, 'word');
  return { parts, text: context.source.text.slice(start, context.source.position) };
}
