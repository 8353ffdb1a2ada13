import { useSyncExternalStore } from 'react';
import { type BusState, busState, emptyBus, subscribe } from './bus';

/** The terminals of this page. */
export function useBus(): BusState {
  return useSyncExternalStore(subscribe, busState, emptyBus);
}
