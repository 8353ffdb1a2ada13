import type { EventOf, StoredLog } from '@/lib/progress';
import { api } from '@/lib/shared/paths';
import { uuid } from '@/lib/shared/uuid';
import { channel } from './channel';
import type { NewEvent } from './new-event';
import { ownEvents } from './own-events';
import { splitAppend } from './split-append';

type Appended = EventOf<'terminal.appended'>;

/**
 * Two tabs or devices went on from the same point of a terminal, and the server took the other's entries. The page whose
 * terminal it is begins a branch of its own with all it has. When that page is closed already, the branch is made here:
 * what both had in common, and then what was refused. Nothing is lost either way.
 */
const CLAIM_MS = 400;

type Listener = (branch: string) => void;
type Record = (event: NewEvent) => void;
const listeners = new Set<Listener>();
let answering = false;

/** Calls back with each branch that another tab or device has continued, if the refused entries are this page's. */
export function onConflict(listener: Listener): () => void {
  answerOtherTabs();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function settleConflict(event: Appended, record: Record): Promise<void> {
  if (claim(event)) return;
  const claimed = await claimedElsewhere(event);
  if (!claimed) await branchOff(event, record);
}

function claim(event: Appended): boolean {
  if (!ownEvents.has(event.id) || listeners.size === 0) return false;
  for (const listener of listeners) listener(event.branch);
  return true;
}

function answerOtherTabs(): void {
  if (answering) return;
  answering = true;
  channel().on((message) => {
    if (message.type !== 'conflict' || message.event.type !== 'terminal.appended') return;
    if (claim(message.event)) channel().post({ type: 'claimed', eventId: message.event.id });
  });
}

function claimedElsewhere(event: Appended): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (claimed: boolean) => {
      clearTimeout(timer);
      off();
      resolve(claimed);
    };
    const off = channel().on((message) => {
      if (message.type === 'claimed' && message.eventId === event.id) done(true);
    });
    const timer = setTimeout(() => done(false), CLAIM_MS);
    channel().post({ type: 'conflict', event });
  });
}

/** Branches that were made here for pages that are gone: where the entries that followed belong. */
const made = new Map<string, { branch: string; length: number; expects: number }>();

async function branchOff(event: Appended, record: Record): Promise<void> {
  const { branch, from, entries, id: _id, at: _at, ...rest } = event;
  const known = made.get(branch);
  if (known && known.expects === from) {
    record({ ...rest, branch: known.branch, from: known.length, entries });
    made.set(branch, { ...known, length: known.length + entries.length, expects: from + entries.length });
    return;
  }
  const common = from === 0 ? [] : (await storedEntries(event)).slice(0, from);
  const all = [...common, ...entries];
  const next = uuid();
  for (const part of splitAppend({ ...rest, branch: next, from: 0, entries: all })) record(part);
  made.set(branch, { branch: next, length: all.length, expects: from + entries.length });
}

async function storedEntries({ lessonId, terminalId, branch }: Appended): Promise<StoredLog['entries']> {
  const query = new URLSearchParams({ lesson: lessonId, terminal: terminalId, branch });
  const response = await fetch(`${api.terminalLog}?${query}`, { cache: 'no-store' });
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`the log of ${terminalId} cannot be read now`);
  return ((await response.json()) as StoredLog).entries;
}
