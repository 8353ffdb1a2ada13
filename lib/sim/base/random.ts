/**
 * The seeded generator behind everything that chance decides: sfc32 (Chris Doty-Humphrey's Small Fast Counting
 * generator), the same sequence on every platform. `fork` gives an independent stream, so that one consumer's extra
 * draw does not change what another draws.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | string) {
    const [a, b, c] = hashSeed(String(seed));
    this.#a = a;
    this.#b = b;
    this.#c = c;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** 0 … 2^32 - 1 */
  uint32(): number {
    const t = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t >>> 0;
  }

  /** 0 <= x < 1 */
  float(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** A whole number, `min <= x <= max`. */
  int(min: number, max: number): number {
    return min + Math.floor(this.float() * (max - min + 1));
  }

  fork(name: string): Random {
    return new Random(`${this.uint32()}/${name}`);
  }
}

/** Three words from a text: FNV-1a with three offsets, avalanched by murmur3's finalizer. */
function hashSeed(text: string): [number, number, number] {
  const word = (offset: number): number => {
    let h = offset;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) | 0;
  };
  return [word(0x811c9dc5), word(0x1b873593), word(0x9e3779b9)];
}
