'use client';

import { useActionState } from 'react';
import { learnerChanged } from '@/components/progress';
import { paths } from '@/lib/shared/paths';
import { signOutEverywhere } from '../actions';
import styles from '../profile.module.css';
import { FormEnd } from './form-end';
import { safely } from './safely';

const out = safely(async (state, form) => {
  const answer = await signOutEverywhere(state, form);
  if (!answer.done) return answer;
  learnerChanged();
  location.assign(paths.signIn);
  return {};
});

export function Sessions() {
  const [state, action, busy] = useActionState(out, {});
  return (
    <form action={action} className={styles.form}>
      <p>Lost a device, or used one that is not yours? This ends every session, this one too. Your progress stays.</p>
      <FormEnd state={state} busy={busy}>
        Sign out everywhere
      </FormEnd>
    </form>
  );
}
