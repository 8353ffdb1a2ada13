import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { env } from '../shared/env.ts';
import { AppError } from '../shared/errors.ts';

/**
 * How often something may be done, counted in this process's memory. `address` limits may be widened for tests, where
 * everybody comes from one address.
 */
type Limit = { points: number; seconds: number; address?: true };

const limits = {
  /** Wrong passwords for one account from one address; for the account from everywhere; from the address for any account. */
  'sign-in': { points: 8, seconds: 900 },
  'sign-in-account': { points: 40, seconds: 900 },
  'sign-in-address': { points: 60, seconds: 900, address: true },
  'sign-up': { points: 30, seconds: 3600, address: true },
  /** A classroom may share one address. */
  guest: { points: 400, seconds: 3600, address: true },
  /** Requests of events by one learner. */
  events: { points: 300, seconds: 10 },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;

const limiters = new Map<LimitName, RateLimiterMemory>();

function limiter(name: LimitName): RateLimiterMemory {
  const { points, seconds, ...rest }: Limit = limits[name];
  const factor = rest.address && env().HOPWISE_TEST === '1' ? 100 : 1;
  const made =
    limiters.get(name) ?? new RateLimiterMemory({ keyPrefix: name, points: points * factor, duration: seconds });
  limiters.set(name, made);
  return made;
}

/** Counts one. @throws AppError `too-many` */
export async function take(name: LimitName, key: string): Promise<void> {
  try {
    await limiter(name).consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooMany(error.msBeforeNext);
    throw error;
  }
}

/** Takes back one count: what is limited is failing, and this did not fail. */
export async function giveBack(name: LimitName, key: string): Promise<void> {
  await limiter(name).reward(key, 1);
}

function tooMany(milliseconds: number): AppError {
  const minutes = Math.ceil(milliseconds / 60_000);
  const wait = milliseconds < 60_000 ? 'a moment' : minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return new AppError('too-many', `That was tried too often. Wait ${wait}, then try again.`, {
    retryAfter: milliseconds / 1000,
  });
}
