'use client';

import { useSyncExternalStore } from 'react';

/** Which heading the reader is below: found once while scrolling, read by the contents and by the position keeper. */
let current: string | undefined;
const listeners = new Set<() => void>();

export function setCurrentHeading(id: string | undefined) {
  if (id === current) return;
  current = id;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useCurrentHeading(): string | undefined {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => undefined,
  );
}
