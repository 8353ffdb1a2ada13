/** SHA-512 (FIPS 180-4) of a message, as lower-case hexadecimal. 64-bit words as BigInt: messages here are short. */
export function sha512(message: Uint8Array): string {
  const hash = INITIAL.slice();
  const view = padded(message);
  const w = new BigUint64Array(80);
  for (let block = 0; block < view.byteLength; block += 128) {
    for (let t = 0; t < 16; t++) w[t] = view.getBigUint64(block + t * 8);
    for (let t = 16; t < 80; t++) {
      const [x, y] = [w[t - 15] as bigint, w[t - 2] as bigint];
      const s0 = rotate(x, 1n) ^ rotate(x, 8n) ^ (x >> 7n);
      const s1 = rotate(y, 19n) ^ rotate(y, 61n) ^ (y >> 6n);
      // The array keeps 64 bits of the sum.
      w[t] = (w[t - 16] as bigint) + s0 + (w[t - 7] as bigint) + s1;
    }
    compress(hash, w);
  }
  return Array.from(hash, (word) => word.toString(16).padStart(16, '0')).join('');
}

function compress(hash: BigUint64Array, w: BigUint64Array): void {
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = hash;
  for (let t = 0; t < 80; t++) {
    const s1 = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n);
    const one = h + s1 + ((e & f) ^ (~e & g)) + (ROUND_CONSTANTS[t] as bigint) + (w[t] as bigint);
    const s0 = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n);
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, word(d + one), c, b, a, word(one + two)];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    hash[i] = (hash[i] as bigint) + value;
  });
}

const word = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (x: bigint, n: bigint): bigint => word((x >> n) | (x << (64n - n)));

/** The message, a one bit, zeros, and its length in bits. */
function padded(message: Uint8Array): DataView {
  const bytes = new Uint8Array((((message.length + 16) >> 7) + 1) * 128);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return view;
}

const PRIMES = Array.from({ length: 410 }, (_, i) => i).filter(
  (n) => n > 1 && Array.from({ length: n }, (__, k) => k).every((k) => k < 2 || n % k !== 0),
);

/** 64 bits of the fraction of a root: the integer root of n · 2^(64 · degree), less its whole part. */
function fraction(n: number, degree: 2n | 3n): bigint {
  const target = BigInt(n) << (64n * degree);
  let [low, high] = [0n, 1n << 69n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return word(low);
}

const INITIAL = BigUint64Array.from(PRIMES.slice(0, 8), (prime) => fraction(prime, 2n));
const ROUND_CONSTANTS = BigUint64Array.from(PRIMES.slice(0, 80), (prime) => fraction(prime, 3n));
