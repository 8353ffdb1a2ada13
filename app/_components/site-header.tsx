import Link from 'next/link';
import { paths } from '@/lib/shared/paths';
import styles from './site-header.module.css';
import { type SiteLink, SiteNav } from './site-nav';
import { ThemeToggle } from './theme-toggle';
import { Wordmark } from './wordmark';

export function SiteHeader({ links, account }: { links: SiteLink[]; account?: React.ReactNode }) {
  return (
    <header className={styles.header} data-print="hide">
      <Link href={paths.home} className={styles.wordmark} aria-label="Hopwise, home">
        <Wordmark />
      </Link>
      <SiteNav links={links} />
      <div className={styles.end}>
        <ThemeToggle />
        {account}
      </div>
    </header>
  );
}
