/**
 * Bob Jenkins' lookup3 as the kernel has it (include/linux/jhash.h): what ipset's tables and nft's `jhash` spread by.
 * Words and results are uint32.
 */
const INITVAL = 0xdeadbeef;

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** jhash2(): over an array of 32-bit words. */
export function jhash2(words: readonly number[], initval: number): number {
  let a = (INITVAL + words.length * 4 + initval) | 0;
  let b = a;
  let c = a;
  let i = 0;
  for (; words.length - i > 3; i += 3) {
    a = (a + (words[i] as number)) | 0;
    b = (b + (words[i + 1] as number)) | 0;
    c = (c + (words[i + 2] as number)) | 0;
    a = ((a - c) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
  }
  const rest = words.length - i;
  if (rest === 0) return c >>> 0;
  if (rest > 2) c = (c + (words[i + 2] as number)) | 0;
  if (rest > 1) b = (b + (words[i + 1] as number)) | 0;
  a = (a + (words[i] as number)) | 0;
  return finish(a, b, c);
}

function finish(a0: number, b0: number, c0: number): number {
  let c = ((c0 ^ b0) - rotate(b0, 14)) | 0;
  let a = ((a0 ^ c) - rotate(c, 11)) | 0;
  let b = ((b0 ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}
