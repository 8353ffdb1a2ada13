import { DOCK_ID, WIDE } from './dock-place';
import { warmWorker } from './spare-worker';

/** xterm and all that belongs to a live terminal: chunks of their own. */
export const loadPanel = () => import('./terminal-panel');

/**
 * Beside the text a lesson's terminal is in sight from the first paint. Its thread and its chunks then come while React
 * brings the page to life, on the processor's other cores, instead of after that. To be called before that begins.
 */
export function startEarly(): void {
  if (!matchMedia(WIDE).matches || document.getElementById(DOCK_ID) === null) return;
  warmWorker();
  // What fails now is asked for again when the terminal is wanted.
  loadPanel().catch(() => undefined);
}
