import type { ReactNode } from 'react';
import styles from './callout.module.css';

type Kind = 'note' | 'tip' | 'warning' | 'mistake' | 'real';

const KINDS: Record<Kind, { title: string; sign: ReactNode }> = {
  note: { title: 'Note', sign: <path d="M10 9v5M10 6.2v.1" /> },
  tip: { title: 'Tip', sign: <path d="M6 10.5l3 3 5.5-7" /> },
  warning: { title: 'Careful', sign: <path d="M10 5.5v5.5M10 14v.1" /> },
  mistake: { title: 'A common mistake', sign: <path d="M6.5 6.5l7 7M13.5 6.5l-7 7" /> },
  real: { title: 'On a real cluster', sign: <path d="M10 5l4.3 2.5v5L10 15l-4.3-2.5v-5z" /> },
};

export function Callout({ kind, title, children }: { kind: Kind; title?: string; children: ReactNode }) {
  const { title: usual, sign } = KINDS[kind];
  const heading = title ?? usual;
  return (
    <aside className={`${styles.callout} ${styles[kind]}`} aria-label={heading}>
      <p className={styles.title}>
        <svg
          viewBox="0 0 20 20"
          width="20"
          height="20"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          <circle cx="10" cy="10" r="8.5" />
          {sign}
        </svg>
        {heading}
      </p>
      <div className={styles.body}>{children}</div>
    </aside>
  );
}
