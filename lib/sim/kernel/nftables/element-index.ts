import type { Micros } from '../../base/index.ts';
import type { Scalar, Value } from './expression.ts';
import type { KeyField, SetElement } from './set.ts';

type Fields = readonly KeyField[];

const isSingle = (fields: Fields): boolean => fields.every(({ from, to }) => from === to);
const keyText = (values: readonly Scalar[]): string => values.join(' . ');
const rangeText = (key: SetElement['key']): string =>
  key === 'any' ? '*' : key.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(' . ');

/**
 * Finds elements by key. Single values lie in a hash (nft_set_hash); intervals of one field in a sorted list that is
 * searched by halving (nft_set_rbtree); intervals within concatenations in lists that share their exact fields
 * (the purpose of nft_set_pipapo).
 */
export class ElementIndex {
  readonly #exact = new Map<Scalar, SetElement>();
  /** Intervals of sets whose key is one field, in order; made anew when first asked for after a change. */
  #sorted: readonly SetElement[] | undefined;
  readonly #ranges = new Set<SetElement>();
  readonly #groups = new Map<string, Group>();
  #any: SetElement | undefined;
  /** In the order in which they came. */
  readonly #all = new Map<string, SetElement>();

  get size(): number {
    return this.#all.size;
  }

  lookup(key: Value, now: Micros): SetElement | undefined {
    const single = this.#exact.get(typeof key === 'object' ? keyText(key) : key);
    if (single !== undefined && isAlive(single, now)) return single;
    if (typeof key === 'object') {
      for (const group of this.#groups.values()) {
        const found = group.lookup(key, now);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    return this.#ranges.size === 0 ? undefined : this.#inRange(key, now);
  }

  catchAll(now: Micros): SetElement | undefined {
    return this.#any !== undefined && isAlive(this.#any, now) ? this.#any : undefined;
  }

  get(key: SetElement['key'], now: Micros): SetElement | undefined {
    const found = this.#all.get(rangeText(key));
    return found !== undefined && isAlive(found, now) ? found : undefined;
  }

  /** Of intervals: one that shares values with `key` and is not the same. */
  overlapping(key: SetElement['key'], now: Micros): SetElement | undefined {
    if (key === 'any' || (isSingle(key) && this.#ranges.size === 0 && this.#groups.size === 0)) return undefined;
    if (key.length === 1) {
      const [field] = key as readonly [KeyField];
      return this.#overlappingOne(field, now);
    }
    for (const element of this.#all.values()) {
      if (element.key === 'any' || !isAlive(element, now)) continue;
      const other = element.key;
      if (key.every((field, i) => touches(field, other[i] as KeyField)) && rangeText(other) !== rangeText(key))
        return element;
    }
    return undefined;
  }

  add(element: SetElement): void {
    this.#all.set(rangeText(element.key), element);
    if (element.key === 'any') this.#any = element;
    else if (isSingle(element.key)) this.#exact.set(exactKey(element.key), element);
    else if (element.key.length === 1) {
      this.#ranges.add(element);
      this.#sorted = undefined;
    } else this.#groupOf(element.key).add(element, element.key);
  }

  remove(element: SetElement): void {
    this.#all.delete(rangeText(element.key));
    if (element.key === 'any') this.#any = undefined;
    else if (isSingle(element.key)) this.#exact.delete(exactKey(element.key));
    else if (element.key.length === 1) {
      this.#ranges.delete(element);
      this.#sorted = undefined;
    } else this.#groupOf(element.key).remove(element, element.key);
  }

  all(now: Micros): SetElement[] {
    return [...this.#all.values()].filter((element) => isAlive(element, now));
  }

  #inRange(key: Scalar, now: Micros): SetElement | undefined {
    const sorted = this.#sort();
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const element = sorted[middle] as SetElement;
      const { from, to } = fieldOf(element);
      if (key < from) high = middle - 1;
      else if (key > to) low = middle + 1;
      else return isAlive(element, now) ? element : undefined;
    }
    return undefined;
  }

  #sort(): readonly SetElement[] {
    this.#sorted ??= [...this.#ranges].sort((a, b) => (fieldOf(a).from < fieldOf(b).from ? -1 : 1));
    return this.#sorted;
  }

  #overlappingOne(field: KeyField, now: Micros): SetElement | undefined {
    for (const element of this.#ranges) {
      const other = fieldOf(element);
      const same = other.from === field.from && other.to === field.to;
      if (!same && isAlive(element, now) && touches(field, other)) return element;
    }
    if (field.from === field.to) return undefined;
    for (const element of this.#exact.values())
      if (isAlive(element, now) && touches(field, fieldOf(element))) return element;
    return undefined;
  }

  #groupOf(key: Fields): Group {
    const shape = key.map(({ from, to }) => (from === to ? '=' : '-')).join('');
    let group = this.#groups.get(shape);
    if (group === undefined) {
      group = new Group(shape);
      this.#groups.set(shape, group);
    }
    return group;
  }
}

const isAlive = ({ expires }: SetElement, now: Micros): boolean => expires === undefined || expires > now;
const touches = (a: KeyField, b: KeyField): boolean => a.from <= b.to && b.from <= a.to;
const fieldOf = ({ key }: SetElement): KeyField => (key as Fields)[0] as KeyField;

/** Precondition: every field is one value. */
function exactKey(key: Fields): Scalar {
  const [first] = key;
  return key.length === 1 && first !== undefined ? first.from : keyText(key.map(({ from }) => from));
}

/** Elements of concatenations with intervals in the same places: found by what their other fields say. */
class Group {
  /** Which fields are single values. */
  readonly #exact: readonly boolean[];
  readonly #byExact = new Map<string, SetElement[]>();

  constructor(shape: string) {
    this.#exact = [...shape].map((one) => one === '=');
  }

  add(element: SetElement, key: Fields): void {
    const text = this.#text(key.map(({ from }) => from));
    const list = this.#byExact.get(text);
    if (list === undefined) this.#byExact.set(text, [element]);
    else list.push(element);
  }

  remove(element: SetElement, key: Fields): void {
    const list = this.#byExact.get(this.#text(key.map(({ from }) => from))) ?? [];
    const at = list.indexOf(element);
    if (at >= 0) list.splice(at, 1);
  }

  lookup(key: readonly Scalar[], now: Micros): SetElement | undefined {
    const candidates = this.#byExact.get(this.#text(key)) ?? [];
    return candidates.find(
      (element) =>
        isAlive(element, now) &&
        (element.key as Fields).every(({ from, to }, i) => {
          const value = key[i] as Scalar;
          return value >= from && value <= to;
        }),
    );
  }

  #text(values: readonly Scalar[]): string {
    return keyText(values.filter((_, i) => this.#exact[i] === true));
  }
}
