import type { ReactNode } from 'react';
import styles from './notice.module.css';

/** Something to know about this page. `live` announces a notice that appears after the page has loaded. */
export function Notice({
  tone = 'info',
  title,
  live,
  children,
}: {
  tone?: 'info' | 'ok' | 'warn' | 'danger';
  title?: ReactNode;
  live?: boolean;
  children?: ReactNode;
}) {
  const role = live ? (tone === 'danger' ? 'alert' : 'status') : undefined;
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      {title && <p className={styles.title}>{title}</p>}
      {children && <div className={styles.body}>{children}</div>}
    </div>
  );
}
