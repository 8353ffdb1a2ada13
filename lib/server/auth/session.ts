import 'server-only';
import { cookies } from 'next/headers';
import { decode, encode, type JWT } from 'next-auth/jwt';
import { env } from '../../shared/env.ts';
import { db, withRetry } from '../db/index.ts';
import { secret } from '../secret.ts';

/**
 * Sign-in is a JWT in a cookie, as next-auth makes it with credentials. A JWT cannot be taken back, so it carries the
 * account's session version: raising that number in the database ends every session made before.
 */
export const SESSION_COOKIE = 'hopwise_session';
export const SESSION_SECONDS = 180 * 24 * 3600;

declare module 'next-auth/jwt' {
  interface JWT {
    /** Learner.sessionVersion when signed in. */
    version?: number;
  }
}

/** Browsers send `Secure` cookies over HTTPS only; a site on http://localhost would never see its own. */
export function cookieOptions() {
  const secure = env().NEXTAUTH_URL?.startsWith('https://') ?? false;
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
}

export type Account = { id: string; kind: 'account'; name?: string; email: string };

/** The account that this request is signed in to. A forged, expired or revoked cookie is nobody. */
export async function signedIn(): Promise<Account | null> {
  const token = await readToken((await cookies()).get(SESSION_COOKIE)?.value);
  if (!token?.sub || token.version === undefined) return null;
  const id = token.sub;
  const learner = await withRetry(() =>
    db().learner.findUnique({ where: { id }, select: { kind: true, name: true, email: true, sessionVersion: true } }),
  );
  if (learner?.kind !== 'account' || learner.sessionVersion !== token.version) return null;
  return { id, kind: 'account', email: learner.email ?? '', ...(learner.name && { name: learner.name }) };
}

async function readToken(value: string | undefined): Promise<JWT | null> {
  if (!value) return null;
  try {
    return await decode({ token: value, secret: secret() });
  } catch {
    return null;
  }
}

/** Signs this browser in anew after the session version was raised. */
export async function renewSession(learner: { id: string; sessionVersion: number }): Promise<void> {
  const token = await encode({
    token: { sub: learner.id, version: learner.sessionVersion },
    secret: secret(),
    maxAge: SESSION_SECONDS,
  });
  (await cookies()).set(SESSION_COOKIE, token, { ...cookieOptions(), maxAge: SESSION_SECONDS });
}

export async function forgetSession(): Promise<void> {
  (await cookies()).delete(SESSION_COOKIE);
}
