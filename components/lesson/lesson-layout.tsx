import { type ReactNode, Suspense } from 'react';
import type { PageTerminal } from '../terminal/bus';
import { DOCK_ID } from '../terminal/dock-place';
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
 * The dock comes to life before the text does, which is long: the text is a boundary that React brings to life by itself.
 * What is in the dock is components/terminal's. Its size is --dock-width and --dock-height on <html>.
 */
export function LessonLayout({
  entries,
  terminals,
  children,
}: {
  entries: ContentsEntry[];
  terminals: readonly PageTerminal[];
  children: ReactNode;
}) {
  return (
    <div className={styles.layout} data-dock={terminals.length > 0 || undefined}>
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
        <Suspense>{children}</Suspense>
      </div>
      {terminals.length > 0 && (
        <aside id={DOCK_ID} className={styles.dock} aria-label="Terminal" data-print="hide">
          <TerminalDock terminals={terminals} />
        </aside>
      )}
    </div>
  );
}
