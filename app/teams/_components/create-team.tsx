'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { create } from '../actions';
import { FormProblem } from './form-problem';
import styles from './team.module.css';

export function CreateTeam() {
  const [state, action, pending] = useActionState(create, {});
  return (
    <form action={action} className={styles.form}>
      <h2>Create a team</h2>
      <Field
        label="Name of the team"
        name="name"
        required
        maxLength={80}
        autoComplete="organization"
        defaultValue={state.values?.name}
        error={state.fields?.name}
      />
      <FormProblem state={state} />
      <Button kind="primary" type="submit" disabled={pending}>
        Create team
      </Button>
    </form>
  );
}
