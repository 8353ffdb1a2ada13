import { openDB } from 'idb';
import { memoryOutbox, type Outbox, type Waiting } from './outbox';

const DATABASE = 'hopwise';
const STORE = 'outbox';

/** The outbox in IndexedDB, one for all tabs; where there is none, in memory. */
export async function openOutbox(): Promise<Outbox> {
  try {
    return await indexedOutbox();
  } catch {
    return memoryOutbox();
  }
}

async function indexedOutbox(): Promise<Outbox> {
  const database = await openDB(DATABASE, 1, {
    upgrade: (upgraded) => void upgraded.createObjectStore(STORE, { keyPath: 'seq', autoIncrement: true }),
    // A newer version of the site in another tab needs the old connection out of its way.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  const fallback = memoryOutbox();
  return {
    durable: true,
    add: async (learner, event) => {
      // `strict`: what somebody did is on disk before the page says so. It takes long, and who reads waits for it: that a
      // page was opened is not worth that.
      const durability = event.type === 'lesson.viewed' ? 'relaxed' : 'strict';
      const transaction = database.transaction(STORE, 'readwrite', { durability });
      try {
        await Promise.all([transaction.store.add({ learner, event }), transaction.done]);
      } catch {
        // The disk is full or the storage was taken away: better for as long as this page than not at all.
        await fallback.add(learner, event);
      }
    },
    all: async () => {
      const kept = (await database.getAll(STORE)) as Waiting[];
      // Those of the fallback get negative numbers, so that one list holds both.
      return [...kept, ...(await fallback.all()).map((waiting) => ({ ...waiting, seq: -waiting.seq }))];
    },
    remove: async (seqs) => {
      await fallback.remove(seqs.flatMap((seq) => (seq < 0 ? [-seq] : [])));
      const transaction = database.transaction(STORE, 'readwrite');
      await Promise.all([...seqs.flatMap((seq) => (seq > 0 ? [transaction.store.delete(seq)] : [])), transaction.done]);
    },
  };
}
