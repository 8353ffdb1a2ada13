'use server';

import { headers } from 'next/headers';
import { createAccount } from '@/lib/server/auth';
import { type FormState, formAction } from '@/lib/server/forms';
import { addressOf } from '@/lib/server/http';

/** Makes the account; the form signs in with it afterwards, which brings the guest's progress along. */
export const signUp = formAction<FormState>(async (form) => {
  const text = (name: string) => String(form.get(name) ?? '');
  await createAccount(
    { email: text('email'), password: text('password'), name: text('name') },
    addressOf(await headers()),
  );
  return { done: 'made' };
});
