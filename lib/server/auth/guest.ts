import 'server-only';
import { LRUCache } from 'lru-cache';
import { cookies, headers } from 'next/headers';
import { db, withRetry } from '../db/index.ts';
import { addressOf } from '../http.ts';
import { take } from '../limits.ts';
import { isSigned, sign } from '../secret.ts';
import { cookieOptions } from './session.ts';

/** A guest is a learner known by a signed cookie: `<learner id>.<signature>`. It is made with the first thing to remember. */
export const GUEST_COOKIE = 'hopwise_guest';
const GUEST_SECONDS = 400 * 24 * 3600;
const PURPOSE = 'guest';

export type Guest = { id: string; kind: 'guest' };

export function guestCookie(learnerId: string): string {
  return `${learnerId}.${sign(PURPOSE, learnerId)}`;
}

/** @returns the id, if the cookie is one that we made */
export function readGuestCookie(value: string | undefined): string | undefined {
  const [id, signature, ...rest] = value?.split('.') ?? [];
  return id && signature && rest.length === 0 && isSigned(PURPOSE, id, signature) ? id : undefined;
}

/**
 * Guests that were in the database a moment ago. A learner at work sends something every few seconds, and a look at the
 * database each time costs as much as the write. Merging or forgetting a guest takes it out; another server's may be
 * believed for so long, and what it then writes goes to the account that it was merged into, or nowhere.
 */
const known = new LRUCache<string, true>({ max: 10_000, ttl: 30_000 });

export function noLongerGuest(id: string): void {
  known.delete(id);
}

/** The guest of this request. One whose progress went to an account is nobody: its cookie must not open the account. */
export async function currentGuest(): Promise<Guest | null> {
  const id = readGuestCookie((await cookies()).get(GUEST_COOKIE)?.value);
  if (!id) return null;
  if (known.has(id)) return { id, kind: 'guest' };
  const learner = await withRetry(() =>
    db().learner.findUnique({ where: { id }, select: { kind: true, mergedIntoId: true } }),
  );
  if (learner?.kind !== 'guest' || learner.mergedIntoId) return null;
  known.set(id, true);
  return { id, kind: 'guest' };
}

/** @throws AppError `too-many` when one address makes guests in heaps */
export async function createGuest(): Promise<Guest> {
  await take('guest', addressOf(await headers()));
  const { id } = await withRetry(() => db().learner.create({ data: { kind: 'guest' }, select: { id: true } }));
  (await cookies()).set(GUEST_COOKIE, guestCookie(id), { ...cookieOptions(), maxAge: GUEST_SECONDS });
  return { id, kind: 'guest' };
}

export async function forgetGuest(): Promise<void> {
  const jar = await cookies();
  const id = readGuestCookie(jar.get(GUEST_COOKIE)?.value);
  if (id) noLongerGuest(id);
  jar.delete(GUEST_COOKIE);
}
