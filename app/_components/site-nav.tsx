'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import styles from './site-header.module.css';

/** Next fetches what a link leads to as soon as the link is seen; `prefetch: false` waits for a pointer on it. */
export type SiteLink = { href: string; title: string; prefetch?: boolean };

export function SiteNav({ links }: { links: SiteLink[] }) {
  const path = usePathname();
  return (
    <nav className={styles.nav} aria-label="Main">
      {links.map(({ href, title, prefetch }) => (
        <Link
          key={href}
          href={href}
          prefetch={prefetch}
          aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
