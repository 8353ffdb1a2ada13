'use client';

import styles from './contents.module.css';
import { useCurrentHeading } from './current-heading';

export type ContentsEntry = { id: string; text: string; depth: number };

/** The headings of the lesson; the one that is being read is marked. */
export function Contents({ entries }: { entries: ContentsEntry[] }) {
  const reading = useCurrentHeading();
  return (
    <ol className={styles.list}>
      {entries.map(({ id, text, depth }) => (
        <li key={id} data-depth={depth}>
          <a href={`#${id}`} aria-current={id === reading ? 'location' : undefined}>
            {text}
          </a>
        </li>
      ))}
    </ol>
  );
}
