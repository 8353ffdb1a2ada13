import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { db, Prisma, withRetry } from '../db/index.ts';
import { giveBack, type LimitName, take } from '../limits.ts';
import { hashPassword, verifyNothing, verifyPassword } from './password.ts';

/** Accounts as rows: making, checking and changing them. Cookies are in session.ts. */

export const PASSWORD_MIN = 10;

const email = z.string().trim().toLowerCase().max(254).pipe(z.email('Write an email address, like name@example.org.'));
const password = z
  .string()
  .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`)
  .max(200, 'Use at most 200 characters.');
const name = z
  .string()
  .trim()
  .max(80, 'Use at most 80 characters.')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Use letters, not control characters.');

export type AccountRow = { id: string; email: string | null; name: string | null; sessionVersion: number };
const row = { id: true, email: true, name: true, sessionVersion: true } as const;

/** @throws AppError `invalid-input` with what is wrong of each field */
export function check<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) fields[issue.path.join('.')] ??= issue.message;
  throw new AppError('invalid-input', 'Some fields need another look.', { fields });
}

const signUpSchema = z.object({ email, password, name });

/** @throws AppError `invalid-input`, `too-many` */
export async function createAccount(
  input: { email: string; password: string; name: string },
  address: string,
): Promise<AccountRow> {
  const checked = check(signUpSchema, input);
  await take('sign-up', address);
  const passwordHash = await hashPassword(checked.password);
  try {
    return await withRetry(() =>
      db().learner.create({
        data: { kind: 'account', email: checked.email, name: checked.name || null, passwordHash },
        select: row,
      }),
    );
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')) throw error;
    throw new AppError(
      'invalid-input',
      'This address cannot be used for a new account. If it is yours, sign in instead.',
      {
        fields: { email: 'This address cannot be used for a new account. If it is yours, sign in instead.' },
      },
    );
  }
}

/**
 * The account with this address and password. Failing says no more than that the two do not fit, and takes as long
 * whether or not there is such an account.
 *
 * @throws AppError `unauthenticated`, `too-many`
 */
export async function verifyAccount(input: { email: string; password: string }, address: string): Promise<AccountRow> {
  const given = email.safeParse(input.email).data ?? '';
  const counted: [LimitName, string][] = [
    ['sign-in', `${given} ${address}`],
    ['sign-in-account', given],
    ['sign-in-address', address],
  ];
  // Counted before the password is looked at: many tries sent at once are counted too.
  for (const [limit, key] of counted) await take(limit, key);
  const account = await withRetry(() =>
    db().learner.findUnique({ where: { email: given }, select: { ...row, passwordHash: true } }),
  );
  const typed = input.password.slice(0, 200);
  const right = account?.passwordHash ? await verifyPassword(typed, account.passwordHash) : await verifyNothing(typed);
  if (!account || !right)
    throw new AppError('unauthenticated', 'Address and password do not fit together. Check both and try again.');
  for (const [limit, key] of counted) await giveBack(limit, key);
  return { id: account.id, email: account.email, name: account.name, sessionVersion: account.sessionVersion };
}

export async function rename(learnerId: string, input: { name: string }): Promise<void> {
  const checked = check(z.object({ name }), input);
  await withRetry(() => db().learner.update({ where: { id: learnerId }, data: { name: checked.name || null } }));
}

/** Ends every session, this one too. @returns the account with its new session version */
export async function changePassword(
  learnerId: string,
  input: { current: string; password: string },
  address: string,
): Promise<AccountRow> {
  const checked = check(z.object({ password, current: z.string() }), input);
  const { email } = await withRetry(() =>
    db().learner.findUniqueOrThrow({ where: { id: learnerId }, select: { email: true } }),
  );
  try {
    await verifyAccount({ email: email ?? '', password: checked.current }, address);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unauthenticated')) throw error;
    throw new AppError('invalid-input', 'That is not your password now.', {
      fields: { current: 'That is not your password now.' },
    });
  }
  const passwordHash = await hashPassword(checked.password);
  return await withRetry(() =>
    db().learner.update({
      where: { id: learnerId },
      data: { passwordHash, sessionVersion: { increment: 1 } },
      select: row,
    }),
  );
}

export async function endAllSessions(learnerId: string): Promise<void> {
  await withRetry(() => db().learner.update({ where: { id: learnerId }, data: { sessionVersion: { increment: 1 } } }));
}
