import { AppError } from '../../shared/errors.ts';
import { db, withRetry } from '../db/index.ts';

/** Everything that is stored about a learner, as it is stored, but for the hash of the password. */
export async function exportData(learnerId: string) {
  const learner = await withRetry(() =>
    db().learner.findUnique({
      where: { id: learnerId },
      omit: { passwordHash: true, sessionVersion: true, mergedIntoId: true },
      include: {
        lessons: { omit: { learnerId: true }, orderBy: { startedAt: 'asc' } },
        attempts: { omit: { learnerId: true }, orderBy: { at: 'asc' } },
        terminals: {
          omit: { learnerId: true },
          include: { chunks: { omit: { logId: true }, orderBy: { start: 'asc' } } },
        },
        memberships: { omit: { learnerId: true }, include: { team: { select: { name: true } } } },
        invites: { omit: { tokenHash: true, createdById: true } },
      },
    }),
  );
  if (!learner) throw new AppError('not-found', 'Nothing is stored about you.');
  const { lessons, attempts, terminals, memberships, invites, ...person } = learner;
  return {
    format: 'hopwise-export-1',
    exportedAt: new Date().toISOString(),
    learner: person,
    lessons,
    quizAttempts: attempts,
    terminals: terminals.map(({ chunks, ...log }) => ({
      ...log,
      entries: chunks.flatMap(({ entries }) => JSON.parse(entries) as unknown[]),
    })),
    teams: memberships.map(({ team, ...membership }) => ({ ...membership, name: team.name })),
    invites,
  };
}

/**
 * Deletes a learner and all that hangs on it. Teams in which nobody is left go too; one without a manager but with
 * members gets its longest-standing member as manager, so that it is not orphaned.
 */
export async function deleteData(learnerId: string): Promise<void> {
  await withRetry(() =>
    db().$transaction(async (tx) => {
      await tx.learner.updateMany({ where: { id: learnerId }, data: { lastSeenAt: new Date() } });
      const teams = await tx.membership.findMany({ where: { learnerId }, select: { teamId: true } });
      await tx.learner.deleteMany({ where: { id: learnerId } });
      for (const { teamId } of teams) {
        const rest = await tx.membership.findMany({
          where: { teamId },
          orderBy: [{ joinedAt: 'asc' }, { learnerId: 'asc' }],
        });
        const [oldest] = rest;
        if (!oldest) await tx.team.delete({ where: { id: teamId } });
        else if (!rest.some(({ role }) => role === 'manager')) {
          await tx.membership.update({
            where: { teamId_learnerId: { teamId, learnerId: oldest.learnerId } },
            data: { role: 'manager' },
          });
        }
      }
    }),
  );
}
