import type { Metadata } from 'next';
import { LinkButton } from '@/components/ui/button';
import { paths } from '@/lib/shared/paths';
import styles from './message.module.css';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <div className={styles.message}>
      <p className={styles.line} aria-hidden="true">
        From hopwise: Destination Unreachable
      </p>
      <h1>No route to this page</h1>
      <p>The address may be mistyped, or the page has moved. Nothing you have done is lost.</p>
      <div className={styles.actions}>
        <LinkButton kind="primary" href="/courses">
          To the course
        </LinkButton>
        <LinkButton href={paths.home}>To the home page</LinkButton>
      </div>
    </div>
  );
}
