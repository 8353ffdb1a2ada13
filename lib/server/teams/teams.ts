import { AppError } from '../../shared/errors.ts';
import { db } from '../db/index.ts';
import { type Actor, authorize, requireAccount, type TeamRole } from './permissions.ts';

export const TEAM_NAME_MAX = 80;

export type TeamSummary = { id: string; name: string; role: TeamRole; members: number };

/** The teams of whoever asks, by name. Guests have none. */
export async function teamsOf(actor: Actor): Promise<TeamSummary[]> {
  if (actor?.kind !== 'account') return [];
  const rows = await db().membership.findMany({
    where: { learnerId: actor.id },
    include: { team: { include: { _count: { select: { members: true } } } } },
    orderBy: { team: { name: 'asc' } },
  });
  return rows.map(({ role, team }) => ({ id: team.id, name: team.name, role, members: team._count.members }));
}

export type TeamOverview = {
  id: string;
  name: string;
  /** The role of whoever asks. */
  role: TeamRole;
  managers: { name: string }[];
  members: number;
};

/** What every member sees of a team. */
export async function teamOverview(actor: Actor, teamId: string): Promise<TeamOverview> {
  const role = await authorize(actor, teamId, 'read:overview:team');
  const team = await db().team.findUniqueOrThrow({
    where: { id: teamId },
    include: {
      _count: { select: { members: true } },
      members: {
        where: { role: 'manager' },
        include: { learner: { select: { name: true } } },
        orderBy: { joinedAt: 'asc' },
      },
    },
  });
  return {
    id: team.id,
    name: team.name,
    role,
    managers: team.members.map(({ learner }) => ({ name: learner.name ?? 'A manager' })),
    members: team._count.members,
  };
}

/** Creates a team with whoever asks as its manager; returns its id. */
export async function createTeam(actor: Actor, name: string, now: Date): Promise<string> {
  const account = requireAccount(actor);
  const team = await db().team.create({
    data: {
      name: checkedName(name),
      createdAt: now,
      members: { create: { learnerId: account.id, role: 'manager', joinedAt: now } },
    },
  });
  return team.id;
}

export async function renameTeam(actor: Actor, teamId: string, name: string): Promise<void> {
  await authorize(actor, teamId, 'update:name:team');
  await db().team.update({ where: { id: teamId }, data: { name: checkedName(name) } });
}

/** Deletes the team, its memberships and links. What people have learnt is theirs and stays. */
export async function deleteTeam(actor: Actor, teamId: string): Promise<void> {
  await authorize(actor, teamId, 'delete:everything:team');
  await db().team.delete({ where: { id: teamId } });
}

/** @throws AppError `conflict` when the last manager would be gone */
export async function leaveTeam(actor: Actor, teamId: string): Promise<void> {
  const account = requireAccount(actor);
  await authorize(actor, teamId, 'leave:membership:team');
  await withManagerLeft(teamId, account.id, (tx, key) => tx.membership.delete({ where: key }));
}

/** @throws AppError `conflict` when the last manager would be gone, `not-found` when the person is not in the team */
export async function removeMember(actor: Actor, teamId: string, learnerId: string): Promise<void> {
  await authorize(actor, teamId, 'remove:member:team');
  await withManagerLeft(teamId, learnerId, (tx, key) => tx.membership.delete({ where: key }));
}

/** @throws AppError `conflict` when the last manager would be gone, `not-found` when the person is not in the team */
export async function setRole(actor: Actor, teamId: string, learnerId: string, role: TeamRole): Promise<void> {
  await authorize(actor, teamId, 'update:role:team');
  await withManagerLeft(teamId, learnerId, (tx, key) => tx.membership.update({ where: key, data: { role } }));
}

type Transaction = Parameters<Parameters<ReturnType<typeof db>['$transaction']>[0]>[0];
type Key = { teamId_learnerId: { teamId: string; learnerId: string } };

/** Changes one membership, and takes the change back when the team would be left without a manager. */
async function withManagerLeft(
  teamId: string,
  learnerId: string,
  change: (tx: Transaction, key: Key) => Promise<unknown>,
) {
  const key: Key = { teamId_learnerId: { teamId, learnerId } };
  await db().$transaction(
    async (tx) => {
      if (!(await tx.membership.findUnique({ where: key })))
        throw new AppError('not-found', 'That person is not in this team.');
      await change(tx, key);
      if ((await tx.membership.count({ where: { teamId, role: 'manager' } })) === 0) {
        throw new AppError('conflict', 'A team needs a manager. Make somebody else one first, or delete the team.');
      }
    },
    { isolationLevel: 'Serializable' },
  );
}

function checkedName(name: string): string {
  const trimmed = name.trim().replace(/\s+/g, ' ');
  if (trimmed === '') throw fieldError('Give the team a name.');
  if (trimmed.length > TEAM_NAME_MAX) throw fieldError(`Use at most ${TEAM_NAME_MAX} characters.`);
  return trimmed;
}

const fieldError = (message: string) => new AppError('invalid-input', message, { fields: { name: message } });
