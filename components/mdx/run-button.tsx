'use client';

import { runInTerminal } from '../terminal/bus';
import { Button } from '../ui/button';
import { showSnackbar } from '../ui/snackbar';
import styles from './code-block.module.css';

/** Types the code into the lesson's terminal, as if by hand; the terminal comes into view by itself. */
export function RunButton({ terminal, text }: { terminal: string; text: string }) {
  function run() {
    const title = runInTerminal(terminal, text);
    if (title === undefined) showSnackbar({ text: 'The terminal is not ready yet. Try again in a moment.' });
  }

  return (
    <Button kind="quiet" size="small" className={styles.run} onClick={run} title={`Runs in the terminal “${terminal}”`}>
      <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
        <path d="M1.5 0.5l7.5 4.5-7.5 4.5z" fill="currentColor" />
      </svg>
      Run
    </Button>
  );
}
