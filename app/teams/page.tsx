import type { Metadata } from 'next';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { currentLearner } from '@/lib/server/auth';
import { teamsOf } from '@/lib/server/teams';
import { paths, withNext } from '@/lib/shared/paths';
import { CreateTeam } from './_components/create-team';
import styles from './teams.module.css';

export const metadata: Metadata = { title: 'Teams' };

export default async function TeamsPage() {
  const learner = await currentLearner();
  const teams = await teamsOf(learner);
  return (
    <div className={styles.page}>
      <header>
        <h1>Teams</h1>
        <p className={styles.lead}>
          Learn together: invite people by a link and see who has finished which lesson. What people type into terminals
          and what they answer stays theirs.
        </p>
      </header>
      {learner?.kind !== 'account' ? (
        <EmptyState
          title="A team needs an account"
          action={
            <span className={styles.actions}>
              <LinkButton kind="primary" href={withNext(paths.signUp, paths.teams)}>
                Create an account
              </LinkButton>
              <LinkButton href={withNext(paths.signIn, paths.teams)}>Sign in</LinkButton>
            </span>
          }
        >
          So that your team knows who you are. What you have learnt as a guest comes with you.
        </EmptyState>
      ) : (
        <>
          {teams.length === 0 ? (
            <EmptyState title="You are in no team yet">
              Create one below, or open a link that a team has sent you.
            </EmptyState>
          ) : (
            <ul className={styles.teams}>
              {teams.map((team) => (
                <li key={team.id} className={styles.team}>
                  <Link href={paths.team(team.id)} className={styles.name}>
                    {team.name}
                  </Link>
                  <span className={styles.facts}>
                    {team.members === 1 ? '1 person' : `${team.members} people`}
                    {team.role === 'manager' && <Badge tone="accent">you manage it</Badge>}
                  </span>
                </li>
              ))}
            </ul>
          )}
          <CreateTeam />
        </>
      )}
    </div>
  );
}
