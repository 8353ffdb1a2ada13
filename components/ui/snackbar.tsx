'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { Button } from './button';
import styles from './snackbar.module.css';

export type Snack = { text: string; action?: { label: string; run: () => void } };

const SHOWN_FOR_MS = 6000;

let current: Snack | undefined;
const listeners = new Set<() => void>();

function set(snack: Snack | undefined) {
  current = snack;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says something that has just happened and can perhaps be undone; a newer one replaces an older one. */
export function showSnackbar(snack: Snack) {
  set(snack);
}

/** Stands once, in the root layout. */
export function SnackbarHost() {
  const snack = useSyncExternalStore(
    subscribe,
    () => current,
    () => undefined,
  );

  useEffect(() => {
    if (!snack) return;
    const timer = setTimeout(() => set(undefined), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [snack]);

  return (
    <div className={styles.host} role="status" data-print="hide">
      {snack && (
        <div className={styles.snack}>
          <span>{snack.text}</span>
          {snack.action && (
            <Button
              size="small"
              onClick={() => {
                snack.action?.run();
                set(undefined);
              }}
            >
              {snack.action.label}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
