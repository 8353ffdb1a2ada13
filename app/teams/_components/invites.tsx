'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { SelectField } from '@/components/ui/field';
import { Table } from '@/components/ui/table';
import { invite, revoke } from '../actions';
import { FormProblem } from './form-problem';
import styles from './team.module.css';

export type OpenInvite = {
  id: string;
  role: 'manager' | 'member';
  createdBy: string | null;
  expires: string;
  uses: number;
};

export function Invites({ teamId, open }: { teamId: string; open: OpenInvite[] }) {
  const [state, action, pending] = useActionState(invite, {});
  return (
    <>
      <form action={action} className={styles.form}>
        <input type="hidden" name="team" value={teamId} />
        <div className={styles.row}>
          <SelectField label="People join as" name="role" defaultValue={state.values?.role ?? 'member'}>
            <option value="member">members</option>
            <option value="manager">managers</option>
          </SelectField>
          <SelectField label="The link is good for" name="days" defaultValue={state.values?.days ?? '7'}>
            <option value="1">one day</option>
            <option value="7">seven days</option>
            <option value="30">thirty days</option>
          </SelectField>
        </div>
        <FormProblem state={state} />
        <Button kind="primary" type="submit" disabled={pending}>
          Make a link
        </Button>
      </form>
      {state.link && (
        <div className={styles.link} role="status">
          <p>Send this link to the people you want in the team. It is shown only now.</p>
          <p className={styles.url}>
            <code>{state.link}</code>
            <CopyButton text={state.link} label="Copy link" />
          </p>
        </div>
      )}
      {open.length > 0 && (
        <Table caption="Links that still open">
          <thead>
            <tr>
              <th scope="col">Made by</th>
              <th scope="col">For</th>
              <th scope="col">Until</th>
              <th scope="col">Used</th>
              <th scope="col">
                <span className="visually-hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {open.map((row) => (
              <InviteLine key={row.id} teamId={teamId} invite={row} />
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function InviteLine({ teamId, invite: row }: { teamId: string; invite: OpenInvite }) {
  const [state, action, pending] = useActionState(revoke, {});
  return (
    <tr>
      <td>{row.createdBy ?? 'somebody who left'}</td>
      <td>{row.role === 'manager' ? 'managers' : 'members'}</td>
      <td>
        <time dateTime={row.expires}>
          {new Date(row.expires).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })} UTC
        </time>
      </td>
      <td>{row.uses === 1 ? 'once' : `${row.uses} times`}</td>
      <td>
        <form action={action}>
          <input type="hidden" name="team" value={teamId} />
          <input type="hidden" name="invite" value={row.id} />
          <Button size="small" type="submit" disabled={pending}>
            Withdraw
          </Button>
          <FormProblem state={state} />
        </form>
      </td>
    </tr>
  );
}
