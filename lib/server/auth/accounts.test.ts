import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { onBothDatabases } from '../../tooling/on-databases/databases.ts';
import { changePassword, createAccount, verifyAccount } from './accounts.ts';
import { hashPassword, verifyPassword } from './password.ts';

const password = 'correct horse battery';

const refusal = async (work: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

onBothDatabases('accounts', (database) => {
  const address = () => randomUUID();
  const email = () => `${randomUUID()}@example.org`;

  test('an address is one account, however it is written', async () => {
    const own = email();
    const made = await createAccount({ email: ` ${own.toUpperCase()} `, password, name: ' Ada ' }, address());
    expect(made).toMatchObject({ email: own, name: 'Ada', sessionVersion: 1 });
    expect((await verifyAccount({ email: own.toUpperCase(), password }, address())).id).toBe(made.id);
    const again = await refusal(createAccount({ email: own, password, name: '' }, address()));
    expect(again.detail.fields?.email).toMatch(/sign in instead/);
    const row = await database().db.learner.findUniqueOrThrow({ where: { id: made.id } });
    expect(row.passwordHash).not.toContain(password);
  });

  test('two that sign up with one address at once: one of them is', async () => {
    const own = email();
    const both = await Promise.allSettled(
      [1, 2].map(() => createAccount({ email: own, password, name: '' }, address())),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('each field that is wrong is named', async () => {
    const error = await refusal(createAccount({ email: 'ada', password: 'short', name: 'a\u0000' }, address()));
    expect(Object.keys(error.detail.fields ?? {}).sort()).toEqual(['email', 'name', 'password']);
  });

  test('a wrong password and an unknown address are refused alike', async () => {
    const own = email();
    await createAccount({ email: own, password, name: '' }, address());
    const wrong = await refusal(verifyAccount({ email: own, password: 'wrong wrong wrong' }, address()));
    const unknown = await refusal(verifyAccount({ email: email(), password }, address()));
    const strange = await refusal(verifyAccount({ email: 'a\u0000b', password: '\u0000' }, address()));
    expect(wrong.code).toBe('unauthenticated');
    for (const other of [unknown, strange]) expect(other.message).toBe(wrong.message);
  });

  test('guessing ends after a few tries, even all at once; the right password does not count', async () => {
    const own = email();
    const here = address();
    await createAccount({ email: own, password, name: '' }, here);
    for (let i = 0; i < 12; i++) await verifyAccount({ email: own, password }, here);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, () => refusal(verifyAccount({ email: own, password: 'guess' }, here))),
    );
    expect(guesses.filter(({ code }) => code === 'unauthenticated')).toHaveLength(8);
    expect(guesses.filter(({ code }) => code === 'too-many')).toHaveLength(4);
    expect((await refusal(verifyAccount({ email: own, password }, here))).code).toBe('too-many');
    expect((await verifyAccount({ email: own, password }, address())).email).toBe(own);
  });

  test('changing the password asks for the old one and ends every session', async () => {
    const own = email();
    const { id } = await createAccount({ email: own, password, name: '' }, address());
    const refused = await refusal(
      changePassword(id, { current: 'wrong wrong', password: 'another password' }, address()),
    );
    expect(refused.detail.fields?.current).toBeDefined();
    const changed = await changePassword(id, { current: password, password: 'another password' }, address());
    expect(changed.sessionVersion).toBe(2);
    expect((await refusal(verifyAccount({ email: own, password }, address()))).code).toBe('unauthenticated');
    expect((await verifyAccount({ email: own, password: 'another password' }, address())).sessionVersion).toBe(2);
  });
});

test('a hash is of one password, whichever way its letters are composed', async () => {
  const hash = await hashPassword('pässword');
  expect(await verifyPassword('pa\u0308ssword', hash)).toBe(true);
  expect(await verifyPassword('password', hash)).toBe(false);
  expect(await verifyPassword('pässword', 'md5$x')).toBe(false);
  expect(hash).not.toBe(await hashPassword('pässword'));
});
