'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import styles from './site-header.module.css';

export function SiteNav({ links }: { links: { href: string; title: string }[] }) {
  const path = usePathname();
  return (
    <nav className={styles.nav} aria-label="Main">
      {links.map(({ href, title }) => (
        <Link key={href} href={href} aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
