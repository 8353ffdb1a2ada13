import type { LogEntry } from '@/lib/sim/session';

/** What is stored of a terminal: a line of entries. Another device that went on from the same place makes a branch. */
export type StoredLog = {
  readonly branch: string;
  readonly entries: readonly LogEntry[];
  readonly simVersion: number;
  readonly seed: number;
};

/** Where a terminal's log is kept between visits. Appends never fail: they wait until they can be delivered. */
export type LogStore = {
  /** The branch to go on with, if there is one. */
  load(): Promise<StoredLog | undefined>;
  /** `entries` follow the `from` that `branch` has already. With `from` 0 the branch begins. */
  append(log: { branch: string; from: number; entries: readonly LogEntry[]; simVersion: number; seed: number }): void;
  /** `branch`, which is stored already, is the one to go on with again. */
  resume(branch: string): void;
  /** Calls back when the store has refused an append because another device went on with this branch. */
  onConflict(listener: (branch: string) => void): () => void;
};

/** Keeps nothing: for terminals that are tried out and forgotten. */
export const forgetfulStore: LogStore = {
  load: async () => undefined,
  append: () => {},
  resume: () => {},
  onConflict: () => () => {},
};
