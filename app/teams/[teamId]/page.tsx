import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Matrix } from '@/components/team/matrix';
import { WhatManagersSee } from '@/components/team/what-managers-see';
import { EmptyState } from '@/components/ui/empty-state';
import { currentLearner } from '@/lib/server/auth';
import { dashboardModules } from '@/lib/server/content';
import { dashboard, openInvites, teamOverview } from '@/lib/server/teams';
import { AppError } from '@/lib/shared/errors';
import { paths } from '@/lib/shared/paths';
import { Invites } from '../_components/invites';
import { People } from '../_components/people';
import { TeamSettings } from '../_components/team-settings';
import styles from '../teams.module.css';

export const metadata: Metadata = { title: 'Team' };

export default async function TeamPage({ params }: { params: Promise<{ teamId: string }> }) {
  const { teamId } = await params;
  const learner = await currentLearner();
  const team = await teamOverview(learner, teamId).catch(refusedAsNotFound);
  const manages = team.role === 'manager';
  return (
    <div className={styles.page}>
      <header>
        <Link href={paths.teams} className={styles.back}>
          All teams
        </Link>
        <h1>{team.name}</h1>
        <p className={styles.lead}>
          {team.members === 1 ? '1 person' : `${team.members} people`}, managed by{' '}
          {new Intl.ListFormat('en').format(team.managers.map((manager) => manager.name))}.
        </p>
      </header>
      {manages ? (
        <ManagerView teamId={teamId} />
      ) : (
        <section className={styles.section} aria-labelledby="seen">
          <h2 id="seen">What its managers see of you</h2>
          <WhatManagersSee />
        </section>
      )}
      <TeamSettings team={{ id: team.id, name: team.name }} manages={manages} />
    </div>
  );

  async function ManagerView({ teamId }: { teamId: string }) {
    const now = new Date();
    const [rows, invites, modules] = await Promise.all([
      dashboard(learner, teamId),
      openInvites(learner, teamId, now),
      dashboardModules(),
    ]);
    return (
      <>
        <section className={styles.section} aria-labelledby="matrix">
          <h2 id="matrix">Who has finished what</h2>
          {modules.length === 0 ? (
            <EmptyState title="There are no lessons here yet" />
          ) : (
            <Matrix teamId={teamId} initial={rows} modules={modules} />
          )}
        </section>
        <section className={styles.section} aria-labelledby="invites">
          <h2 id="invites">Invite people</h2>
          <Invites
            teamId={teamId}
            open={invites.map(({ id, role, createdBy, expiresAt, uses }) => ({
              id,
              role,
              createdBy,
              uses,
              expires: expiresAt.toISOString(),
            }))}
          />
        </section>
        <section className={styles.section} aria-labelledby="people">
          <h2 id="people">People</h2>
          <People
            teamId={teamId}
            people={rows.map(({ learnerId, name, email, role }) => ({ learnerId, name, email, role }))}
          />
        </section>
      </>
    );
  }
}

/** To a stranger, a team that exists and one that does not look the same. */
function refusedAsNotFound(error: unknown): never {
  if (error instanceof AppError && (error.code === 'not-found' || error.code === 'unauthenticated')) notFound();
  throw error;
}
