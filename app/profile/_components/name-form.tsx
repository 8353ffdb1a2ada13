'use client';

import { learnerChanged } from '@/components/progress/client';
import { Field } from '@/components/ui/field';
import type { FormState } from '@/lib/shared/forms';
import { saveName } from '../actions';
import styles from '../profile.module.css';
import { FormEnd } from './form-end';
import { useForm } from './use-form';

async function save(state: FormState, form: FormData): Promise<FormState> {
  const saved = await saveName(state, form);
  if (saved.done) learnerChanged();
  return saved;
}

export function NameForm({ name }: { name: string }) {
  const { state, busy, submit } = useForm(save);
  return (
    <form onSubmit={submit} className={styles.form}>
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        maxLength={80}
        hint="The managers of your teams see it."
        defaultValue={name}
        error={state.fields?.name}
      />
      <FormEnd state={state} busy={busy}>
        Save name
      </FormEnd>
    </form>
  );
}
