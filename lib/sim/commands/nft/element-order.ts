import type { Micros } from '../../base/index.ts';
import type { KeyField, NftSet, Scalar, SetElement } from '../../kernel/nftables/index.ts';
import { knownType } from './datatypes.ts';

/** Types that the machine keeps in its own byte order; the others come from packets. */
const HOST_ORDER = new Set([
  'mark',
  'iface_index',
  'integer',
  'ct_state',
  'ct_status',
  'fib_addrtype',
  'devgroup',
  'time',
]);

/**
 * The elements as a listing orders them (mergesort.c): single values by size; concatenations by their bytes as one
 * little-endian number, so that the last byte counts most; those with intervals as they lie in the kernel. The
 * catch-all is last.
 */
export function sortedElements(set: NftSet, now: Micros): SetElement[] {
  const { keyTypes, flags } = set.spec;
  const elements = set.elements(now);
  if (keyTypes.length > 1 && flags.has('interval')) return elements;
  const keyed = elements.map((element) => ({ element, order: orderOf(element.key, keyTypes) }));
  return keyed.sort((a, b) => compare(a.order, b.order)).map(({ element }) => element);
}

type Order = 'last' | Scalar | readonly number[];

function orderOf(key: SetElement['key'], types: readonly string[]): Order {
  if (key === 'any') return 'last';
  if (types.length === 1) {
    const { from } = key[0] as KeyField;
    return typeof from === 'string' ? bytesOf(from, types[0] as string) : from;
  }
  return key.flatMap(({ from }, i) => bytesOf(from, types[i] as string));
}

const NAME_BYTES = 16;

function bytesOf(value: Scalar, typeName: string): number[] {
  if (typeof value === 'string')
    return Array.from({ length: NAME_BYTES }, (_, i) => (i < value.length ? value.charCodeAt(i) : 0));
  const length = Math.ceil(knownType(typeName).bits / 8);
  const little: number[] = [];
  let rest = BigInt(value);
  for (let i = 0; i < length; i++) {
    little.push(Number(rest & 255n));
    rest >>= 8n;
  }
  return HOST_ORDER.has(typeName) ? little : little.reverse();
}

function compare(a: Order, b: Order): number {
  if (a === 'last' || b === 'last') return a === b ? 0 : a === 'last' ? 1 : -1;
  if (typeof a !== 'object' || typeof b !== 'object') return a < b ? -1 : a > b ? 1 : 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
