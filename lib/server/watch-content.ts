import 'server-only';
import { type FSWatcher, watch } from 'node:fs';
import { contentRoots } from './content.ts';

/** Editors write a file in several steps; what comes within this time is one change. */
const SETTLED_MS = 60;

/** Calls back after files of the content have changed. For development: in production pages look again by themselves. */
export function watchContent(changed: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const note = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLED_MS);
  };
  const watchers = contentRoots().flatMap((root) => watcherOf(root, note) ?? []);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** A root that is not there is a problem that its own page of problems names, not one of watching. */
function watcherOf(root: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(root, { recursive: true }, changed).on('error', changed);
  } catch {
    return undefined;
  }
}
