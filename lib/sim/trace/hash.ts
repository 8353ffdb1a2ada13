/**
 * A rolling 64-bit digest of numbers, as two lanes of murmur3's 32-bit mixing with different constants: fast in
 * JavaScript, the same on every platform. It tells two runs apart; it is no cryptographic hash.
 */
export class RollingHash {
  #a = 0x9747b28c | 0;
  #b = 0x3c074a61 | 0;
  #count = 0;

  /** Takes one number in, modulo 2^32. */
  fold(value: number): void {
    let k = Math.imul(value | 0, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    const a = this.#a ^ k;
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    const b = Math.imul(this.#b ^ value, 0x85ebca6b);
    this.#b = (((b << 17) | (b >>> 15)) + this.#a) | 0;
    this.#count++;
  }

  /** Up to 48 bits, as MAC addresses are. */
  foldWide(value: number): void {
    this.fold(value / 0x1_0000_0000);
    this.fold(value);
  }

  foldBytes(bytes: Uint8Array): void {
    for (const b of bytes) this.fold(b);
  }

  foldText(text: string): void {
    for (let i = 0; i < text.length; i++) this.fold(text.charCodeAt(i));
    this.fold(text.length);
  }

  /** 16 hex digits; taking it changes nothing. */
  digest(): string {
    return hex(finish(this.#a ^ this.#count)) + hex(finish(this.#b ^ this.#a));
  }
}

/** murmur3's finalizer: every bit of the input reaches every bit of the output. */
function finish(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
