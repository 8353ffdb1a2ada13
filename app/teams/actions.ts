'use server';

import { revalidatePath } from 'next/cache';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { currentLearner } from '@/lib/server/auth';
import { type FormState, formAction } from '@/lib/server/forms';
import {
  createInvite,
  createTeam,
  deleteTeam,
  leaveTeam,
  removeMember,
  renameTeam,
  revokeInvite,
  setRole,
  type TeamRole,
} from '@/lib/server/teams';
import { env } from '@/lib/shared/env';
import { paths } from '@/lib/shared/paths';

const text = (form: FormData, name: string) => String(form.get(name) ?? '');
const role = (form: FormData): TeamRole => (text(form, 'role') === 'manager' ? 'manager' : 'member');

export const create = formAction(async (form): Promise<void> => {
  redirect(paths.team(await createTeam(await currentLearner(), text(form, 'name'), new Date())));
});

export const rename = formAction(async (form) => {
  const teamId = text(form, 'team');
  await renameTeam(await currentLearner(), teamId, text(form, 'name'));
  revalidatePath(paths.team(teamId));
});

export const remove = formAction(async (form): Promise<void> => {
  await deleteTeam(await currentLearner(), text(form, 'team'));
  redirect(paths.teams);
});

export const leave = formAction(async (form): Promise<void> => {
  await leaveTeam(await currentLearner(), text(form, 'team'));
  redirect(paths.teams);
});

export const removePerson = formAction(async (form) => {
  const teamId = text(form, 'team');
  await removeMember(await currentLearner(), teamId, text(form, 'learner'));
  revalidatePath(paths.team(teamId));
});

export const changeRole = formAction(async (form) => {
  const teamId = text(form, 'team');
  await setRole(await currentLearner(), teamId, text(form, 'learner'), role(form));
  revalidatePath(paths.team(teamId));
});

export type InviteState = FormState & { link?: string };

/** The link is in the answer this one time; only a hash of it is kept. */
export const invite = formAction<InviteState>(async (form) => {
  const teamId = text(form, 'team');
  const token = await createInvite(await currentLearner(), teamId, role(form), Number(text(form, 'days')), new Date());
  revalidatePath(paths.team(teamId));
  return { link: new URL(paths.join(token), await origin()).href };
});

export const revoke = formAction(async (form) => {
  const teamId = text(form, 'team');
  await revokeInvite(await currentLearner(), teamId, text(form, 'invite'), new Date());
  revalidatePath(paths.team(teamId));
});

/** The site's own address where one is set, else the one that the manager sees it at. */
async function origin(): Promise<string> {
  const head = await headers();
  return env().NEXTAUTH_URL ?? head.get('origin') ?? `http://${head.get('host') ?? 'localhost'}`;
}
