import type { TerminalState } from './controller';
import { Icon } from './icons';
import styles from './status-bar.module.css';

type Props = { state: TerminalState; hintId: string; coarse: boolean; onDismiss: () => void };

/** One line under the screen: what is going on, and how to get out of here with the keyboard. */
export function StatusBar({ state, hintId, coarse, onDismiss }: Props) {
  const { notice } = state;
  return (
    <footer className={styles.bar} data-tone={notice?.tone}>
      <div role="status" className={styles.said}>
        {notice ? (
          <>
            <span>{notice.text}</span>
            {notice.details && (
              <details>
                <summary>Details</summary>
                <pre>{notice.details}</pre>
              </details>
            )}
          </>
        ) : (
          <span>{goingOn(state)}</span>
        )}
      </div>
      {notice && notice.tone !== 'info' && (
        <button type="button" className={styles.dismiss} aria-label="Dismiss" onClick={onDismiss}>
          <Icon name="close" size={14} />
        </button>
      )}
      <p id={hintId} className={coarse ? 'visually-hidden' : styles.hint}>
        <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves the terminal
      </p>
    </footer>
  );
}

function goingOn({ phase, restored, paused }: TerminalState): string {
  if (phase === 'loading') return 'Starting the machine…';
  if (phase === 'restoring') return `Running your commands again… ${Math.round(restored * 100)} %`;
  if (phase === 'crashed') return 'The simulator stopped.';
  return paused ? 'Time stands still while you are away. Press any key to go on.' : '';
}
