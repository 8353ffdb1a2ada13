'use server';

import { redirect } from 'next/navigation';
import { currentLearner } from '@/lib/server/auth';
import { formAction } from '@/lib/server/forms';
import { acceptInvite } from '@/lib/server/teams';
import { paths } from '@/lib/shared/paths';

export const join = formAction(async (form): Promise<void> => {
  redirect(paths.team(await acceptInvite(await currentLearner(), String(form.get('token') ?? ''), new Date())));
});
