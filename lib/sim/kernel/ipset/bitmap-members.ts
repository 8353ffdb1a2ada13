import type { Micros } from '../../base/index.ts';
import { type Element, isExpired, type Part } from './element.ts';
import type { Found } from './hash-members.ts';

/** The elements of a bitmap: addresses or ports of a range, listed in their order (ip_set_bitmap_gen.h). */
export class BitmapMembers {
  readonly #first: number;
  /** How many addresses share an element: 2^(32 - netmask). */
  readonly #hosts: number;
  readonly count: number;
  readonly #elements = new Map<number, Element>();

  constructor(range: readonly [number, number], hosts: number) {
    this.#first = range[0];
    this.#hosts = hosts;
    this.count = Math.floor((range[1] - range[0]) / hosts) + 1;
  }

  get size(): number {
    return this.#elements.size;
  }

  /** undefined: out of the set's range. */
  place(parts: readonly Part[]): number | undefined {
    const [part] = parts;
    const value = part?.kind === 'net' ? part.ip.v4 : part?.kind === 'port' ? part.port : -1;
    const place = Math.floor((value - this.#first) / this.#hosts);
    return value < this.#first || place >= this.count ? undefined : place;
  }

  get(parts: readonly Part[]): Element | undefined {
    const place = this.place(parts);
    return place === undefined ? undefined : this.#elements.get(place);
  }

  test(parts: readonly Part[], now: Micros): Found | undefined {
    const element = this.get(parts);
    return element === undefined || isExpired(element, now) ? undefined : { element, excluded: false };
  }

  add(element: Element): void {
    const place = this.place(element.parts);
    if (place !== undefined) this.#elements.set(place, element);
  }

  remove(element: Element): void {
    const place = this.place(element.parts);
    if (place !== undefined) this.#elements.delete(place);
  }

  clear(): void {
    this.#elements.clear();
  }

  elements(): Element[] {
    return [...this.#elements].sort(([a], [b]) => a - b).map(([, element]) => element);
  }

  /** The bits, and what is kept with each place whether it is taken or not. */
  memory(extensionBytes: number): number {
    return Math.ceil(this.count / 64) * 8 + this.count * extensionBytes;
  }

  expire(now: Micros): void {
    for (const [place, element] of this.#elements) if (isExpired(element, now)) this.#elements.delete(place);
  }
}
