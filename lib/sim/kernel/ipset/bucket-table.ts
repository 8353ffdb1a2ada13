import { jhash2 } from '../jhash.ts';
import { type Element, hashWords } from './element.ts';

/** AHASH_INIT_SIZE: by how many places a bucket grows. */
const STEP = 2;
/** struct hbucket without its elements. */
const BUCKET_BYTES = 32;
/** struct ip_set_region: one for every 1024 buckets. */
const REGION_BYTES = 24;

type Bucket = { places: number; readonly slots: (Element | undefined)[] };

/**
 * The buckets of a hash set (ip_set_hash_gen.h): they say in which order members are listed, how much memory they take,
 * and when the table doubles. Searching is not done here.
 */
export class BucketTable {
  #size: number;
  readonly #type: string;
  readonly #initval: number;
  readonly #deepest: number;
  #buckets = new Map<number, Bucket>();

  /** `size` is a power of two; `deepest`: how many elements a bucket may hold. */
  constructor(type: string, size: number, initval: number, deepest: number) {
    this.#type = type;
    this.#size = size;
    this.#initval = initval;
    this.#deepest = deepest;
  }

  get size(): number {
    return this.#size;
  }

  insert(element: Element): void {
    while (!this.#put(element)) this.#double();
  }

  remove(element: Element): void {
    const at = this.#indexOf(element);
    const bucket = this.#buckets.get(at);
    if (bucket === undefined) return;
    const slot = bucket.slots.indexOf(element);
    if (slot === bucket.slots.length - 1) bucket.slots.pop();
    else bucket.slots[slot] = undefined;
    const used = bucket.slots.filter((one) => one !== undefined);
    if (used.length === 0) this.#buckets.delete(at);
    else if (bucket.slots.length - used.length >= STEP) {
      bucket.slots.splice(0, bucket.slots.length, ...used);
      bucket.places -= STEP;
    }
  }

  clear(): void {
    this.#buckets.clear();
  }

  /** As a listing walks them. */
  *elements(): Generator<Element> {
    for (const at of [...this.#buckets.keys()].sort((a, b) => a - b))
      for (const element of this.#buckets.get(at)?.slots ?? []) if (element !== undefined) yield element;
  }

  /** Bytes beside what an empty table of the smallest size takes. */
  memory(elementBytes: number): number {
    let bytes = (Math.max(1, this.#size / 1024) - 1) * REGION_BYTES;
    for (const { places } of this.#buckets.values()) bytes += (places / STEP) * (BUCKET_BYTES + STEP * elementBytes);
    return bytes;
  }

  #indexOf({ parts }: Element): number {
    return jhash2(hashWords(this.#type, parts), this.#initval) & (this.#size - 1);
  }

  /** False: the bucket is full. */
  #put(element: Element): boolean {
    const at = this.#indexOf(element);
    const bucket = this.#buckets.get(at) ?? { places: STEP, slots: [] };
    const hole = bucket.slots.indexOf(undefined);
    if (hole >= 0) {
      bucket.slots[hole] = element;
      return true;
    }
    if (bucket.slots.length >= bucket.places) {
      if (bucket.places >= this.#deepest) return false;
      bucket.places += STEP;
    }
    bucket.slots.push(element);
    this.#buckets.set(at, bucket);
    return true;
  }

  #double(): void {
    const all = [...this.elements()];
    this.#size *= 2;
    this.#buckets = new Map();
    for (const element of all) this.insert(element);
  }
}
