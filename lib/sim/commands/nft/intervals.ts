import type { KeyField, NftSet, Scalar, SetElement } from '../../kernel/nftables/index.ts';
import { type Location, NftProblem } from './location.ts';

type Placed = { readonly element: SetElement; readonly at: Location };

/**
 * Intervals of one set in order. Those of a map must not touch each other; those of a set that overlap become one, as do
 * those between which nothing lies (set_automerge).
 */
export function mergeIntervals(placed: readonly Placed[], isMap: boolean): SetElement[] {
  const rest = placed.filter(({ element: { key } }) => key === 'any' || key.length !== 1).map(({ element }) => element);
  const plain = placed.filter(({ element: { key } }) => key !== 'any' && key.length === 1);
  const sorted = [...plain].sort((a, b) => (fieldOf(a).from < fieldOf(b).from ? -1 : 1));
  const merged: Placed[] = [];
  for (const one of sorted) {
    const last = merged.at(-1);
    const field = fieldOf(one);
    const before = last === undefined ? undefined : fieldOf(last);
    if (last === undefined || before === undefined || field.from > next(before.to)) merged.push(one);
    else if (isMap && field.from <= before.to) throw conflict(last, one);
    else if (isMap) merged.push(one);
    else {
      // Not Math.max(): an address of IPv6 is a bigint.
      const { to } = [field, before].sort((a, b) => (a.to < b.to ? 1 : -1))[0] as KeyField;
      merged[merged.length - 1] = { ...last, element: { ...last.element, key: [{ from: before.from, to }] } };
    }
  }
  return [...merged.map(({ element }) => element), ...rest];
}

const fieldOf = ({ element: { key } }: Placed): KeyField => (key as readonly KeyField[])[0] as KeyField;

const next = (value: Scalar): Scalar =>
  typeof value === 'number' ? value + 1 : typeof value === 'bigint' ? value + 1n : value;

function conflict(a: Placed, b: Placed): NftProblem {
  const [first, second] = a.at.from <= b.at.from ? [a, b] : [b, a];
  return new NftProblem('conflicting intervals specified', second.at, first.at);
}

type Adder = { readonly deleteElement: (set: NftSet, key: SetElement['key']) => unknown };

/**
 * New elements of an interval set: they must not share values with what is there or with each other, unless the set
 * merges them by itself. What merging takes up is deleted.
 */
export function checkOverlaps(set: NftSet, placed: readonly Placed[], now: number, adder: Adder): SetElement[] {
  const { autoMerge, keyTypes, data } = set.spec;
  if (keyTypes.length !== 1) return placed.map(({ element }) => element);
  if (autoMerge === true && data === undefined) return merged(set, placed, now, adder);
  for (const [i, one] of placed.entries()) {
    if (one.element.key === 'any') continue;
    const other = placed.slice(0, i).find(({ element }) => element.key !== 'any' && touches(fieldOf(one), element.key));
    if (other !== undefined && !isSame(fieldOf(one), fieldOf(other))) throw conflict(other, one);
    if (set.overlapping(one.element.key, now) !== undefined)
      throw new NftProblem('interval overlaps with an existing one', one.at);
  }
  return placed.map(({ element }) => element);
}

const isSame = (a: KeyField, b: KeyField): boolean => a.from === b.from && a.to === b.to;
const touches = (a: KeyField, key: readonly KeyField[]): boolean => {
  const [b] = key;
  return b !== undefined && a.from <= b.to && b.from <= a.to;
};

function merged(set: NftSet, placed: readonly Placed[], now: number, adder: Adder): SetElement[] {
  const there = set.elements(now).filter(({ key }) => key !== 'any');
  const [first] = placed;
  if (first === undefined) return [];
  const all = mergeIntervals([...there.map((element) => ({ element, at: first.at })), ...placed], false);
  for (const element of there) if (!all.some(({ key }) => key === element.key)) adder.deleteElement(set, element.key);
  return all.filter((element) => !there.includes(element));
}
