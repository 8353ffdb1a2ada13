'use client';

import { deliverAndLeave, learnerChanged } from '@/components/progress/client';
import type { FormState } from '@/lib/shared/forms';
import { paths } from '@/lib/shared/paths';
import { signOutEverywhere } from '../actions';
import styles from '../profile.module.css';
import { FormEnd } from './form-end';
import { useForm } from './use-form';

async function out(state: FormState, form: FormData): Promise<FormState> {
  const stay = await deliverAndLeave();
  const answer = await signOutEverywhere(state, form).catch((error: unknown) => {
    stay();
    throw error;
  });
  if (!answer.done) {
    stay();
    return answer;
  }
  learnerChanged();
  location.assign(paths.signIn);
  return {};
}

export function Sessions() {
  const { state, busy, submit } = useForm(out);
  return (
    <form onSubmit={submit} className={styles.form}>
      <p>Lost a device, or used one that is not yours? This ends every session, this one too. Your progress stays.</p>
      <FormEnd state={state} busy={busy}>
        Sign out everywhere
      </FormEnd>
    </form>
  );
}
