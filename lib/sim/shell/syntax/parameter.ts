import type { ParamOp, ParamPart, Part } from './ast.ts';
import { IncompleteError, matchingBracket, type Source } from './source.ts';
import type { WordContext } from './words.ts';

const NAME = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]/y;
const isClose = (source: Source): boolean => source.current === '}';

/** At `${`: takes the whole expansion. What bash calls a bad substitution is one only when it is expanded. */
export function parseParameter(context: WordContext, quoted: boolean): ParamPart {
  const { source } = context;
  const start = source.position;
  const line = source.line;
  source.position += 2;
  const prefix = parsePrefix(source);
  const name = source.match(NAME)?.[0];
  let part: Omit<ParamPart, 'text' | 'type'>;
  if (name === undefined) part = { name: '', op: { kind: 'bad' } };
  else {
    source.position += name.length;
    part = parseRest(context, quoted, name, prefix);
  }
  if (part.op?.kind === 'bad') context.parts(quoted ? 'quotedBrace' : 'brace', isClose);
  if (source.atEnd) throw new IncompleteError("unexpected EOF while looking for matching `}'", line);
  source.take();
  return { type: 'param', ...part, text: source.text.slice(start, source.position) };
}

type Prefix = { readonly length?: boolean; readonly indirect?: boolean };

/** `#` and `!` before a name; alone they are parameters themselves: ${#}, ${!}, ${#-x}. */
function parsePrefix(source: Source): Prefix {
  const c = source.current;
  if (c !== '#' && c !== '!') return {};
  const next = source.peek();
  const isParameter =
    c === '#'
      ? !/[A-Za-z0-9_@*?$!#-]/.test(next) || (/[#?$!-]/.test(next) && source.peek(2) !== '}')
      : !/[A-Za-z0-9_@*?#]/.test(next);
  if (isParameter) return {};
  source.take();
  return c === '#' ? { length: true } : { indirect: true };
}

function parseRest(
  context: WordContext,
  quoted: boolean,
  name: string,
  prefix: Prefix,
): Omit<ParamPart, 'text' | 'type'> {
  const { source } = context;
  if (prefix.indirect === true && (source.startsWith('*}') || source.startsWith('@}')))
    return { name, prefix: source.take() as '*' | '@' };
  let index: ParamPart['index'];
  if (source.current === '[') {
    index = parseIndex(context);
    if (index === undefined) return { name, op: { kind: 'bad' } };
  }
  const base = { name, ...prefix, ...(index === undefined ? {} : { index }) };
  if (source.current === '}') return base;
  return { ...base, op: prefix.length === true ? { kind: 'bad' } : parseOp(context, quoted) };
}

function parseIndex(context: WordContext): ParamPart['index'] {
  const { source } = context;
  const close = matchingBracket(source.text, source.position + 1);
  if (close === undefined) return undefined;
  source.take();
  const text = source.text.slice(source.position, close);
  const index = text === '@' || text === '*' ? text : context.parts('pattern', (at) => at.position >= close);
  source.position = close + 1;
  return index;
}

const ASSIGNING: Record<string, 'default' | 'assign' | 'error' | 'alternate'> = {
  '-': 'default',
  '=': 'assign',
  '?': 'error',
  '+': 'alternate',
};

function parseOp(context: WordContext, quoted: boolean): ParamOp {
  const { source } = context;
  const colon = source.current === ':' && ASSIGNING[source.peek()] !== undefined;
  const kind = ASSIGNING[colon ? source.peek() : source.current];
  if (kind !== undefined) {
    source.position += colon ? 2 : 1;
    return { kind, colon, word: context.parts(quoted ? 'quotedBrace' : 'brace', isClose) };
  }
  switch (source.current) {
    case '#':
    case '%':
      return parseRemove(context);
    case '/':
      return parseReplace(context, quoted);
    case '^':
    case ',':
      return parseCase(context);
    case ':':
      return parseSlice(context);
    case '@': {
      const letter = source.peek();
      if (!/[UuLQEPAaKk]/.test(letter) || source.peek(2) !== '}') return { kind: 'bad' };
      source.position += 2;
      return { kind: 'transform', letter };
    }
    default:
      return { kind: 'bad' };
  }
}

const pattern = (context: WordContext, stop: (source: Source) => boolean = isClose): readonly Part[] =>
  context.parts('pattern', stop);

function parseRemove(context: WordContext): ParamOp {
  const { source } = context;
  const c = source.take();
  const greedy = source.current === c;
  if (greedy) source.take();
  return { kind: 'remove', side: c === '#' ? 'prefix' : 'suffix', greedy, pattern: pattern(context) };
}

function parseReplace(context: WordContext, quoted: boolean): ParamOp {
  const { source } = context;
  source.take();
  const mark = source.current;
  const where = mark === '/' ? 'all' : mark === '#' ? 'prefix' : mark === '%' ? 'suffix' : 'first';
  if (where !== 'first') source.take();
  const what = pattern(context, (at) => at.current === '/' || at.current === '}');
  if (source.current !== '/') return { kind: 'replace', where, pattern: what, by: [] };
  source.take();
  return { kind: 'replace', where, pattern: what, by: context.parts(quoted ? 'pattern' : 'brace', isClose) };
}

function parseCase(context: WordContext): ParamOp {
  const { source } = context;
  const c = source.take();
  const all = source.current === c;
  if (all) source.take();
  return { kind: 'case', to: c === '^' ? 'upper' : 'lower', all, pattern: pattern(context) };
}

function parseSlice(context: WordContext): ParamOp {
  const { source } = context;
  source.take();
  const offset = context.parts('arith', (at) => at.current === ':' || at.current === '}');
  if (source.current !== ':') return { kind: 'slice', offset };
  source.take();
  return { kind: 'slice', offset, length: context.parts('arith', isClose) };
}
