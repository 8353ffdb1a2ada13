import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import { describe, expect, test } from 'vitest';
import { onBothDatabases } from '../../tooling/on-databases/databases.ts';
import { appended, content, newLearner, viewed } from '../../tooling/on-databases/learners.ts';
import { lessonOf, makeWriter, receive } from '../progress/index.ts';
import { isOutage, openDatabase, withRetry } from './index.ts';

/** The longest time in which the event loop did not turn: as long as that, no page is served. */
async function longestStandstill(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work();
  clearInterval(timer);
  return longest;
}

onBothDatabases('a database that is locked', (database) => {
  /** Another program that holds what we need for so long. */
  async function locked(milliseconds: number, work: () => Promise<void>): Promise<void> {
    const { kind, url } = database();
    const other = kind === 'sqlite' ? createClient({ url }) : undefined;
    const otherDb = openDatabase(url);
    if (other) await other.execute('BEGIN EXCLUSIVE');
    const held = other
      ? sleep(milliseconds).then(() => other.execute('COMMIT'))
      : otherDb.$transaction(
          async (tx) => {
            await tx.$executeRawUnsafe('LOCK TABLE "Learner" IN ACCESS EXCLUSIVE MODE');
            await sleep(milliseconds);
          },
          { timeout: milliseconds + 5_000 },
        );
    await sleep(50);
    try {
      await work();
    } finally {
      await held;
      other?.close();
      await otherDb.$disconnect();
    }
  }

  test('for a moment: the write waits and succeeds', async () => {
    const learner = await newLearner(database().db);
    await locked(400, async () => {
      const results = await receive(learner, [viewed()], content, makeWriter(database().db));
      expect(results).toMatchObject([{ status: 'accepted' }]);
    });
  });

  test('for ten seconds: writes are refused as unavailable, the server never stands still, and then it works', async () => {
    const learner = await newLearner(database().db);
    const writer = makeWriter(database().db);
    const event = appended(0, ['a']);
    await locked(10_000, async () => {
      const standstill = await longestStandstill(async () => {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 5 }, () => receive(learner, [event], content, writer)),
        );
        for (const outcome of outcomes)
          expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
      });
      expect(standstill).toBeLessThan(500);
    });
    expect(await receive(learner, [event], content, writer)).toMatchObject([{ status: 'accepted' }]);
    expect((await lessonOf(learner, 'lesson-1', content)).terminals.box?.length).toBe(1);
  }, 60_000);
});

describe('a database that is away', () => {
  test('PostgreSQL that does not answer is an outage', async () => {
    const gone = openDatabase('postgresql://nobody:none@127.0.0.1:9/none');
    const started = performance.now();
    const attempt = withRetry(() => gone.learner.count(), 300);
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - started).toBeLessThan(3_000);
    await gone.$disconnect();
  });

  test('SQLite in a folder that is not there is an outage', async () => {
    let gone: ReturnType<typeof openDatabase> | undefined;
    const attempt = withRetry(async () => {
      gone ??= openDatabase('file:/nowhere/at/all.db');
      return await gone.learner.count();
    }, 200);
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a mistake of ours is not one', () => {
    expect(isOutage(new TypeError('undefined is not a function'))).toBe(false);
    expect(isOutage(new Error('connect ECONNREFUSED 127.0.0.1:5432'))).toBe(true);
  });
});
