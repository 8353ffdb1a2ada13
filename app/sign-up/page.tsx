import type { Metadata } from 'next';
import { Suspense } from 'react';
import styles from '../sign-in/sign-in.module.css';
import { SignUpForm } from './_components/sign-up-form';

export const metadata: Metadata = { title: 'Sign up' };

export default function SignUpPage() {
  return (
    <div className={styles.page}>
      <h1>Sign up</h1>
      <p>Your progress so far is kept. With an account you find it on every device, and can join a team.</p>
      <Suspense>
        <SignUpForm />
      </Suspense>
    </div>
  );
}
