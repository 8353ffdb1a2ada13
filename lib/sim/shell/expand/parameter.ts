import type { Wait } from '../../os/index.ts';
import { ExpansionError } from '../run/control.ts';
import type { Shell } from '../shell.ts';
import type { ParamOp, ParamPart, Part } from '../syntax/ast.ts';
import { AssociativeArray, elements, isName } from '../variables.ts';
import { arithmetic, indexKey } from './arithmetic-expansion.ts';
import type { Context, Expansions } from './context.ts';
import { type Fragment, quoted, splittable } from './fields.ts';
import { changeCase, removePattern, replacePattern, transform } from './operators.ts';
import { specialParameter } from './special.ts';

type Expansion<T> = Generator<Wait, T, void>;

/**
 * What a parameter stands for before an operator works on it: one value, or a list (`$@`, `${a[*]}`), which `joined` makes
 * one text inside double quotes.
 */
type Value = {
  readonly values: readonly string[];
  readonly list: false | 'separate' | 'joined';
  readonly set: boolean;
};

const single = (value: string | undefined): Value => ({ values: [value ?? ''], list: false, set: value !== undefined });

export function* expandParameter(
  shell: Shell,
  part: ParamPart,
  context: Context,
  expansions: Expansions,
): Expansion<Fragment[]> {
  if (part.op?.kind === 'bad') throw new ExpansionError(`${part.text}: bad substitution`, 1, false);
  if (part.prefix !== undefined) return fragments(shell, prefixNames(shell, part), context);
  if (part.indirect === true && part.index !== undefined && typeof part.index === 'string')
    return fragments(shell, keysOf(shell, part), context);
  const own = shell.variables.findOwn(part.name);
  // Of a name reference, ${!ref} is the name it refers to.
  if (part.indirect === true && own?.nameref === true && typeof own.value === 'string')
    return fragments(shell, single(own.value), context);
  const target = part.indirect === true ? indirection(shell, part) : part;
  if (part.length === true)
    return fragments(shell, single(String(yield* lengthOf(shell, target, expansions))), context);
  const value = yield* valueOf(shell, target, expansions);
  if (part.op === undefined) {
    if (!value.set) checkSet(shell, target);
    return fragments(shell, value, context);
  }
  return yield* applyOp(shell, target, part.op, value, context, expansions);
}

function fragments(shell: Shell, value: Value, context: Context): Fragment[] {
  const make = context.double ? quoted : splittable;
  if (value.list === false) return [make(value.values[0] ?? '')];
  if (value.list === 'joined' && context.double) return [quoted(value.values.join(shell.ifs.slice(0, 1)))];
  const separated = value.values.flatMap((text): Fragment[] => ['break', make(text)]);
  return separated.slice(1);
}

function checkSet(shell: Shell, part: ParamPart): void {
  if (!shell.options.has('nounset') || ['@', '*'].includes(part.name) || typeof part.index === 'string') return;
  const subscript =
    part.index === undefined ? '' : part.text.slice(part.text.indexOf('['), part.text.lastIndexOf(']') + 1);
  throw new ExpansionError(`${part.name}${subscript}: unbound variable`, 127, true);
}

function* valueOf(shell: Shell, part: ParamPart, expansions: Expansions): Expansion<Value> {
  const { name, index } = part;
  if (name === '@' || name === '*')
    return { values: shell.positional, list: name === '@' ? 'separate' : 'joined', set: shell.positional.length > 0 };
  if (index === undefined) return single(isName(name) ? shell.variables.get(name) : specialParameter(shell, name));
  const variable = shell.variable(name);
  if (typeof index === 'string') {
    const values = dynamicArray(shell, name) ?? elements(variable).map(([, text]) => text);
    return { values, list: index === '@' ? 'separate' : 'joined', set: values.length > 0 };
  }
  const key = yield* subscriptKey(shell, name, index, expansions);
  const dynamic = dynamicArray(shell, name);
  if (dynamic !== undefined) return single(dynamic[Number(key)]);
  const { value } = variable ?? {};
  if (value instanceof AssociativeArray) return single(value.get(key));
  if (value instanceof Map) return single(value.get(Number(key)));
  return single(key === '0' ? (value ?? shell.variables.get(name)) : undefined);
}

/** Arrays that the shell computes. */
export function dynamicArray(shell: Shell, name: string): readonly string[] | undefined {
  const frames = shell.frames.toReversed();
  switch (name) {
    case 'PIPESTATUS':
      return shell.pipeStatus.map(String);
    case 'FUNCNAME':
      return frames
        .map((frame) => (frame.isFunction ? frame.name : 'source'))
        .concat(frames.some((frame) => frame.isFunction) ? ['main'] : []);
    case 'BASH_SOURCE':
      return frames.map((frame) => frame.source).concat(shell.interactive ? [] : [shell.name]);
    case 'BASH_LINENO':
      return frames.map((frame) => String(frame.line)).concat('0');
    case 'DIRSTACK':
      return [shell.variables.get('PWD') ?? '', ...shell.directoryStack];
    default:
      return undefined;
  }
}

export function* subscriptKey(
  shell: Shell,
  name: string,
  index: readonly Part[],
  expansions: Pick<Expansions, 'expandText' | 'expandQuoted'>,
): Expansion<string> {
  if (shell.variable(name)?.value instanceof AssociativeArray) return yield* expansions.expandText(shell, index);
  const expression = yield* expansions.expandQuoted(shell, index);
  return indexKey(shell, name, String(arithmetic(shell, expression)));
}

/** ${!name}: the parameter that the value of `name` names. */
function indirection(shell: Shell, part: ParamPart): ParamPart {
  const text = isName(part.name) ? shell.variables.get(part.name) : specialParameter(shell, part.name);
  if (text === undefined || text === '') throw new ExpansionError(`${part.name}: invalid indirect expansion`, 1, true);
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(text);
  if (element !== null) {
    const subscript = element[2] as string;
    const index = subscript === '@' || subscript === '*' ? subscript : [{ type: 'literal' as const, text: subscript }];
    return { type: 'param', name: element[1] as string, index, text };
  }
  if (!isName(text) && !/^(\d+|[@*#?$!-])$/.test(text))
    throw new ExpansionError(`${text}: invalid variable name`, 1, true);
  return { type: 'param', name: text, text };
}

function* lengthOf(shell: Shell, part: ParamPart, expansions: Expansions): Expansion<number> {
  const value = yield* valueOf(shell, part, expansions);
  if (value.list !== false) return value.values.length;
  if (!value.set) checkSet(shell, part);
  return [...(value.values[0] ?? '')].length;
}

function prefixNames(shell: Shell, part: ParamPart): Value {
  const names = shell.variables
    .all()
    .map(([name]) => name)
    .filter((name) => name.startsWith(part.name));
  return { values: names, list: part.prefix === '@' ? 'separate' : 'joined', set: true };
}

function keysOf(shell: Shell, part: ParamPart): Value {
  const keys =
    dynamicArray(shell, part.name)?.map((_, i) => String(i)) ?? elements(shell.variable(part.name)).map(([key]) => key);
  return { values: keys, list: part.index === '@' ? 'separate' : 'joined', set: true };
}

function* applyOp(
  shell: Shell,
  part: ParamPart,
  op: ParamOp,
  value: Value,
  context: Context,
  expansions: Expansions,
): Expansion<Fragment[]> {
  switch (op.kind) {
    case 'default':
    case 'assign':
    case 'error':
    case 'alternate':
      return yield* applyDefault(shell, part, op, value, context, expansions);
    case 'slice':
      return fragments(shell, yield* slice(shell, part, op, value, expansions), context);
    default: {
      if (!value.set) checkSet(shell, part);
      const work = yield* textOperator(shell, part, op, expansions);
      return fragments(
        shell,
        { ...value, values: value.set || value.list === false ? value.values.map(work) : [] },
        context,
      );
    }
  }
}

/** What an operator does to each value. */
function* textOperator(
  shell: Shell,
  part: ParamPart,
  op: ParamOp,
  expansions: Expansions,
): Expansion<(text: string) => string> {
  switch (op.kind) {
    case 'remove': {
      const pattern = yield* expansions.expandPattern(shell, op.pattern);
      return (text) => removePattern(text, pattern, op.side, op.greedy);
    }
    case 'replace': {
      const pattern = yield* expansions.expandPattern(shell, op.pattern);
      const by = yield* expansions.expandText(shell, op.by, 'word');
      return (text) => replacePattern(text, pattern, by, op.where, shell.shopt.has('nocasematch'));
    }
    case 'case': {
      const pattern = yield* expansions.expandPattern(shell, op.pattern);
      return (text) => changeCase(text, op.to, op.all, pattern === '' ? '?' : pattern);
    }
    case 'transform':
      return (text) => transform(shell, part.name, text, op.letter);
    default:
      return (text) => text;
  }
}

type DefaultOp = Extract<ParamOp, { kind: 'default' | 'assign' | 'error' | 'alternate' }>;

function* applyDefault(
  shell: Shell,
  part: ParamPart,
  op: DefaultOp,
  value: Value,
  context: Context,
  expansions: Expansions,
): Expansion<Fragment[]> {
  const present = value.set && (!op.colon || value.values.some((text) => text !== ''));
  if (op.kind === 'alternate')
    return present
      ? yield* wordOf(shell, op.word, context, expansions)
      : context.double && value.list === 'separate'
        ? []
        : [emptyOf(context)];
  if (present) return fragments(shell, value, context);
  if (op.kind === 'default') return yield* wordOf(shell, op.word, context, expansions);
  const text = yield* expansions.expandText(shell, op.word, 'word');
  if (op.kind === 'error') {
    const message = text === '' ? (op.colon ? 'parameter null or not set' : 'parameter not set') : text;
    throw new ExpansionError(`${part.name}: ${message}`, 127, true);
  }
  if (!isName(part.name)) throw new ExpansionError(`$${part.name}: cannot assign in this way`, 1, true);
  if (part.index !== undefined && typeof part.index !== 'string') {
    shell.variables.setElement(part.name, yield* subscriptKey(shell, part.name, part.index, expansions), text);
  } else shell.variables.set(part.name, text);
  return fragments(shell, single(text), context);
}

const emptyOf = (context: Context): Fragment => (context.double ? quoted('') : splittable(''));

/** The word of ${x:-word}: outside of quotes its own text is split too, its quoted parts are not. */
function* wordOf(shell: Shell, word: readonly Part[], context: Context, expansions: Expansions): Expansion<Fragment[]> {
  const expanded = yield* expansions.expandParts(shell, word, {
    double: context.double,
    tilde: context.double ? 'none' : 'word',
  });
  if (expanded.length === 0) return [emptyOf(context)];
  return expanded.map((fragment) => (fragment === 'break' || fragment.quoted ? fragment : splittable(fragment.text)));
}

function* slice(
  shell: Shell,
  part: ParamPart,
  op: Extract<ParamOp, { kind: 'slice' }>,
  value: Value,
  expansions: Expansions,
): Expansion<Value> {
  const offset = Number(arithmetic(shell, yield* expansions.expandQuoted(shell, op.offset)));
  const length =
    op.length === undefined ? undefined : Number(arithmetic(shell, yield* expansions.expandQuoted(shell, op.length)));
  if (value.list === false) {
    if (!value.set) checkSet(shell, part);
    return single(sliceOf([...(value.values[0] ?? '')], offset, length, part.text).join(''));
  }
  const isPositional = part.name === '@' || part.name === '*';
  const all = isPositional ? [shell.name, ...value.values] : value.values;
  if (length !== undefined && length < 0) throw new ExpansionError(`${length}: substring expression < 0`, 1, false);
  const from = offset < 0 ? all.length + offset : offset;
  const values = from < 0 ? [] : sliceOf(all, from, length, part.text);
  return { ...value, values };
}

function sliceOf(all: readonly string[], offset: number, length: number | undefined, text: string): readonly string[] {
  const from = offset < 0 ? all.length + offset : offset;
  if (from < 0 || from > all.length) return [];
  if (length === undefined) return all.slice(from);
  const to = length < 0 ? all.length + length : from + length;
  if (to < from) throw new ExpansionError(`${lastExpression(text)}: substring expression < 0`, 1, false);
  return all.slice(from, to);
}

/** bash names the length expression in its message. */
const lastExpression = (text: string): string => text.slice(text.lastIndexOf(':') + 1, -1).trim();
