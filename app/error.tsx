'use client';

import { Button, LinkButton } from '@/components/ui/button';
import { paths } from '@/lib/shared/paths';
import styles from './message.module.css';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className={styles.message}>
      <h1>Something went wrong here</h1>
      <p>
        This page could not be shown. What you have done is kept. Try again; if it stays like this, tell whoever runs
        this site.
      </p>
      {error.digest && (
        <p className={styles.line}>
          Mark of this error: <code>{error.digest}</code>
        </p>
      )}
      <div className={styles.actions}>
        <Button kind="primary" onClick={reset}>
          Try again
        </Button>
        <LinkButton href={paths.home}>To the home page</LinkButton>
      </div>
    </div>
  );
}
