import { fail } from './error.ts';
import { compare, equal, isArray, isObject, type Json, type JsonArray, type JsonObject, kindOf } from './json.ts';

/** Reading and changing values by keys: a name, a number (from the end where it is negative), or `{"start", "end"}`. */
export function getKey(value: Json, key: Json): Json {
  if (isObject(value) && typeof key === 'string') return value.get(key) ?? null;
  if (isArray(value)) {
    if (typeof key === 'number') return itemAt(value, key);
    if (isObject(key)) return value.slice(...bounds(value.length, key, 'array'));
    if (isArray(key)) return indexesOf(value, key);
  }
  if (typeof value === 'string' && isObject(key)) return sliceText(value, key);
  if (value === null && (typeof key === 'string' || typeof key === 'number' || isObject(key))) return null;
  if (typeof key === 'string' && new TextEncoder().encode(key).length < 30) {
    return fail(`Cannot index ${kindOf(value)} with string "${key}"`);
  }
  return fail(`Cannot index ${kindOf(value)} with ${kindOf(key)}`);
}

function itemAt(items: JsonArray, key: number): Json {
  if (!Number.isInteger(key)) return null;
  return items[key < 0 ? key + items.length : key] ?? null;
}

function sliceText(text: string, key: JsonObject): string {
  const characters = [...text];
  return characters.slice(...bounds(characters.length, key, 'string')).join('');
}

/** Where a slice begins and ends, for a length; ends that lie within an element include it. */
function bounds(length: number, key: JsonObject, what: string): [number, number] {
  const from = key.get('start') ?? 0;
  const to = key.get('end') ?? length;
  if (typeof from !== 'number' || typeof to !== 'number') {
    return fail(`Start and end indices of an ${what} slice must be numbers`);
  }
  const inside = (place: number) => Math.min(Math.max(place < 0 ? place + length : place, 0), length);
  const start = Math.trunc(inside(from));
  return [start, Math.max(start, Math.ceil(inside(to)))];
}

/** Where `wanted` begins in `items`. */
function indexesOf(items: JsonArray, wanted: JsonArray): number[] {
  const found: number[] = [];
  if (wanted.length === 0) return found;
  items.forEach((_, i) => {
    if (wanted.every((value, k) => i + k < items.length && equal(items[i + k] as Json, value))) found.push(i);
  });
  return found;
}

const MAX_INDEX = 1 << 22;

export function setKey(value: Json, key: Json, member: Json): Json {
  if (typeof key === 'string' && (value === null || isObject(value))) return new Map(value).set(key, member);
  if (typeof key === 'number' && (value === null || isArray(value))) {
    const items = [...(value ?? [])];
    const at = Math.trunc(key) < 0 ? Math.trunc(key) + items.length : Math.trunc(key);
    if (at < 0) return fail('Out of bounds negative array index');
    if (at > MAX_INDEX) throw new RangeError('Invalid array length');
    while (items.length < at) items.push(null);
    items[at] = member;
    return items;
  }
  if (isObject(key) && (value === null || isArray(value))) return setSlice(value ?? [], key, member);
  return fail(`Cannot update field at ${kindOf(key)} index of ${kindOf(value)}`);
}

function setSlice(items: JsonArray, key: JsonObject, member: Json): Json {
  const [start, end] = bounds(items.length, key, 'array');
  if (!isArray(member)) return fail('A slice of an array can only be assigned another array');
  return [...items.slice(0, start), ...member, ...items.slice(end)];
}

export function hasKey(value: Json, key: Json): boolean {
  if (value === null) return false;
  if (isObject(value) && typeof key === 'string') return value.has(key);
  if (isArray(value) && typeof key === 'number') return Math.trunc(key) >= 0 && Math.trunc(key) < value.length;
  return fail(`Cannot check whether ${kindOf(value)} has a ${kindOf(key)} key`);
}

export function getPath(value: Json, path: Json): Json {
  if (!isArray(path)) return fail('Path must be specified as an array');
  return path.reduce((found: Json, key) => getKey(found, key), value);
}

export function setPath(value: Json, path: Json, member: Json): Json {
  if (!isArray(path)) return fail('Path must be specified as an array');
  const [key, ...rest] = path;
  if (key === undefined) return member;
  return setKey(value, key, setPath(getKey(value, key), rest, member));
}

export function deletePaths(value: Json, paths: Json): Json {
  if (!isArray(paths)) return fail('Paths must be specified as an array');
  const sorted = [...paths].sort(compare);
  const wrong = sorted.find((path) => !isArray(path));
  if (wrong !== undefined) return fail(`Path must be specified as array, not ${kindOf(wrong)}`);
  const [first] = sorted as JsonArray[];
  if (first === undefined) return value;
  return first.length === 0 ? null : deleteSorted(value, sorted as JsonArray[], 0);
}

/** Below `depth` keys that all the paths share; first what lies deeper, then whole members together. */
function deleteSorted(value: Json, paths: readonly JsonArray[], depth: number): Json {
  let changed = value;
  const whole: Json[] = [];
  for (let i = 0; i < paths.length; ) {
    const path = paths[i] as JsonArray;
    const key = path[depth] as Json;
    let j = i;
    while (j < paths.length && equal((paths[j] as JsonArray)[depth] as Json, key)) j++;
    if (path.length === depth + 1) whole.push(key);
    else {
      const member = getKey(changed, key);
      if (member !== null) changed = setKey(changed, key, deleteSorted(member, paths.slice(i, j), depth + 1));
    }
    i = j;
  }
  return deleteKeys(changed, whole);
}

function deleteKeys(value: Json, keys: readonly Json[]): Json {
  if (value === null || keys.length === 0) return value;
  if (isArray(value)) return deleteItems(value, keys);
  if (!isObject(value)) return fail(`Cannot delete fields from ${kindOf(value)}`);
  const left = new Map(value);
  for (const key of keys) {
    if (typeof key !== 'string') return fail(`Cannot delete ${kindOf(key)} field of object`);
    left.delete(key);
  }
  return left;
}

function deleteItems(items: JsonArray, keys: readonly Json[]): JsonArray {
  const gone = new Set<number>();
  for (const key of keys) {
    if (typeof key === 'number') gone.add(Math.trunc(key) < 0 ? Math.trunc(key) + items.length : Math.trunc(key));
    else if (isObject(key)) {
      const [start, end] = bounds(items.length, key, 'array');
      for (let i = start; i < end; i++) gone.add(i);
    } else return fail(`Cannot delete ${kindOf(key)} element of array`);
  }
  return items.filter((_, i) => !gone.has(i));
}
