import type { Metadata } from 'next';
import { LinkButton } from '@/components/ui/button';
import { currentLearner } from '@/lib/server/auth';
import { paths, withNext } from '@/lib/shared/paths';
import { NameForm } from './_components/name-form';
import { OwnData } from './_components/own-data';
import { PasswordForm } from './_components/password-form';
import { Sessions } from './_components/sessions';
import styles from './profile.module.css';

export const metadata: Metadata = { title: 'Profile' };

export default async function ProfilePage() {
  const learner = await currentLearner();
  return (
    <div className={styles.page}>
      <h1>Profile</h1>
      {learner?.kind === 'account' ? (
        <>
          <p>
            Signed in as <strong>{learner.email}</strong>.
          </p>
          <section aria-labelledby="name">
            <h2 id="name">Name</h2>
            <NameForm name={learner.name ?? ''} />
          </section>
          <section aria-labelledby="password">
            <h2 id="password">Password</h2>
            <PasswordForm email={learner.email} />
          </section>
          <section aria-labelledby="sessions">
            <h2 id="sessions">Signed-in devices</h2>
            <Sessions />
          </section>
        </>
      ) : (
        <section aria-labelledby="guest">
          <h2 id="guest">You learn without an account</h2>
          <p>
            {learner
              ? 'Your progress is kept for this browser. Sign up to find it on every device; nothing of it is lost.'
              : 'Nothing is stored about you yet. It begins with the first lesson that you open.'}
          </p>
          <p className={styles.buttons}>
            <LinkButton kind="primary" href={withNext(paths.signUp, paths.profile)}>
              Sign up
            </LinkButton>
            <LinkButton href={withNext(paths.signIn, paths.profile)}>Sign in</LinkButton>
          </p>
        </section>
      )}
      {learner && (
        <section aria-labelledby="data">
          <h2 id="data">Your data</h2>
          <OwnData account={learner.kind === 'account'} />
        </section>
      )}
    </div>
  );
}
