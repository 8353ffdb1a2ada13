import type { Micros } from '../../base/index.ts';
import type {
  ElementData,
  Expression,
  KeyField,
  NftSet,
  Operand,
  Scalar,
  SetElement,
  Statement,
  Value,
  Verdict,
} from '../../kernel/nftables/index.ts';
import { knownType, type Names, type Numeric, timeText, typesOf } from './datatypes.ts';
import { sortedElements } from './element-order.ts';

/** How a listing looks. */
export type Style = {
  readonly names: Names;
  readonly numeric: Numeric & { readonly priorities: boolean };
  readonly handles: boolean;
  /** Without what counts. */
  readonly stateless: boolean;
  readonly terse: boolean;
  readonly now: Micros;
};

/** `ip saddr`, `meta mark & 0x000000ff`, … */
export function expressionText(expression: Expression, style: Style): string {
  switch (expression.kind) {
    case 'payload':
      return `${expression.protocol} ${expression.field}`;
    case 'meta':
      return UNQUALIFIED.has(expression.key) ? expression.key : `meta ${expression.key}`;
    case 'ct': {
      const { key, direction, family } = expression;
      const isAddress = key === 'saddr' || key === 'daddr';
      return ['ct', direction, isAddress ? (family === 6 ? 'ip6' : 'ip') : undefined, key].filter(Boolean).join(' ');
    }
    case 'fib':
      return `fib ${expression.flags.join(' . ')} ${expression.result === 'check' ? 'oif' : expression.result}`;
    case 'numgen':
      return `numgen ${expression.mode} mod ${expression.modulus}${offsetText(expression.offset)}`;
    case 'jhash': {
      const seed = expression.seed === undefined ? '' : ` seed 0x${expression.seed.toString(16)}`;
      return `jhash ${expressionText(expression.of, style)} mod ${expression.modulus}${seed}${offsetText(expression.offset)}`;
    }
    case 'symhash':
      return `symhash mod ${expression.modulus}${offsetText(expression.offset)}`;
    case 'bitwise': {
      const isShift = expression.op === 'lshift' || expression.op === 'rshift';
      const [type = 'integer'] = typesOf(expression.left);
      const right = scalarText(expression.right, isShift ? 'integer' : type, style);
      return `${expressionText(expression.left, style)} ${BITS[expression.op]} ${right}`;
    }
    case 'concat':
      return expression.parts.map((part) => expressionText(part, style)).join(' . ');
    case 'map':
      return `${expressionText(expression.key, style)} map ${setReference(expression.map, style)}`;
    case 'constant':
      return valueText(expression.value, ['integer'], style);
  }
}

const UNQUALIFIED = new Set<string>(['iif', 'oif', 'iifname', 'oifname', 'iifgroup', 'oifgroup']);
const BITS = { and: '&', or: '|', xor: '^', lshift: '<<', rshift: '>>' } as const;
const offsetText = (offset: number): string => (offset === 0 ? '' : ` offset ${offset}`);

/** Precondition: the value is of the type. */
export const scalarText = (value: Scalar, type: string, { names, numeric }: Style): string =>
  knownType(type).format(value, names, numeric);

export function valueText(value: Value, types: readonly string[], style: Style): string {
  const values = typeof value === 'object' ? value : [value];
  return values.map((one, i) => scalarText(one, types[i] ?? 'integer', style)).join(' . ');
}

export function operandText(operand: Operand, types: readonly string[], style: Style): string {
  const [type = 'integer'] = types;
  switch (operand.kind) {
    case 'value':
      return valueText(operand.value, types, style);
    case 'range':
      return rangeText(operand, type, style);
    case 'prefix':
      return `${scalarText(operand.value, type, style)}/${operand.length}`;
    case 'wildcard':
      return `"${operand.prefix}*"`;
    case 'flags':
      return scalarText(operand.value, type, style);
  }
}

/** `@name`, or what is in an anonymous one. */
export function setReference(set: NftSet, style: Style): string {
  if (!set.spec.anonymous) return `@${set.name}`;
  return `{ ${elementTexts(set, style).join(', ')} }`;
}

/** The elements in order, as a listing has them. */
export function elementTexts(set: NftSet, style: Style): string[] {
  return sortedElements(set, style.now).map((element) => elementText(set, element, style));
}

export function elementText(set: NftSet, element: SetElement, style: Style): string {
  const { keyTypes, data } = set.spec;
  const { key, timeout, expires, comment, each } = element;
  let text = key === 'any' ? '*' : key.map((field, i) => fieldText(field, keyTypes[i] ?? 'integer', style)).join(' . ');
  for (const statement of each) text += ` ${statefulText(statement, style)}`;
  if (timeout !== undefined) text += ` timeout ${timeText(timeout / 1000)}`;
  if (expires !== undefined && !style.stateless)
    text += ` expires ${timeText(Math.max(0, Math.floor((expires - style.now) / 4000) * 4))}`;
  if (comment !== undefined) text += ` comment "${comment}"`;
  if (element.data !== undefined && data !== undefined)
    text += ` : ${dataText(element.data, data.kind === 'value' ? data.types : [], style)}`;
  return text;
}

export function fieldText({ from, to }: KeyField, type: string, style: Style): string {
  if (from === to) return scalarText(from, type, style);
  if (typeof from === 'string') return `"${from}*"`;
  const length = prefixOf(from, to, type);
  if (length !== undefined) return `${scalarText(from, type, style)}/${length}`;
  return rangeText({ from, to }, type, style);
}

/** Both ends as numbers, whatever names they have. */
function rangeText({ from, to }: KeyField, type: string, style: Style): string {
  const plain = { ...style, numeric: { symbols: true, protocols: true, services: true, priorities: true } };
  return `${scalarText(from, type, plain)}-${scalarText(to, type, plain)}`;
}

/** The prefix length of a range of addresses, where it is one. */
export function prefixOf(from: Scalar, to: Scalar, type: string): number | undefined {
  if (type !== 'ipv4_addr' && type !== 'ipv6_addr') return undefined;
  const bits = type === 'ipv4_addr' ? 32 : 128;
  const first = BigInt(from);
  const size = BigInt(to) - first + 1n;
  if ((size & (size - 1n)) !== 0n || first % size !== 0n) return undefined;
  return bits - (size.toString(2).length - 1);
}

function dataText(data: ElementData, types: readonly string[], style: Style): string {
  switch (data.kind) {
    case 'value':
      return valueText(data.value, types, style);
    case 'interval':
      return data.fields.map((field, i) => fieldText(field, types[i] ?? 'integer', style)).join(' . ');
    case 'verdict':
      return verdictText(data.verdict);
    case 'object':
      return `"${data.object.name}"`;
  }
}

export const verdictText = (verdict: Verdict): string =>
  'chain' in verdict ? `${verdict.kind} ${verdict.chain.name}` : verdict.kind;

/** Counters, limits and quotas. */
export function statefulText(statement: Statement, { stateless }: Style): string {
  switch (statement.kind) {
    case 'counter': {
      const { packets, bytes } = statement.state;
      return stateless ? 'counter' : `counter packets ${packets} bytes ${bytes}`;
    }
    case 'limit': {
      const { spec } = statement.state;
      return `limit ${limitText(spec)}`;
    }
    case 'quota': {
      const { limit, over } = statement.state;
      const used = Math.min(statement.state.used, limit);
      const already = used > 0 && !stateless ? ` used ${bytesText(used)}` : '';
      return `quota ${over ? 'over ' : ''}${bytesText(limit)}${already}`;
    }
    default:
      return '';
  }
}

type LimitSpec = Extract<Statement, { kind: 'limit' }>['state']['spec'];

export function limitText({ rate, unit, burst, over, bytes }: LimitSpec): string {
  const head = `rate ${over ? 'over ' : ''}`;
  if (!bytes) return `${head}${rate}/${unit}${burst === 5 || burst === 0 ? '' : ` burst ${burst} packets`}`;
  return `${head}${bytesText(rate)}/${unit}${burst === 0 ? '' : ` burst ${bytesText(burst)}`}`;
}

const BYTE_UNITS = ['bytes', 'kbytes', 'mbytes'] as const;

/** A number of bytes in the largest unit that divides it. */
export function bytesUnit(amount: number): [value: number, unit: string] {
  let value = amount;
  let unit = 0;
  while (unit < BYTE_UNITS.length - 1 && value >= 1024 && value % 1024 === 0) {
    value /= 1024;
    unit++;
  }
  return [value, BYTE_UNITS[unit] as string];
}

export const bytesText = (amount: number): string => bytesUnit(amount).join(' ');
