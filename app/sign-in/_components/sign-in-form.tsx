'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Notice } from '@/components/ui/notice';
import { paths, safeNext, withNext } from '@/lib/shared/paths';
import styles from '../sign-in.module.css';
import { signInWith } from './sign-in';

export function SignInForm() {
  const query = useSearchParams();
  const next = safeNext(query.get('next'));
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(undefined);
    const wrong = await signInWith(String(form.get('email')), String(form.get('password')));
    // A whole new page: nothing that was loaded for nobody stays.
    if (!wrong) return location.assign(next);
    setProblem(wrong);
    setBusy(false);
  }

  return (
    <form className={styles.form} onSubmit={submit} method="post">
      <Field
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        autoCapitalize="none"
        spellCheck={false}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        maxLength={200}
      />
      {problem && (
        <Notice tone="danger" live>
          {problem}
        </Notice>
      )}
      <Button kind="primary" type="submit" disabled={busy}>
        {busy ? 'Signing in …' : 'Sign in'}
      </Button>
      <p className={styles.other}>
        No account yet? <Link href={query.has('next') ? withNext(paths.signUp, next) : paths.signUp}>Sign up</Link>
      </p>
    </form>
  );
}
