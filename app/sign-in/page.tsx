import type { Metadata } from 'next';
import { Suspense } from 'react';
import { SignInForm } from './_components/sign-in-form';
import styles from './sign-in.module.css';

export const metadata: Metadata = { title: 'Sign in' };

export default function SignInPage() {
  return (
    <div className={styles.page}>
      <h1>Sign in</h1>
      <p>Go on where you were, on any device. What you did here without an account is kept and added to yours.</p>
      <Suspense>
        <SignInForm />
      </Suspense>
    </div>
  );
}
