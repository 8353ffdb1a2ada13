import 'server-only';
import { cache } from 'react';
import { AppError } from '../../shared/errors.ts';
import { createGuest, currentGuest, forgetGuest, type Guest } from './guest.ts';
import { type Account, forgetSession, signedIn } from './session.ts';

/**
 * Who is asking. A learner is an account (signed in, see session.ts) or a guest (a signed cookie, see guest.ts); both
 * are rows of Learner, and signing in merges the guest into the account.
 */
export type CurrentLearner = Account | Guest;

export const currentLearner = cache(
  async (): Promise<CurrentLearner | null> => (await signedIn()) ?? (await currentGuest()),
);

/** For the first thing to remember: makes a guest where there is nobody yet. */
export async function ensureLearner(known: CurrentLearner | null): Promise<CurrentLearner> {
  return known ?? (await createGuest());
}

/** @throws AppError `unauthenticated` */
export async function requireAccount(): Promise<Account> {
  const account = await signedIn();
  if (!account) throw new AppError('unauthenticated', 'Sign in first. What you have learnt so far stays yours.');
  return account;
}

/** Leaves no cookie of ours in this browser. */
export async function forgetLearner(): Promise<void> {
  await forgetSession();
  await forgetGuest();
}

export { changePassword, createAccount, endAllSessions, rename } from './accounts.ts';
export { authOptions } from './options.ts';
export { publicLearner } from './public-learner.ts';
export { renewSession } from './session.ts';
