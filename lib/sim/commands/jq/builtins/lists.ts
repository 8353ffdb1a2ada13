import { fail, typeError, typeError2 } from '../values/error.ts';
import { compare, equal, isArray, isObject, type Json, type JsonArray, sortedKeys } from '../values/json.ts';

export function keys(value: Json, sorted: boolean): Json {
  if (isArray(value)) return value.map((_, i) => i);
  if (!isObject(value)) return typeError(value, 'has no keys');
  return sorted ? sortedKeys(value) : [...value.keys()];
}

export function sort(value: Json): Json {
  if (!isArray(value)) return typeError(value, 'cannot be sorted, as it is not an array');
  return [...value].sort(compare);
}

type Pair = { readonly value: Json; readonly key: Json };

/** Values with their keys, by key; equal ones stay in their order. */
function sortedPairs(values: Json, keys: Json): Pair[] {
  if (!isArray(values) || !isArray(keys) || values.length !== keys.length) {
    return typeError2(values, keys, 'cannot be sorted, as they are not both arrays');
  }
  const pairs = values.map((value, i) => ({ value, key: keys[i] as Json }));
  return pairs.sort((a, b) => compare(a.key, b.key));
}

export const sortBy = (values: Json, keys: Json): Json => sortedPairs(values, keys).map(({ value }) => value);

export function groupBy(values: Json, keys: Json): Json {
  const groups: { key: Json; values: Json[] }[] = [];
  for (const { value, key } of sortedPairs(values, keys)) {
    const last = groups.at(-1);
    if (last !== undefined && equal(last.key, key)) last.values.push(value);
    else groups.push({ key, values: [value] });
  }
  return groups.map((group) => group.values);
}

/** Among equal ones the first for the least, the last for the greatest. */
export function extreme(values: Json, keys: Json, least: boolean): Json {
  if (!isArray(values) || !isArray(keys)) return typeError2(values, keys, 'cannot be iterated over');
  if (values.length !== keys.length) return typeError2(values, keys, 'have wrong length');
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (compare(keys[i] as Json, keys[best] as Json) < 0 === least) best = i;
  }
  return values[best] ?? null;
}

export function flatten(value: Json, depth: Json): Json {
  if (typeof depth !== 'number') return fail('flatten depth must not be negative');
  if (depth < 0) return fail('flatten depth must not be negative');
  return flat(members(value), depth);
}

const flat = (items: JsonArray, depth: number): Json[] =>
  items.flatMap((item) => (isArray(item) && depth > 0 ? flat(item, depth - 1) : [item]));

/** What `.[]` gives of an array or object. */
export function members(value: Json): JsonArray {
  if (isArray(value)) return value;
  return isObject(value) ? [...value.values()] : typeError(value, 'cannot be iterated over');
}
