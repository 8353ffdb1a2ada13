'use client';

import { useActionState } from 'react';
import { FormProblem } from '@/app/teams/_components/form-problem';
import styles from '@/app/teams/_components/team.module.css';
import { Button } from '@/components/ui/button';
import { join } from '../actions';

export function JoinTeam({ token, team }: { token: string; team: string }) {
  const [state, action, pending] = useActionState(join, {});
  return (
    <form action={action} className={styles.form}>
      <input type="hidden" name="token" value={token} />
      <FormProblem state={state} />
      <Button kind="primary" type="submit" disabled={pending}>
        Join {team}
      </Button>
    </form>
  );
}
