import type { ReactNode } from 'react';
import { TerminalDock } from '../terminal/terminal-dock';
import { Contents, type ContentsEntry } from './contents';
import { ContentsFold } from './contents-fold';
import styles from './lesson-layout.module.css';

/**
 *   wide                                      narrow
 *   ┌──────────┬────────────┬──────────────┐  ┌────────────┐
 *   │ contents │  article   │ lesson-dock  │  │ ▸ contents │
 *   │ (sticky, │            │ (sticky,     │  │  article   │
 *   │  folds)  │            │  resizable)  │  │ lesson-dock│ (sticky at the bottom)
 *   └──────────┴────────────┴──────────────┘  └────────────┘
 *
 * What is in the dock is components/terminal's. Its size is --dock-width and --dock-height on <html>.
 */
export function LessonLayout({
  entries,
  dock,
  children,
}: {
  entries: ContentsEntry[];
  dock: boolean;
  children: ReactNode;
}) {
  return (
    <div className={styles.layout} data-dock={dock || undefined}>
      <nav className={styles.contents} aria-label="Contents" data-print="hide">
        <div className={styles.inside}>
          <div className={styles.bar}>
            <span>On this page</span>
            <ContentsFold />
          </div>
          <Contents entries={entries} />
        </div>
      </nav>
      <div className={styles.column}>
        {entries.length > 0 && (
          <details className={styles.foldable} data-print="hide">
            <summary>On this page</summary>
            <nav aria-label="Contents">
              <Contents entries={entries} />
            </nav>
          </details>
        )}
        {children}
      </div>
      {dock && (
        <aside id="lesson-dock" className={styles.dock} aria-label="Terminal" data-print="hide">
          <TerminalDock />
        </aside>
      )}
    </div>
  );
}
