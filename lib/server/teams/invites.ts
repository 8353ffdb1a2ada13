import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { db } from '../db/index.ts';
import { type Actor, authorize, requireAccount, type TeamRole } from './permissions.ts';

/** How long a link may be good for, in days. */
export const inviteDays = [1, 7, 30] as const;

const DAY_MS = 24 * 60 * 60 * 1000;

export type InviteRow = {
  id: string;
  role: TeamRole;
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  uses: number;
};

/** Links of the team that still open, newest first. The links themselves are not kept, only hashes of them. */
export async function openInvites(actor: Actor, teamId: string, now: Date): Promise<InviteRow[]> {
  await authorize(actor, teamId, 'read:invites:team');
  const rows = await db().invite.findMany({
    where: { teamId, revokedAt: null, expiresAt: { gt: now } },
    include: { createdBy: { select: { name: true } } },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map(({ id, role, createdBy, createdAt, expiresAt, uses }) => ({
    id,
    role,
    createdBy: createdBy?.name ?? null,
    createdAt,
    expiresAt,
    uses,
  }));
}

/** Makes a link that anyone who has it can join by until it expires or is revoked. Its token is shown this one time. */
export async function createInvite(
  actor: Actor,
  teamId: string,
  role: TeamRole,
  days: number,
  now: Date,
): Promise<string> {
  await authorize(actor, teamId, 'create:invite:team');
  if (!inviteDays.some((allowed) => allowed === days)) {
    throw new AppError('invalid-input', `Choose how long the link is good for: ${inviteDays.join(', ')} days.`);
  }
  const token = randomBytes(24).toString('base64url');
  await db().invite.create({
    data: {
      teamId,
      role,
      tokenHash: hash(token),
      createdById: actor?.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + days * DAY_MS),
    },
  });
  return token;
}

export async function revokeInvite(actor: Actor, teamId: string, inviteId: string, now: Date): Promise<void> {
  await authorize(actor, teamId, 'revoke:invite:team');
  const { count } = await db().invite.updateMany({
    where: { id: inviteId, teamId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) throw new AppError('not-found', 'That link is no longer there: it was revoked already.');
}

export type Invitation = {
  teamId: string;
  team: string;
  role: TeamRole;
  invitedBy: string | null;
  expiresAt: Date;
  /** Whether whoever asks is in the team already. */
  joined: boolean;
};

/**
 * What a link leads to. Anyone who has the link may read it.
 *
 * @throws AppError `not-found`, or `expired` when the link is too old or was revoked
 */
export async function readInvitation(actor: Actor, token: string, now: Date): Promise<Invitation> {
  const invite = await findOpen(token, now);
  const membership =
    actor &&
    (await db().membership.findUnique({ where: { teamId_learnerId: { teamId: invite.teamId, learnerId: actor.id } } }));
  return {
    teamId: invite.teamId,
    team: invite.team.name,
    role: invite.role,
    invitedBy: invite.createdBy?.name ?? null,
    expiresAt: invite.expiresAt,
    joined: membership !== null,
  };
}

/** Joins the team of the link; joining twice changes nothing, and nobody's role is lowered by it. Returns the team's id. */
export async function acceptInvite(actor: Actor, token: string, now: Date): Promise<string> {
  const account = requireAccount(actor);
  const invite = await findOpen(token, now);
  const key = { teamId: invite.teamId, learnerId: account.id };
  await db().$transaction(async (tx) => {
    const there = await tx.membership.findUnique({ where: { teamId_learnerId: key } });
    if (there) return;
    await tx.membership.create({ data: { ...key, role: invite.role, joinedAt: now } });
    await tx.invite.update({ where: { id: invite.id }, data: { uses: { increment: 1 } } });
  });
  return invite.teamId;
}

async function findOpen(token: string, now: Date) {
  const invite = await db().invite.findUnique({
    where: { tokenHash: hash(token) },
    include: { team: { select: { name: true } }, createdBy: { select: { name: true } } },
  });
  if (!invite) throw new AppError('not-found', 'This link leads nowhere. Check that all of it was copied.');
  if (invite.revokedAt)
    throw new AppError('expired', 'This link was withdrawn. Ask a manager of the team for a new one.');
  if (invite.expiresAt <= now)
    throw new AppError('expired', 'This link has expired. Ask a manager of the team for a new one.');
  return invite;
}

const hash = (token: string) => createHash('sha256').update(token).digest('hex');
