import { type Cidr, Ip, type Micros } from '../../base/index.ts';
import { BucketTable } from './bucket-table.ts';
import { type Element, isExpired, keyOf, type Part } from './element.ts';
import { type CreateRequest, DEFAULT_BUCKETSIZE, DEFAULT_HASHSIZE, DEFAULT_MAXELEM } from './types.ts';

/** What a set says of a tested element: it is there, it is an exception of what is there, or neither. */
export type Found = { readonly element: Element; readonly excluded: boolean };

/** The elements of a hash set: found by their key, in each of the prefix lengths that occur. */
export class HashMembers {
  readonly maxelem: number;
  readonly #table: BucketTable;
  readonly #byKey = new Map<string, Element>();
  /** How many elements have each prefix length: what a single address is looked up by, longest first. */
  readonly #prefixes = new Map<number, number>();
  #lengths: readonly number[] = [];
  readonly #netAt: number;

  constructor({ type, hashsize, maxelem, bucketsize }: CreateRequest, initval: number) {
    this.maxelem = maxelem ?? DEFAULT_MAXELEM;
    this.#table = new BucketTable(
      type.name,
      tableSize(hashsize ?? DEFAULT_HASHSIZE),
      initval,
      bucketsize ?? DEFAULT_BUCKETSIZE,
    );
    this.#netAt = type.dimensions.indexOf('net');
  }

  get hashsize(): number {
    return this.#table.size;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(parts: readonly Part[]): Element | undefined {
    return this.#byKey.get(keyOf(parts));
  }

  /** An address is looked for in all prefix lengths, a network as itself (mtype_test). */
  test(parts: readonly Part[], now: Micros): Found | undefined {
    const net = this.#netAt < 0 ? undefined : parts[this.#netAt];
    if (net === undefined || net.kind !== 'net' || net.prefix !== net.ip.bits) return this.#found(parts, now);
    for (const prefix of this.#lengths) {
      if (prefix > net.ip.bits) continue;
      const inside = parts.with(this.#netAt, { kind: 'net', ip: networkOf(net.ip, prefix), prefix });
      const found = this.#found(inside, now);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  add(element: Element): void {
    this.#byKey.set(keyOf(element.parts), element);
    this.#table.insert(element);
    this.#count(element, 1);
  }

  remove(element: Element): void {
    if (!this.#byKey.delete(keyOf(element.parts))) return;
    this.#table.remove(element);
    this.#count(element, -1);
  }

  /** forceadd: makes room for another one. */
  evict(): void {
    for (const element of this.#table.elements()) {
      this.remove(element);
      return;
    }
  }

  clear(): void {
    this.#byKey.clear();
    this.#table.clear();
    this.#prefixes.clear();
    this.#lengths = [];
  }

  elements(): Element[] {
    return [...this.#table.elements()];
  }

  memory(elementBytes: number): number {
    return this.#table.memory(elementBytes);
  }

  /** Takes out what is past its time (mtype_gc). */
  expire(now: Micros): void {
    for (const element of this.#byKey.values()) if (isExpired(element, now)) this.remove(element);
  }

  #found(parts: readonly Part[], now: Micros): Found | undefined {
    const element = this.get(parts);
    return element === undefined || isExpired(element, now) ? undefined : { element, excluded: element.nomatch };
  }

  #count({ parts }: Element, change: 1 | -1): void {
    const net = parts[this.#netAt];
    if (net?.kind !== 'net') return;
    const count = (this.#prefixes.get(net.prefix) ?? 0) + change;
    if (count === 0) this.#prefixes.delete(net.prefix);
    else this.#prefixes.set(net.prefix, count);
    if (count <= 1) this.#lengths = [...this.#prefixes.keys()].sort((a, b) => b - a);
  }
}

/** The smallest power of two that is not smaller; 64 at least. */
function tableSize(wanted: number): number {
  let size = 64;
  while (size < wanted && size < 2 ** 31) size *= 2;
  return size;
}

/** The address with the bits behind the prefix cleared. */
export function networkOf(ip: Ip, prefix: Cidr['prefix']): Ip {
  if (prefix === ip.bits) return ip;
  if (ip.family === 4) return Ip.fromV4(prefix === 0 ? 0 : ip.v4 & (0xffff_ffff << (32 - prefix)));
  return Ip.fromBytes(ip.bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - i * 8)))));
}
