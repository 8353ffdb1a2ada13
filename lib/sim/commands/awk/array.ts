import type { Value } from './value.ts';

/**
 * An associative array that is walked in mawk's order: by hash table slot (FNV-1a, 64 slots, doubled whenever the lists
 * grow longer than 12 on average), so that `for (k in a)` prints in the order that people see on Debian.
 */
export class AwkArray {
  readonly #values = new Map<string, Value>();

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value {
    if (!this.#values.has(key)) this.#values.set(key, undefined);
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.set(key, value);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }

  keys(): string[] {
    let slots = 64;
    while (this.#values.size > slots * 12) slots *= 2;
    const slot = new Map([...this.#values.keys()].map((key) => [key, fnv1a(key) % slots]));
    // A new key goes to the front of its slot's list.
    return [...this.#values.keys()].reverse().sort((a, b) => (slot.get(a) as number) - (slot.get(b) as number));
  }
}

function fnv1a(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}
