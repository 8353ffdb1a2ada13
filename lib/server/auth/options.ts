import 'server-only';
import { cookies } from 'next/headers';
import type { NextAuthOptions, User } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { AppError } from '../../shared/errors.ts';
import { paths } from '../../shared/paths.ts';
import { isOutage } from '../db/index.ts';
import { addressOf } from '../http.ts';
import { mergeGuest } from '../progress/index.ts';
import { secret } from '../secret.ts';
import { verifyAccount } from './accounts.ts';
import { forgetGuest, GUEST_COOKIE, noLongerGuest, readGuestCookie } from './guest.ts';
import { cookieOptions, SESSION_COOKIE, SESSION_SECONDS } from './session.ts';

type SignedIn = User & { version: number };

/** next-auth's settings. Made when first needed: the secret is not there while the site is built. */
export function authOptions(): NextAuthOptions {
  const options = cookieOptions();
  return {
    secret: secret(),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: paths.signIn, error: paths.signIn },
    useSecureCookies: options.secure,
    cookies: { sessionToken: { name: SESSION_COOKIE, options } },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        authorize: async (credentials, request) =>
          await authorize(credentials, new Headers(request.headers as Record<string, string>)),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sub: user.id, version: (user as SignedIn).version } : token),
    },
  };
}

/** What went wrong reaches the page as the text of an error: one of the codes of AppError. */
async function authorize(
  credentials: Record<'email' | 'password', string> | undefined,
  headers: Headers,
): Promise<SignedIn | null> {
  if (!credentials?.email || !credentials.password) return null;
  try {
    const account = await verifyAccount(credentials, addressOf(headers));
    await adoptGuest(account.id);
    return { id: account.id, version: account.sessionVersion };
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') return null;
    if (error instanceof AppError) throw new Error(error.code);
    throw new Error(isOutage(error) ? 'unavailable' : 'internal', { cause: error });
  }
}

/** What this browser did as a guest becomes the account's. */
async function adoptGuest(accountId: string): Promise<void> {
  const guestId = readGuestCookie((await cookies()).get(GUEST_COOKIE)?.value);
  if (!guestId) return;
  await mergeGuest(guestId, accountId);
  noLongerGuest(guestId);
  await forgetGuest();
}
