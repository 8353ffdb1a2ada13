import { AwkError } from './ast.ts';

export type Token = {
  readonly kind: 'number' | 'string' | 'regex' | 'name' | 'function-name' | 'keyword' | 'sign' | 'newline' | 'end';
  readonly text: string;
  readonly line: number;
  /** The value of a number. */
  readonly number?: number;
};

const KEYWORDS = new Set([
  'BEGIN',
  'END',
  'function',
  'if',
  'else',
  'while',
  'for',
  'do',
  'break',
  'continue',
  'next',
  'nextfile',
  'exit',
  'return',
  'delete',
  'in',
  'getline',
  'print',
  'printf',
]);

const SIGNS = [
  '**=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '**',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '++',
  '--',
  '!~',
  '>>',
  ...'{}()[];,+-*/%^!<>~?:=$|',
];

/** After these a `/` divides; elsewhere it begins a regular expression. */
const endsOperand = (token: Token | undefined): boolean =>
  token !== undefined &&
  (['number', 'string', 'name', 'regex'].includes(token.kind) ||
    (token.kind === 'sign' && [')', ']', '$', '++', '--'].includes(token.text)));

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const push = (kind: Token['kind'], text: string, number?: number) =>
    tokens.push({ kind, text, line, ...(number !== undefined && { number }) });

  while (at < source.length) {
    const c = source[at] as string;
    if (c === ' ' || c === '\t' || c === '\r') at++;
    else if (c === '\\' && source[at + 1] === '\n') {
      at += 2;
      line++;
    } else if (c === '#') while (at < source.length && source[at] !== '\n') at++;
    else if (c === '\n') {
      push('newline', '\n');
      at++;
      line++;
    } else if (c === '"') {
      const { text, end } = readString(source, at + 1, line);
      push('string', text);
      at = end;
    } else if (c === '/' && !endsOperand(tokens.at(-1))) {
      const { text, end } = readRegex(source, at + 1, line);
      push('regex', text);
      at = end;
    } else if (/[0-9]/.test(c) || (c === '.' && /[0-9]/.test(source[at + 1] ?? ''))) {
      const text = readNumber(source, at, line);
      push('number', text, Number(text));
      at += text.length;
    } else if (/[A-Za-z_]/.test(c)) {
      const text = readWord(source, at);
      at += text.length;
      push(
        KEYWORDS.has(text) ? 'keyword' : source[at] === '(' ? 'function-name' : 'name',
        text === 'func' ? 'function' : text,
      );
    } else {
      const sign = SIGNS.find((one) => source.startsWith(one, at));
      if (sign === undefined) throw new AwkError(`${line}: unexpected character '${c}'`);
      push('sign', sign.startsWith('**') ? sign.replace('**', '^') : sign);
      at += sign.length;
    }
  }
  push('end', '');
  return tokens;
}

function readNumber(source: string, at: number, line: number): string {
  const text = (
    /^(0[xX][0-9a-fA-F]+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)/.exec(source.slice(at, at + 400)) as RegExpExecArray
  )[0];
  if (!Number.isFinite(Number(text))) throw new AwkError(`line ${line}: ${text} : decimal overflow`);
  return text;
}

function readWord(source: string, at: number): string {
  let end = at;
  while (/\w/.test(source[end] ?? '')) end++;
  return source.slice(at, end);
}

function readString(source: string, start: number, line: number): { text: string; end: number } {
  let text = '';
  for (let at = start; at < source.length; at++) {
    const c = source[at];
    if (c === '"') return { text, end: at + 1 };
    if (c === '\n') break;
    if (c === '\\') {
      const escape = readEscape(source, at + 1);
      text += escape.text;
      at = escape.end - 1;
    } else text += c;
  }
  throw new AwkError(`line ${line}: runaway string constant "${source.slice(start, start + 10)} ...`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The escape sequence whose first character after the backslash is at `at`. */
export function readEscape(source: string, at: number): { text: string; end: number } {
  const rest = source.slice(at, at + 3);
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined)
    return { text: String.fromCharCode(Number.parseInt(octal, 8) & 255), end: at + octal.length };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest)?.[1];
  if (hex !== undefined) return { text: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 1 + hex.length };
  const c = source[at];
  if (c === undefined) return { text: '\\', end: at };
  if (c === '\n') return { text: '', end: at + 1 };
  return { text: ESCAPES[c] ?? `\\${c}`, end: at + 1 };
}

function readRegex(source: string, start: number, line: number): { text: string; end: number } {
  let text = '';
  let inBracket = false;
  for (let at = start; at < source.length && source[at] !== '\n'; at++) {
    const c = source[at] as string;
    if (c === '\\') {
      text += source[at + 1] === '/' ? '/' : c + (source[at + 1] ?? '');
      at++;
    } else if (inBracket) {
      if (c === ']' && !/\[\^?$/.test(text)) inBracket = false;
      text += c;
    } else if (c === '/') return { text, end: at + 1 };
    else {
      if (c === '[') inBracket = true;
      text += c;
    }
  }
  throw new AwkError(`line ${line}: runaway regular expression /${source.slice(start, start + 10).split('\n')[0]} ...`);
}
