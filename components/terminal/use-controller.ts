import { useEffect, useState, useSyncExternalStore } from 'react';
import type { TerminalController, TerminalState } from './controller';
import { defaultPreferences, onPreferences, type Preferences, preferences } from './preferences';

export function useTerminalState(controller: TerminalController): TerminalState {
  return useSyncExternalStore(
    controller.subscribe,
    () => controller.state,
    () => controller.state,
  );
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(onPreferences, preferences, defaultPreferences);
}

/** Whether the reader's pointer is a finger: then the compose bar is there. */
export function useCoarsePointer(): boolean {
  const [coarse, set] = useState(false);
  useEffect(() => {
    const query = matchMedia('(pointer: coarse)');
    const update = () => set(query.matches);
    update();
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return coarse;
}
