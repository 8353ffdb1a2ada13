import type { ProgressEvent } from '@/lib/progress';

/** An event that was not yet acknowledged by the server. */
export type Waiting = {
  seq: number;
  /** Who was learning when it happened, if that was known. */
  learner: string | null;
  event: ProgressEvent;
};

/** Where events wait, in the order in which they happened, until the server has them. */
export type Outbox = {
  /** Does it outlive the page? */
  readonly durable: boolean;
  add(learner: string | null, event: ProgressEvent): Promise<void>;
  all(): Promise<Waiting[]>;
  remove(seqs: readonly number[]): Promise<void>;
};

/** For browsers that keep nothing (private windows): waits as long as the page is open. */
export function memoryOutbox(): Outbox {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  return {
    durable: false,
    add: async (learner, event) => {
      last += 1;
      waiting.set(last, { seq: last, learner, event });
    },
    all: async () => [...waiting.values()],
    remove: async (seqs) => {
      for (const seq of seqs) waiting.delete(seq);
    },
  };
}
