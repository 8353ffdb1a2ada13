import { describe, expect, it } from 'vitest';
import { encodeText } from '../../os/index.ts';
import { sha512 } from './sha512.ts';

describe('sha512', () => {
  it.each([
    // FIPS 180-4's example, and lengths around the end of a block.
    [
      'abc',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
    [
      'a'.repeat(111),
      'fa9121c7b32b9e01733d034cfc78cbf67f926c7ed83e82200ef86818196921760b4beff48404df811b953828274461673c68d04e297b0eb7b2b4d60fc6b566a2',
    ],
    [
      'a'.repeat(112),
      'c01d080efd492776a1c43bd23dd99d0a2e626d481e16782e75d54c2503b5dc32bd05f0f1ba33e568b88fd2d970929b719ecbb152f58f130a407c8830604b70ca',
    ],
  ])('of %s', (text, sum) => {
    expect(sha512(encodeText(text))).toBe(sum);
  });
});
