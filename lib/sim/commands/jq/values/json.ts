/**
 * JSON values as jq handles them. They are never changed once made: whoever wants another one copies the level it changes.
 * Objects keep their keys in the order in which they were set, as jq prints them; a Map does, a JavaScript object does not.
 */
export type Json = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export type JsonObject = ReadonlyMap<string, Json>;

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export const isArray = (value: Json): value is JsonArray => Array.isArray(value);
export const isObject = (value: Json): value is JsonObject => value instanceof Map;

export function kindOf(value: Json): Kind {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value as 'boolean' | 'number' | 'string' | 'object';
}

/** Everything is true but null and false. */
export const isTrue = (value: Json): boolean => value !== null && value !== false;

const ORDER: Readonly<Record<Kind, number>> = { null: 0, boolean: 1, number: 3, string: 4, array: 5, object: 6 };

/** jq's total order: null < false < true < numbers < strings < arrays < objects. NaN is below every number. */
export function compare(a: Json, b: Json): number {
  if (a === b) return 0;
  const kind = kindOf(a);
  const difference = ORDER[kind] - ORDER[kindOf(b)];
  if (difference !== 0) return difference;
  switch (kind) {
    case 'boolean':
      return a === true ? 1 : -1;
    case 'number':
      return compareNumbers(a as number, b as number);
    case 'string':
      return compareText(a as string, b as string);
    case 'array':
      return compareArrays(a as JsonArray, b as JsonArray);
    case 'object':
      return compareObjects(a as JsonObject, b as JsonObject);
    default:
      return 0;
  }
}

export const equal = (a: Json, b: Json): boolean => compare(a, b) === 0;

function compareNumbers(a: number, b: number): number {
  if (a < b || Number.isNaN(a)) return -1;
  return a === b ? 0 : 1;
}

/** By code points, as strcmp(3) orders UTF-8; JavaScript's own order is that of UTF-16 units. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  const x = a.charCodeAt(i);
  const y = b.charCodeAt(i);
  // Surrogates stand for what lies above U+FFFF.
  return surrogate(x) === surrogate(y) ? x - y : surrogate(x) ? 1 : -1;
}

const surrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

function compareArrays(a: JsonArray, b: JsonArray): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = compare(a[i] as Json, b[i] as Json);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** First the sorted keys as arrays, then the values, key by key. */
function compareObjects(a: JsonObject, b: JsonObject): number {
  const keys = sortedKeys(a);
  const difference = compareArrays(keys, sortedKeys(b));
  if (difference !== 0) return difference;
  for (const key of keys) {
    const found = compare(a.get(key) as Json, b.get(key) as Json);
    if (found !== 0) return found;
  }
  return 0;
}

export const sortedKeys = (object: JsonObject): string[] => [...object.keys()].sort(compareText);

/** How many code points. */
export function textLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) if (pairAt(text, i)) length--;
  return length;
}

const pairAt = (text: string, i: number): boolean =>
  (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;

/** jq replaces what is no valid UTF-8 (here: lone surrogates) by U+FFFD. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
