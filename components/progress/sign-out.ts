import { paths } from '@/lib/shared/paths';
import { learnerChanged } from './client';

/** Ends the session in this browser. A whole new page follows, so that nothing of the account stays on the screen. */
export async function signOutHere(): Promise<void> {
  const { signOut } = await import('next-auth/react');
  await signOut({ redirect: false });
  learnerChanged();
  location.assign(paths.home);
}
