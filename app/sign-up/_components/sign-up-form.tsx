'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Notice } from '@/components/ui/notice';
import type { FormState } from '@/lib/shared/forms';
import { paths, safeNext, withNext } from '@/lib/shared/paths';
import { signInWith } from '../../sign-in/_components/sign-in';
import styles from '../../sign-in/sign-in.module.css';
import { signUp } from '../actions';

export function SignUpForm() {
  const query = useSearchParams();
  const next = safeNext(query.get('next'));
  const [state, action, busy] = useActionState(async (before: FormState, form: FormData) => await signUpAndIn(before, form, next), {});
  const fields = state.fields ?? {};

  return (
    <form className={styles.form} action={action}>
      <Field label="Name" name="name" autoComplete="name" maxLength={80} hint="Shown to you, and to the managers of a team that you join. May stay empty." defaultValue={state.values?.name} error={fields.name} />
      <Field label="Email" name="email" type="email" autoComplete="username" required maxLength={254} autoCapitalize="none" spellCheck={false} defaultValue={state.values?.email} error={fields.email} />
      <Field label="Password" name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={200} hint="At least 10 characters. A few words in a row are good." error={fields.password} />
      {state.error && Object.keys(fields).length === 0 && (
        <Notice tone="danger" live>
          {state.error}
        </Notice>
      )}
      <Button kind="primary" type="submit" disabled={busy}>
        {busy ? 'Signing up …' : 'Sign up'}
      </Button>
      <p className={styles.other}>
        You have an account? <Link href={query.has('next') ? withNext(paths.signIn, next) : paths.signIn}>Sign in</Link>
      </p>
    </form>
  );
}

async function signUpAndIn(before: FormState, form: FormData, next: string): Promise<FormState> {
  const [email, password, name] = ['email', 'password', 'name'].map((field) => String(form.get(field) ?? '')) as [string, string, string];
  const values = { email, name };
  // When only the sign-in failed, the account is there already.
  const made = before.done === email ? before : await callServer(before, form);
  if (made.error) return { ...made, values };
  const wrong = await signInWith(email, password);
  if (wrong) return { error: `Your account is made, but signing in did not work. ${wrong}`, values, done: email };
  location.assign(next);
  return { values, done: email };
}

async function callServer(before: FormState, form: FormData): Promise<FormState> {
  try {
    return await signUp(before, form);
  } catch {
    return { error: 'The server cannot be reached. Nothing was changed. Check your connection, then try again.' };
  }
}
