'use client';

import { useEffect } from 'react';
import { client, sendNow } from './client';
import styles from './sync-status.module.css';
import { type Sync, useSync } from './sync-store';

/** Says whether everything is saved, in few words; when it is not, why, and that nothing is lost. */
export function SyncStatus() {
  const sync = useSync();
  useEffect(() => void client(), []);
  const words = wordsFor(sync);
  return (
    <div className={styles.status} role="status" data-tone={words?.tone}>
      {words && <span>{words.text}</span>}
      {words?.retry && (
        <button type="button" className={styles.retry} onClick={sendNow}>
          Try now
        </button>
      )}
    </div>
  );
}

type Words = { text: string; tone: 'ok' | 'warn'; retry?: true };

function wordsFor({ phase, waiting, foreign, durable, saved, full }: Sync): Words | undefined {
  const here = durable ? 'here' : 'on this page; keep it open';
  if (phase === 'offline')
    return {
      text: `Offline: ${steps(waiting)} ${waiting === 1 ? 'waits' : 'wait'} ${here}`,
      tone: 'warn',
      retry: true,
    };
  if (phase === 'waiting')
    return {
      text: `Progress waits: the server cannot reach its database. ${capital(steps(waiting))} kept ${here}`,
      tone: 'warn',
      retry: true,
    };
  if (foreign > 0)
    return {
      text: `${capital(steps(foreign))} of another account ${foreign === 1 ? 'waits' : 'wait'} here until it signs in`,
      tone: 'warn',
    };
  if (full) return { text: 'This terminal has recorded all it can (2 MB). Reset it to go on recording', tone: 'warn' };
  return saved ? { text: 'Saved', tone: 'ok' } : undefined;
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
