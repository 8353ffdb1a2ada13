import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogEntry } from '@/lib/sim/session';
import { LogKeeper } from './log-keeper';
import type { LogStore } from './log-store';

const entry = (data: string): LogEntry => ({ at: 1, tty: 0, kind: 'line', data });

function memoryStore() {
  const branches = new Map<string, LogEntry[]>();
  const order: string[] = [];
  let conflict: (branch: string) => void = () => {};
  const store: LogStore = {
    load: async () => undefined,
    append: ({ branch, from, entries }) => {
      const stored = branches.get(branch) ?? [];
      if (from !== stored.length) return conflict(branch);
      branches.set(branch, [...stored, ...entries]);
      if (from === 0) order.push(branch);
    },
    resume: (branch) => void order.push(branch),
    onConflict: (listener) => {
      conflict = listener;
      return () => {
        conflict = () => {};
      };
    },
  };
  const latest = () => branches.get(order.at(-1) ?? '')?.map(({ data }) => data);
  return { store, branches, latest };
}

describe('the keeper of a log', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const keeperOf = (store: LogStore, more: { branch?: string; entries?: LogEntry[] } = {}) =>
    new LogKeeper(store, { simVersion: () => 1, seed: 1, ...more });

  it('gathers entries and stores them in order', () => {
    const { store, latest } = memoryStore();
    const keeper = keeperOf(store);
    keeper.append(entry('a'));
    keeper.append(entry('b'));
    expect(latest()).toBeUndefined();
    vi.advanceTimersByTime(1_000);
    expect(latest()).toEqual(['a', 'b']);
    keeper.append(entry('c'));
    keeper.end();
    expect(latest()).toEqual(['a', 'b', 'c']);
  });

  it('makes a branch of everything when another device went on', () => {
    const { store, branches, latest } = memoryStore();
    branches.set('shared', [entry('a'), entry('from elsewhere')]);
    const keeper = keeperOf(store, { branch: 'shared', entries: [entry('a')] });
    keeper.append(entry('from here'));
    keeper.flush();
    expect(latest()).toEqual(['a', 'from here']);
    expect(branches.get('shared')?.map(({ data }) => data)).toEqual(['a', 'from elsewhere']);
    keeper.append(entry('more'));
    keeper.flush();
    expect(latest()).toEqual(['a', 'from here', 'more']);
  });

  it('begins anew, and comes back', () => {
    const { store, latest } = memoryStore();
    const keeper = keeperOf(store);
    keeper.append(entry('a'));
    const back = keeper.replace([]);
    expect(keeper.entries).toHaveLength(1);
    expect(latest()).toEqual(['']);
    keeper.append(entry('b'));
    back();
    expect(keeper.entries).toEqual([entry('a')]);
    expect(latest()).toEqual(['a']);
    keeper.append(entry('c'));
    keeper.flush();
    expect(latest()).toEqual(['a', 'c']);
  });
});
