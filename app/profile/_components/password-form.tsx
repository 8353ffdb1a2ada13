'use client';

import { useEffect, useRef } from 'react';
import { Field } from '@/components/ui/field';
import { savePassword } from '../actions';
import styles from '../profile.module.css';
import { FormEnd } from './form-end';
import { useForm } from './use-form';

export function PasswordForm({ email }: { email: string }) {
  const { state, busy, submit } = useForm(savePassword);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.done) form.current?.reset();
  }, [state]);

  return (
    <form ref={form} onSubmit={submit} className={styles.form}>
      {/* Tells password managers whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field
        label="Password now"
        name="current-password"
        type="password"
        autoComplete="current-password"
        required
        maxLength={200}
        error={state.fields?.current}
      />
      <Field
        label="New password"
        name="new-password"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        maxLength={200}
        hint="At least 10 characters."
        error={state.fields?.password}
      />
      <FormEnd state={state} busy={busy}>
        Change password
      </FormEnd>
    </form>
  );
}
