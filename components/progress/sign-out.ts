import { paths } from '@/lib/shared/paths';
import { showSnackbar } from '../ui/snackbar';
import { deliverAndLeave, learnerChanged } from './client';

/** Ends the session in this browser. A whole new page follows, so that nothing of the account stays on the screen. */
export async function signOutHere(): Promise<void> {
  const stay = await deliverAndLeave();
  try {
    const { signOut } = await import('next-auth/react');
    await signOut({ redirect: false });
  } catch {
    stay();
    showSnackbar({ text: 'The server cannot be reached. You are still signed in.' });
    return;
  }
  learnerChanged();
  location.assign(paths.home);
}
