'use client';

import { useActionState } from 'react';
import { learnerChanged } from '@/components/progress';
import { Field } from '@/components/ui/field';
import { saveName } from '../actions';
import styles from '../profile.module.css';
import { FormEnd } from './form-end';
import { safely } from './safely';

const save = safely(async (state, form) => {
  const saved = await saveName(state, form);
  if (saved.done) learnerChanged();
  return saved;
});

export function NameForm({ name }: { name: string }) {
  const [state, action, busy] = useActionState(save, {});
  return (
    <form action={action} className={styles.form}>
      <Field label="Name" name="name" autoComplete="name" maxLength={80} hint="The managers of your teams see it." defaultValue={state.values?.name ?? name} error={state.fields?.name} />
      <FormEnd state={state} busy={busy}>
        Save name
      </FormEnd>
    </form>
  );
}
