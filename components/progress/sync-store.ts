import { useSyncExternalStore } from 'react';
import type { Report } from './sender';

export type Sync = Report & {
  /** Does what waits outlive the page? */
  durable: boolean;
  /** Has the server taken anything since the page was opened? */
  saved: boolean;
  /** Has a terminal of this page recorded all that it may? */
  full: boolean;
};

const initial: Sync = { phase: 'idle', waiting: 0, foreign: 0, durable: true, saved: false, full: false };

let sync = initial;
const listeners = new Set<() => void>();

export function setSync(change: Partial<Sync>): void {
  const saved = sync.saved || (change.phase === 'idle' && sync.waiting > 0 && change.waiting === 0);
  sync = { ...sync, ...change, saved };
  for (const listener of listeners) listener();
}

export function useSync(): Sync {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sync,
    () => initial,
  );
}
