import type { ReactNode } from 'react';
import styles from './panel-placeholder.module.css';

/** Has the size and the surfaces of the terminal that will stand here, so that nothing jumps when it comes. */
export function PanelPlaceholder({ heading, children }: { heading?: ReactNode; children?: ReactNode }) {
  return (
    <div className={styles.placeholder}>
      <div className={styles.header}>{heading}</div>
      <div className={styles.screen}>{children}</div>
    </div>
  );
}

/** The one thing to do while the terminal is not there. */
export function PlaceholderAction({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className={styles.action} onClick={onClick}>
      {children}
    </button>
  );
}
