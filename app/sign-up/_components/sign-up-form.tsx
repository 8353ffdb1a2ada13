'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Notice } from '@/components/ui/notice';
import type { FormState } from '@/lib/shared/forms';
import { paths, safeNext, withNext } from '@/lib/shared/paths';
import { useForm } from '../../profile/_components/use-form';
import { signInWith } from '../../sign-in/_components/sign-in';
import styles from '../../sign-in/sign-in.module.css';
import { signUp } from '../actions';

export function SignUpForm() {
  const query = useSearchParams();
  const next = safeNext(query.get('next'));
  const { state, busy, submit } = useForm((before, form) => signUpAndIn(before, form, next));
  const fields = state.fields ?? {};

  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        maxLength={80}
        hint="Shown to you, and to the managers of a team that you join. May stay empty."
        error={fields.name}
      />
      <Field
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        autoCapitalize="none"
        spellCheck={false}
        error={fields.email}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        maxLength={200}
        hint="At least 10 characters. A few words in a row are good."
        error={fields.password}
      />
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
  const [email, password] = ['email', 'password'].map((field) => String(form.get(field) ?? '')) as [string, string];
  // When only the sign-in failed before, the account is there already.
  const made = before.done === email ? before : await signUp(before, form);
  if (!made.done) return made;
  const wrong = await signInWith(email, password);
  if (wrong) return { error: `Your account is made, but signing in did not work. ${wrong}`, done: email };
  location.assign(next);
  return { done: email };
}
