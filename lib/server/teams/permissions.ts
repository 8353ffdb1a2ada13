import { AppError } from '../../shared/errors.ts';
import { db } from '../db/index.ts';

/** What somebody may do with a team, as `verb:object:team`. */
export type TeamPermission =
  | 'read:overview:team'
  | 'read:dashboard:team'
  | 'read:invites:team'
  | 'create:invite:team'
  | 'revoke:invite:team'
  | 'update:name:team'
  | 'update:role:team'
  | 'remove:member:team'
  | 'leave:membership:team'
  | 'delete:everything:team';

export type TeamRole = 'manager' | 'member';

const everyone: readonly TeamPermission[] = ['read:overview:team', 'leave:membership:team'];

const permissionsOf: Record<TeamRole, readonly TeamPermission[]> = {
  member: everyone,
  manager: [
    ...everyone,
    'read:dashboard:team',
    'read:invites:team',
    'create:invite:team',
    'revoke:invite:team',
    'update:name:team',
    'update:role:team',
    'remove:member:team',
    'delete:everything:team',
  ],
};

/** Whoever asks: a guest and an account are learners; null is nobody at all. */
export type Actor = { id: string; kind: 'guest' | 'account' } | null;

export type AccountActor = { id: string; kind: 'account' };

/** @throws AppError `unauthenticated` unless the actor is signed in to an account */
export function requireAccount(actor: Actor): AccountActor {
  if (actor?.kind !== 'account')
    throw new AppError('unauthenticated', 'Sign in first. What you have learnt so far stays yours.');
  return { id: actor.id, kind: 'account' };
}

/**
 * The actor's role, when it allows `permission`.
 *
 * @throws AppError `unauthenticated`; `not-found` for who is not in the team, so that ids tell strangers nothing;
 * `forbidden` when the role does not allow it
 */
export async function authorize(actor: Actor, teamId: string, permission: TeamPermission): Promise<TeamRole> {
  const account = requireAccount(actor);
  // What comes from an address may be anything, a NUL among it, which PostgreSQL refuses.
  const membership = /^[0-9a-f-]{36}$/.test(teamId)
    ? await db().membership.findUnique({
        where: { teamId_learnerId: { teamId, learnerId: account.id } },
        select: { role: true },
      })
    : null;
  if (!membership) throw new AppError('not-found', 'There is no such team, or you are not in it.');
  if (!permissionsOf[membership.role].includes(permission)) {
    throw new AppError('forbidden', 'Only managers of this team can do that. Ask one of them.');
  }
  return membership.role;
}
