import type { ReactNode } from 'react';
import styles from './prose.module.css';

/** A heading that can be linked to: the sign appears when it is pointed at or focused. */
export function ProseHeading({
  level: Level,
  id,
  children,
}: {
  level: 'h2' | 'h3' | 'h4';
  id?: string;
  children?: ReactNode;
}) {
  return (
    <Level id={id} className={styles.heading}>
      {children}
      {id && (
        <a href={`#${id}`} className={styles.anchor} aria-label="Link to this section" data-print="hide">
          #
        </a>
      )}
    </Level>
  );
}
