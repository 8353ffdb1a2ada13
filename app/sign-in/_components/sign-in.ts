import { learnerChanged } from '@/components/progress/client';

const words: Record<string, string> = {
  CredentialsSignin: 'Address and password do not fit together. Check both and try again.',
  'too-many': 'There were too many tries with a wrong password. Wait a quarter of an hour, then try again.',
  unavailable: 'The server cannot reach its database right now. Nothing is lost; try again in a moment.',
  internal: 'Something went wrong on our side. Try again; if it stays so, tell whoever runs this site.',
};
const unreachable = 'The server cannot be reached. Check your connection, then try again.';

/** @returns what is wrong, or nothing when signed in */
export async function signInWith(email: string, password: string): Promise<string | undefined> {
  try {
    const { signIn } = await import('next-auth/react');
    const answer = await signIn('credentials', { email, password, redirect: false });
    if (!answer?.ok || answer.error) return words[answer?.error ?? 'internal'] ?? words.internal;
  } catch {
    return unreachable;
  }
  learnerChanged();
  return undefined;
}
