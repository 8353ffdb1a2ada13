import { typeError, typeError2 } from '../values/error.ts';
import { compare, equal, isArray, isObject, type Json, type JsonObject } from '../values/json.ts';
import { splitText } from './text.ts';

/** The operators, as functions of both sides. */
export function add(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isArray(a) && isArray(b)) return [...a, ...b];
  if (isObject(a) && isObject(b)) return new Map([...a, ...b]);
  return typeError2(a, b, 'cannot be added');
}

export function subtract(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (isArray(a) && isArray(b)) return a.filter((item) => !b.some((other) => equal(item, other)));
  return typeError2(a, b, 'cannot be subtracted');
}

const MAX_TEXT = 1 << 26;

export function multiply(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (typeof a === 'string' && typeof b === 'number') return repeated(a, b);
  if (typeof a === 'number' && typeof b === 'string') return repeated(b, a);
  if (isObject(a) && isObject(b)) return merged(a, b);
  return typeError2(a, b, 'cannot be multiplied');
}

/** As often as the number says without its fraction, but once for less than one; nothing at all for 0 and below. */
function repeated(text: string, times: number): Json {
  if (!(times > 0)) return null;
  const count = Math.max(1, Math.trunc(times));
  if (count * text.length > MAX_TEXT) throw new RangeError('Invalid string length');
  return text.repeat(count);
}

function merged(a: JsonObject, b: JsonObject): JsonObject {
  const all = new Map(a);
  for (const [key, value] of b) {
    const old = all.get(key);
    all.set(key, old !== undefined && isObject(old) && isObject(value) ? merged(old, value) : value);
  }
  return all;
}

export function divide(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') {
    return b === 0 ? typeError2(a, b, 'cannot be divided because the divisor is zero') : a / b;
  }
  if (typeof a === 'string' && typeof b === 'string') return splitText(a, b);
  return typeError2(a, b, 'cannot be divided');
}

/** Of integers, as C reckons: the sign is that of the left side. */
export function remainder(a: Json, b: Json): Json {
  if (typeof a !== 'number' || typeof b !== 'number') return typeError2(a, b, 'cannot be divided (remainder)');
  if (Math.trunc(b) === 0) return typeError2(a, b, 'cannot be divided (remainder) because the divisor is zero');
  return (Math.trunc(a) % Math.trunc(b)) + 0;
}

export const negate = (value: Json): Json =>
  typeof value === 'number' ? -value : typeError(value, 'cannot be negated');

/** Whether all of `b` is somewhere in `a`: in strings, in arrays whatever the order, in objects by key. */
export function contains(a: Json, b: Json): boolean {
  if (isObject(a) && isObject(b)) {
    return [...b].every(([key, value]) => {
      const own = a.get(key);
      return own !== undefined && contains(own, value);
    });
  }
  if (isArray(a) && isArray(b)) return b.every((wanted) => a.some((item) => contains(item, wanted)));
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  return equal(a, b);
}

export const OPERATORS: Readonly<Record<string, (a: Json, b: Json) => Json>> = {
  _plus: add,
  _minus: subtract,
  _multiply: multiply,
  _divide: divide,
  _mod: remainder,
  _equal: equal,
  _notequal: (a, b) => !equal(a, b),
  _less: (a, b) => compare(a, b) < 0,
  _greater: (a, b) => compare(a, b) > 0,
  _lesseq: (a, b) => compare(a, b) <= 0,
  _greatereq: (a, b) => compare(a, b) >= 0,
};
