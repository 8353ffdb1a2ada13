import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onBothDatabases } from '../../tooling/on-databases/databases.ts';
import { answered, appended, completed, content, newLearner, viewed } from '../../tooling/on-databases/learners.ts';
import { mergeGuest } from './merge.ts';
import { exportData } from './own-data.ts';
import { lessonOf } from './read.ts';
import { makeWriter, receive } from './receive.ts';

onBothDatabases('merging a guest into an account', (database) => {
  const send = async (learner: string, events: unknown[]) =>
    await receive(learner, events, content, makeWriter(database().db));

  async function two(): Promise<{ guest: string; account: string }> {
    return { guest: await newLearner(database().db), account: await newLearner(database().db, 'account') };
  }

  test('loses nothing of either', async () => {
    const { guest, account } = await two();
    await send(guest, [
      viewed('lesson-1', { at: 1_790_000_000_000 }),
      completed('lesson-2'),
      answered(['ends']),
      appended(0, ['guest']),
    ]);
    const branch = randomUUID();
    await send(account, [
      completed('lesson-1', { at: 1_791_000_000_000 }),
      viewed('lesson-3'),
      answered(['wire']),
      appended(0, ['account'], { branch }),
    ]);
    await mergeGuest(guest, account);
    const { lesson, quiz, terminals } = await lessonOf(account, 'lesson-1', content);
    expect(lesson).toMatchObject({
      startedAt: new Date(1_790_000_000_000).toISOString(),
      completedAt: new Date(1_791_000_000_000).toISOString(),
    });
    expect(quiz.q?.tries).toBe(2);
    expect([terminals.box?.branch, ...(terminals.box?.previous ?? [])]).toHaveLength(2);
    const { lessons } = await exportData(account);
    expect(lessons.map(({ lessonId }) => lessonId).sort()).toEqual(['lesson-1', 'lesson-2', 'lesson-3']);
    expect((await exportData(guest)).lessons).toEqual([]);
  });

  test('doing it again, or twice at once, changes nothing', async () => {
    const { guest, account } = await two();
    await send(guest, [completed(), answered(['ends']), appended(0, ['a'])]);
    await Promise.all([mergeGuest(guest, account), mergeGuest(guest, account)]);
    const once = await lessonOf(account, 'lesson-1', content);
    await mergeGuest(guest, account);
    expect(await lessonOf(account, 'lesson-1', content)).toEqual(once);
    expect(once).toMatchObject({ quiz: { q: { tries: 1 } }, terminals: { box: { length: 1 } } });
  });

  test('an event that both have sent is one event, and a branch that both have is two', async () => {
    const { guest, account } = await two();
    const events = [answered(['ends']), appended(0, ['a'])];
    await send(guest, events);
    await send(account, events);
    await mergeGuest(guest, account);
    const { quiz, terminals } = await lessonOf(account, 'lesson-1', content);
    expect(quiz.q?.tries).toBe(1);
    expect(terminals.box?.previous).toHaveLength(1);
  });

  test('a request of the guest that arrives a moment later goes to the account', async () => {
    const { guest, account } = await two();
    await mergeGuest(guest, account);
    await send(guest, [completed('lesson-4')]);
    expect((await lessonOf(account, 'lesson-4', content)).lesson?.completedAt).toBeDefined();
  });

  test('an account is never merged into another, nor a guest twice', async () => {
    const { guest, account } = await two();
    const other = await newLearner(database().db, 'account');
    await send(other, [completed('lesson-5')]);
    await mergeGuest(other, account);
    expect((await lessonOf(other, 'lesson-5', content)).lesson).toBeDefined();
    await mergeGuest(guest, account);
    await mergeGuest(guest, other);
    const row = await database().db.learner.findUniqueOrThrow({ where: { id: guest } });
    expect(row.mergedIntoId).toBe(account);
  });
});
