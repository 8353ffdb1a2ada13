import type { EventOf, LogEntryJson, Me, StoredLog } from '@/lib/progress';
import { api } from '@/lib/shared/paths';
import { record, waiting } from './client';
import { onConflict } from './conflicts';
import { isFull } from './full-branches';
import { loadMe } from './me-store';
import { splitAppend } from './split-append';

/** The log of one terminal as its learner left it, on this device or another; see components/terminal/log-store.ts. */
export type TerminalStore = {
  load(): Promise<Omit<StoredLog, 'length'> | undefined>;
  append(log: {
    branch: string;
    from: number;
    entries: readonly LogEntryJson[];
    simVersion: number;
    seed: number;
  }): void;
  resume(branch: string): void;
  onConflict(listener: (branch: string) => void): () => void;
};

export function terminalStore(lessonId: string, terminalId: string): TerminalStore {
  return {
    load: async () => await load(lessonId, terminalId),
    append: ({ entries, ...log }) => {
      if (isFull(log.branch)) return;
      for (const part of splitAppend({
        type: 'terminal.appended',
        lessonId,
        terminalId,
        ...log,
        entries: [...entries],
      }))
        record(part);
    },
    resume: (branch) => void record({ type: 'terminal.resumed', lessonId, terminalId, branch }),
    onConflict,
  };
}

type TerminalEvent = EventOf<'terminal.appended' | 'terminal.resumed'>;
type Log = Omit<StoredLog, 'length'>;

/** What the server has, and after it what still waits in this browser. */
async function load(lessonId: string, terminalId: string): Promise<Log | undefined> {
  const isOurs = (event: { type: string; lessonId: string; terminalId?: string }): event is TerminalEvent =>
    event.type.startsWith('terminal.') && event.lessonId === lessonId && event.terminalId === terminalId;
  // In this order: what is delivered in between is in both, not in neither.
  const events = await waiting(isOurs);
  const me = await loadMe(lessonId);
  const unsent = events.filter(isOurs);
  const stored = me?.terminals[terminalId];
  const branch = unsent.at(-1)?.branch ?? stored?.branch;
  if (!branch) return undefined;
  const appended = unsent.filter(
    (event) => event.type === 'terminal.appended' && event.branch === branch,
  ) as EventOf<'terminal.appended'>[];
  const before = appended[0]?.from === 0 ? undefined : await storedLog({ lessonId, terminalId, branch }, stored);
  return joined(branch, before, appended);
}

async function storedLog(
  where: { lessonId: string; terminalId: string; branch: string },
  stored: Me['terminals'][string] | undefined,
): Promise<Log | undefined> {
  if (stored?.branch === where.branch && stored.entries) return { ...stored, entries: stored.entries };
  const query = new URLSearchParams({ lesson: where.lessonId, terminal: where.terminalId, branch: where.branch });
  const response = await fetch(`${api.terminalLog}?${query}`, { cache: 'no-store' }).catch(() => undefined);
  return response?.ok ? ((await response.json()) as StoredLog) : undefined;
}

function joined(branch: string, before: Log | undefined, appended: EventOf<'terminal.appended'>[]): Log | undefined {
  const [first] = appended;
  const origin = before ?? first;
  if (!origin || (first && first.from > (before?.entries.length ?? 0))) return before && { ...before, branch };
  const common = first ? (before?.entries ?? []).slice(0, first.from) : (before?.entries ?? []);
  return {
    branch,
    simVersion: origin.simVersion,
    seed: origin.seed,
    entries: [...common, ...appended.flatMap(({ entries }) => entries)],
  };
}
