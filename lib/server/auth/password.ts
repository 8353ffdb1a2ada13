import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** OWASP's second choice of equal strength for scrypt: 2^15, 8, 3 needs 32 MB instead of 128. */
const cost = { log2N: 15, r: 8, p: 3 };
const keyLength = 32;

type Cost = typeof cost;

/** `scrypt$15$8$3$<salt>$<key>`: the cost is kept with each hash, so that it can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await deriveKey(password, salt, cost);
  return ['scrypt', cost.log2N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [kind, log2N, r, p, salt, key] = hash.split('$');
  if (kind !== 'scrypt' || !salt || !key) return false;
  const expected = Buffer.from(key, 'base64url');
  const given = await deriveKey(password, Buffer.from(salt, 'base64url'), {
    log2N: Number(log2N),
    r: Number(r),
    p: Number(p),
  });
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Takes as long as a real verification, so that time does not tell whether an account exists. */
export async function verifyNothing(password: string): Promise<false> {
  await deriveKey(password, Buffer.alloc(16), cost);
  return false;
}

async function deriveKey(password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> {
  // One way of writing ü is as good as another (NIST SP 800-63B 3.1.1.2).
  return await derive(password.normalize('NFKC'), salt, keyLength, {
    N: 2 ** log2N,
    r,
    p,
    maxmem: 256 * 2 ** log2N * r,
  });
}
