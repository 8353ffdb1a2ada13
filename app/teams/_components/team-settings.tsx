'use client';

import { useActionState, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { leave, remove, rename } from '../actions';
import { FormProblem } from './form-problem';
import styles from './team.module.css';

export function TeamSettings({ team, manages }: { team: { id: string; name: string }; manages: boolean }) {
  return (
    <section className={styles.settings} aria-labelledby="settings">
      <h2 id="settings">{manages ? 'Settings' : 'Your membership'}</h2>
      {manages && <Rename team={team} />}
      <div className={styles.row}>
        <Confirmed
          team={team.id}
          action={leave}
          label="Leave the team"
          title={`Leave ${team.name}?`}
          text="What you have learnt stays yours. To come back you need a new link."
        />
        {manages && (
          <Confirmed
            team={team.id}
            action={remove}
            label="Delete the team"
            title={`Delete ${team.name}?`}
            text="The team, its links and its list of people are gone for good. What people have learnt stays theirs."
          />
        )}
      </div>
    </section>
  );
}

function Rename({ team }: { team: { id: string; name: string } }) {
  const [state, action, pending] = useActionState(rename, {});
  return (
    <form action={action} className={styles.form}>
      <input type="hidden" name="team" value={team.id} />
      <Field
        label="Name of the team"
        name="name"
        required
        maxLength={80}
        defaultValue={state.values?.name ?? team.name}
        error={state.fields?.name}
      />
      <FormProblem state={state} />
      <Button type="submit" disabled={pending}>
        Save name
      </Button>
    </form>
  );
}

function Confirmed(props: { team: string; action: typeof leave; label: string; title: string; text: string }) {
  const [open, setOpen] = useState(false);
  const [state, action, pending] = useActionState(props.action, {});
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {props.label}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={props.title}>
        <p>{props.text}</p>
        <form action={action} className={styles.form}>
          <input type="hidden" name="team" value={props.team} />
          <FormProblem state={state} />
          <div className={styles.row}>
            <Button kind="danger" type="submit" disabled={pending}>
              {props.label}
            </Button>
            <Button onClick={() => setOpen(false)}>Stay as it is</Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
