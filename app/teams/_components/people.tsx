'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Table } from '@/components/ui/table';
import { changeRole, removePerson } from '../actions';
import { FormProblem } from './form-problem';
import styles from './team.module.css';

export type Person = { learnerId: string; name: string; email: string; role: 'manager' | 'member' };

export function People({ teamId, people }: { teamId: string; people: Person[] }) {
  return (
    <Table caption="People of the team" captionHidden>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Email</th>
          <th scope="col">Role</th>
          <th scope="col">
            <span className="visually-hidden">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <PersonLine key={person.learnerId} teamId={teamId} person={person} />
        ))}
      </tbody>
    </Table>
  );
}

function PersonLine({ teamId, person }: { teamId: string; person: Person }) {
  const [roleState, setRole, changing] = useActionState(changeRole, {});
  const [removeState, remove, removing] = useActionState(removePerson, {});
  const who = (
    <>
      <input type="hidden" name="team" value={teamId} />
      <input type="hidden" name="learner" value={person.learnerId} />
    </>
  );
  return (
    <tr>
      <th scope="row">{person.name}</th>
      <td>{person.email}</td>
      <td>{person.role}</td>
      <td>
        <div className={styles.row}>
          <form action={setRole}>
            {who}
            <input type="hidden" name="role" value={person.role === 'manager' ? 'member' : 'manager'} />
            <Button size="small" type="submit" disabled={changing}>
              {person.role === 'manager' ? 'Make a member' : 'Make a manager'}
              <span className="visually-hidden"> of {person.name}</span>
            </Button>
          </form>
          <form action={remove}>
            {who}
            <Button size="small" type="submit" disabled={removing}>
              Remove<span className="visually-hidden"> {person.name}</span>
            </Button>
          </form>
        </div>
        <FormProblem state={roleState} />
        <FormProblem state={removeState} />
      </td>
    </tr>
  );
}
