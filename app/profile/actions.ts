'use server';

import { revalidatePath } from 'next/cache';
import { headers } from 'next/headers';
import { changePassword, endAllSessions, rename, renewSession, requireAccount } from '@/lib/server/auth';
import { type FormState, formAction } from '@/lib/server/forms';
import { addressOf } from '@/lib/server/http';
import { paths } from '@/lib/shared/paths';

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

export const saveName = formAction<FormState>(async (form) => {
  const { id } = await requireAccount();
  await rename(id, { name: text(form, 'name') });
  revalidatePath(paths.profile);
  return { done: 'Saved.', values: { name: text(form, 'name') } };
});

/** Signs out everywhere else: whoever knew the old password is out. */
export const savePassword = formAction<FormState>(async (form) => {
  const { id } = await requireAccount();
  const account = await changePassword(
    id,
    { current: text(form, 'current-password'), password: text(form, 'new-password') },
    addressOf(await headers()),
  );
  await renewSession(account);
  return { done: 'Your password is changed. Other devices are signed out.' };
});

export const signOutEverywhere = formAction<FormState>(async () => {
  const { id } = await requireAccount();
  await endAllSessions(id);
  return { done: 'out' };
});
