import type { LogEntry } from '@/lib/sim/session';
import { terminalStore } from '../progress/terminal-store';
import type { PageTerminal } from './bus';
import { forgetfulStore, type LogStore } from './log-store';

/** Where the log of a terminal is kept: with the learner's progress if it belongs to a lesson. */
export function logStoreFor({ lessonId, id }: PageTerminal): LogStore {
  if (lessonId === undefined) return forgetfulStore;
  const store = terminalStore(lessonId, id);
  return {
    ...store,
    load: async () => {
      const log = await store.load();
      // The session looks at every entry before it believes it.
      return log && { ...log, entries: log.entries as LogEntry[] };
    },
  };
}
