import type {
  ElementData,
  Expression,
  KeyField,
  NatTarget,
  NftSet,
  Operand,
  Scalar,
  SetElement,
  Statement,
  Value,
  Verdict,
} from '../../kernel/nftables/index.ts';
import { knownType, typesOf } from './datatypes.ts';
import { sortedElements } from './element-order.ts';
import { bytesUnit, prefixOf, type Style } from './print-expression.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

export function elementJson(set: NftSet, element: SetElement, style: Style): Json {
  const { keyTypes, data } = set.spec;
  const { key, timeout, expires, comment, each } = element;
  const value = key === 'any' ? '*' : keyJson(key, keyTypes, style);
  const hasMore = timeout !== undefined || expires !== undefined || comment !== undefined || each.length > 0;
  const whole: Json = hasMore
    ? {
        elem: {
          val: value,
          timeout: timeout === undefined ? undefined : Math.floor(timeout / 1_000_000),
          expires: expires === undefined ? undefined : Math.floor((expires - style.now) / 1_000_000),
          comment,
          ...Object.assign({}, ...each.map((one) => statefulJson(one, style) as object)),
        },
      }
    : value;
  if (element.data === undefined || data === undefined) return whole;
  return [whole, dataJson(element.data, data.kind === 'value' ? data.types : [], style)];
}

const keyJson = (key: readonly KeyField[], types: readonly string[], style: Style): Json => {
  const fields = key.map((field, i) => fieldJson(field, types[i] ?? 'integer', style));
  return fields.length === 1 ? (fields[0] as Json) : { concat: fields };
};

function fieldJson({ from, to }: KeyField, type: string, style: Style): Json {
  if (from === to) return scalarJson(from, type, style);
  if (typeof from === 'string') return `${from}*`;
  const len = prefixOf(from, to, type);
  if (len !== undefined) return { prefix: { addr: scalarJson(from, type, style), len } };
  return { range: [scalarJson(from, type, style), scalarJson(to, type, style)] };
}

function dataJson(data: ElementData, types: readonly string[], style: Style): Json {
  switch (data.kind) {
    case 'value':
      return valueJson(data.value, types, style);
    case 'interval':
      return keyJson(data.fields, types, style);
    case 'verdict':
      return verdictJson(data.verdict);
    case 'object':
      return data.object.name;
  }
}

export const verdictJson = (verdict: Verdict): Json =>
  'chain' in verdict ? { [verdict.kind]: { target: verdict.chain.name } } : { [verdict.kind]: null };

/** Types whose values are numbers in JSON; the others have names or a notation of their own. */
const NUMBERS = new Set(['integer', 'inet_service', 'mark', 'time']);

export function scalarJson(value: Scalar, type: string, style: Style): Json {
  if (typeof value === 'string') return value;
  if (type === 'boolean') return value !== 0;
  if (NUMBERS.has(type)) return type === 'time' ? Math.floor(Number(value) / 1000) : Number(value);
  const text = knownType(type).format(value, style.names, style.numeric).replace(/^"|"$/g, '');
  if (knownType(type).isFlags === true && text.includes(',')) return text.split(',');
  return /^\d+$/.test(text) ? Number(text) : text;
}

export function valueJson(value: Value, types: readonly string[], style: Style): Json {
  if (typeof value !== 'object') return scalarJson(value, types[0] ?? 'integer', style);
  return { concat: value.map((one, i) => scalarJson(one, types[i] ?? 'integer', style)) };
}

export function operandJson(operand: Operand, types: readonly string[], style: Style): Json {
  const [type = 'integer'] = types;
  switch (operand.kind) {
    case 'value':
      return valueJson(operand.value, types, style);
    case 'flags':
      return scalarJson(operand.value, type, style);
    case 'range':
      return { range: [scalarJson(operand.from, type, style), scalarJson(operand.to, type, style)] };
    case 'prefix':
      return { prefix: { addr: scalarJson(operand.value, type, style), len: operand.length } };
    case 'wildcard':
      return `${operand.prefix}*`;
  }
}

export const setReferenceJson = (set: NftSet, style: Style): Json =>
  set.spec.anonymous
    ? { set: sortedElements(set, style.now).map((element) => elementJson(set, element, style)) }
    : `@${set.name}`;

const BITS = { and: '&', or: '|', xor: '^', lshift: '<<', rshift: '>>' } as const;

export function expressionJson(expression: Expression, style: Style): Json {
  switch (expression.kind) {
    case 'payload':
      return { payload: { protocol: expression.protocol, field: expression.field } };
    case 'meta':
      return { meta: { key: expression.key } };
    case 'ct': {
      const { key, direction, family } = expression;
      const isAddress = key === 'saddr' || key === 'daddr';
      return { ct: { key: isAddress ? `${family === 6 ? 'ip6' : 'ip'} ${key}` : key, dir: direction } };
    }
    case 'fib':
      return {
        fib: { result: expression.result === 'check' ? 'oif' : expression.result, flags: [...expression.flags] },
      };
    case 'numgen':
      return { numgen: { mode: expression.mode, mod: expression.modulus, offset: expression.offset } };
    case 'jhash': {
      const { modulus: mod, seed, offset } = expression;
      return {
        jhash: { mod, offset: offset === 0 ? undefined : offset, seed, expr: expressionJson(expression.of, style) },
      };
    }
    case 'symhash':
      return { symhash: { mod: expression.modulus, offset: expression.offset === 0 ? undefined : expression.offset } };
    case 'bitwise': {
      const [type = 'integer'] = typesOf(expression.left);
      return {
        [BITS[expression.op]]: [expressionJson(expression.left, style), scalarJson(expression.right, type, style)],
      };
    }
    case 'concat':
      return { concat: expression.parts.map((part) => expressionJson(part, style)) };
    case 'map':
      return { map: { key: expressionJson(expression.key, style), data: setReferenceJson(expression.map, style) } };
    case 'constant':
      return valueJson(expression.value, ['integer'], style);
  }
}

export function natTargetJson(target: NatTarget, type: string, style: Style): Json {
  if (target.kind === 'expression') return expressionJson(target.expression, style);
  const of = typeof target.from === 'bigint' ? 'ipv6_addr' : type;
  return fieldJson(target, of, style);
}

/** Counters, limits and quotas. */
export function statefulJson(statement: Statement, style: Style): Json {
  switch (statement.kind) {
    case 'counter':
      return { counter: style.stateless ? null : { ...statement.state } };
    case 'limit':
      return limitJson(statement);
    case 'quota':
      return quotaJson(statement);
    default:
      return null;
  }
}

function limitJson({ state: { spec } }: Of<'limit'>): Json {
  const { rate, unit: per, burst, over, bytes } = spec;
  const inv = over ? true : undefined;
  if (!bytes) return { limit: { rate, burst, per, inv } };
  const [value, rate_unit] = bytesUnit(rate);
  const [burstValue, burst_unit] = bytesUnit(burst);
  return { limit: { rate: value, burst: burstValue, per, inv, rate_unit, burst_unit } };
}

function quotaJson({ state: { limit, over, used } }: Of<'quota'>): Json {
  const [val, val_unit] = bytesUnit(limit);
  const [usedValue, used_unit] = bytesUnit(Math.min(used, limit));
  const already = used > 0 ? { used: usedValue, used_unit } : {};
  return { quota: { val, val_unit, inv: over ? true : undefined, ...already } };
}
