import { Button } from '../ui/button';
import type { TerminalState } from './controller';
import styles from './terminal-panel.module.css';

type Props = { crash: NonNullable<TerminalState['crash']>; onRestart: (how: { withoutLast: boolean }) => void };

/** The simulator is gone; what the learner did is not. */
export function CrashPanel({ crash, onRestart }: Props) {
  return (
    <div className={styles.crash} role="alert">
      <div>
        <h3>The simulator stopped</h3>
        <p>
          This is a fault of ours, not of your command. Nothing is lost: everything you typed is kept, and a restart
          runs it again.
        </p>
        {crash.again && (
          <p>It stopped again, so the last command may be what it cannot bear. You can restart without that one.</p>
        )}
        <div className={styles.choices}>
          <Button kind={crash.again ? 'secondary' : 'primary'} onClick={() => onRestart({ withoutLast: false })}>
            Restart
          </Button>
          {crash.again && (
            <Button kind="primary" onClick={() => onRestart({ withoutLast: true })}>
              Restart without the last command
            </Button>
          )}
        </div>
        <details>
          <summary>What happened</summary>
          <pre>{[crash.message, crash.stack].filter(Boolean).join('\n\n')}</pre>
        </details>
      </div>
    </div>
  );
}
