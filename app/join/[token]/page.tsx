import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { WhatManagersSee } from '@/components/team/what-managers-see';
import { LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { currentLearner } from '@/lib/server/auth';
import { readInvitation } from '@/lib/server/teams';
import { AppError } from '@/lib/shared/errors';
import { paths, withNext } from '@/lib/shared/paths';
import styles from '../../teams/teams.module.css';
import { JoinTeam } from './_components/join-team';

export const metadata: Metadata = { title: 'Join a team', referrer: 'no-referrer', robots: { index: false } };

export default async function JoinPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const learner = await currentLearner();
  const invitation = await readInvitation(learner, token, new Date()).catch(refusal);

  if (invitation instanceof AppError) {
    return (
      <div className={styles.page}>
        <h1>This link does not open</h1>
        <EmptyState
          title={invitation.message}
          action={<LinkButton href={paths.home}>Go to the start page</LinkButton>}
        />
      </div>
    );
  }
  if (invitation.joined) redirect(paths.team(invitation.teamId));

  const here = paths.join(token);
  return (
    <div className={styles.page}>
      <div className={styles.card}>
        <h1>Join {invitation.team}</h1>
        <p>
          {invitation.invitedBy ?? 'A manager'} invites you to learn with this team
          {invitation.role === 'manager' && ', as one of its managers'}.
        </p>
        <WhatManagersSee />
        {learner?.kind === 'account' ? (
          <JoinTeam token={token} team={invitation.team} />
        ) : (
          <div className={styles.actions}>
            <LinkButton kind="primary" href={withNext(paths.signUp, here)}>
              Create an account to join
            </LinkButton>
            <LinkButton href={withNext(paths.signIn, here)}>Sign in</LinkButton>
          </div>
        )}
      </div>
    </div>
  );
}

function refusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}
