import { db } from '../db/index.ts';
import { type Actor, authorize, type TeamRole } from './permissions.ts';

/** How far somebody is in a lesson. A lesson without an entry was not opened. */
export type Cell = { started: string; completed: string | null };

export type DashboardRow = {
  learnerId: string;
  name: string;
  email: string;
  role: TeamRole;
  /** ISO 8601 */
  joined: string;
  lessons: Record<string, Cell>;
};

/** People × lessons of a team, by name. Names, addresses and dates of lessons: nothing else leaves the learner. */
export async function dashboard(actor: Actor, teamId: string): Promise<DashboardRow[]> {
  await authorize(actor, teamId, 'read:dashboard:team');
  const members = await db().membership.findMany({
    where: { teamId },
    include: {
      learner: {
        select: {
          id: true,
          name: true,
          email: true,
          lessons: { select: { lessonId: true, startedAt: true, completedAt: true } },
        },
      },
    },
  });
  return members
    .map(({ learner, role, joinedAt }) => ({
      learnerId: learner.id,
      name: learner.name ?? learner.email ?? '',
      email: learner.email ?? '',
      role,
      joined: joinedAt.toISOString(),
      lessons: Object.fromEntries(
        learner.lessons.map(({ lessonId, startedAt, completedAt }) => [
          lessonId,
          { started: startedAt.toISOString(), completed: completedAt?.toISOString() ?? null },
        ]),
      ),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.learnerId < b.learnerId ? -1 : 1));
}
