import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type EventResult, limits } from '../../progress/index.ts';
import { onBothDatabases } from '../../tooling/on-databases/databases.ts';
import { answered, appended, completed, content, newLearner, viewed } from '../../tooling/on-databases/learners.ts';
import { lessonOf, terminalLog } from './read.ts';
import { makeWriter, receive } from './receive.ts';

onBothDatabases('receiving events', (database) => {
  const send = async (learner: string, events: unknown[]) =>
    await receive(learner, events, content, makeWriter(database().db));
  const me = async (learner: string) => await lessonOf(learner, 'lesson-1', content);

  test('what was done is there afterwards', async () => {
    const learner = await newLearner(database().db);
    const results = await send(learner, [
      viewed('lesson-1', { at: 1_700_000_000_000 }),
      { type: 'lesson.position', id: randomUUID(), at: Date.now(), lessonId: 'lesson-1', anchor: 'why', ratio: 0.5 },
      completed('lesson-1', { confidence: 4 }),
      answered(['ends', 'wire']),
      appended(0, ['ip addr', 'ping 10.0.0.1']),
    ]);
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill('accepted'));
    const { lesson, quiz, terminals } = await me(learner);
    expect(lesson).toMatchObject({ position: { anchor: 'why', ratio: 0.5 }, confidence: 4 });
    expect(lesson?.completedAt).toBeDefined();
    expect(quiz.q).toMatchObject({ tries: 1, answer: ['ends', 'wire'], grade: { correct: true, score: 1 } });
    expect(terminals.box).toMatchObject({ length: 2, seed: 7, simVersion: 1, previous: [] });
    expect(terminals.box?.entries?.map(({ data }) => data)).toEqual(['ip addr', 'ping 10.0.0.1']);
  });

  test('sending it again changes nothing and is answered the same', async () => {
    const learner = await newLearner(database().db);
    const events = [viewed(), answered(['ends']), appended(0, ['a']), appended(1, ['b'])];
    const first = await send(learner, events);
    const before = await me(learner);
    expect(await send(learner, events)).toEqual(first);
    expect(await send(learner, [...events, ...events])).toEqual([...first, ...first]);
    expect(await me(learner)).toEqual(before);
  });

  test('an event sent by many requests at once counts once', async () => {
    const learner = await newLearner(database().db);
    const writer = makeWriter(database().db);
    const events = [answered(['wire']), appended(0, ['a', 'b'])];
    const answers = await Promise.all(Array.from({ length: 20 }, () => receive(learner, events, content, writer)));
    for (const results of answers) expect(results.every(({ status }) => status === 'accepted')).toBe(true);
    expect(await me(learner)).toMatchObject({ quiz: { q: { tries: 1 } }, terminals: { box: { length: 2 } } });
  });

  test('two servers that write for one learner at once lose nothing', async () => {
    const learner = await newLearner(database().db);
    const writers = [makeWriter(database().db), makeWriter(database().db)];
    const events = Array.from({ length: 40 }, () => answered(['wire']));
    await Promise.all(events.map((event, i) => receive(learner, [event], content, writers[i % 2])));
    expect((await me(learner)).quiz.q?.tries).toBe(40);
  });

  test('two devices that go on from the same place: the second is told, and its branch is kept', async () => {
    const learner = await newLearner(database().db);
    await send(learner, [appended(0, ['a'])]);
    const [phone] = await send(learner, [appended(1, ['phone'])]);
    const [laptop] = await send(learner, [appended(1, ['laptop'])]);
    expect(phone).toMatchObject({ status: 'accepted' });
    expect(laptop).toMatchObject({ status: 'rejected', reason: 'conflict' });
    const branch = randomUUID();
    await send(learner, [appended(0, ['a', 'laptop'], { branch })]);
    const { terminals } = await me(learner);
    expect(terminals.box).toMatchObject({ branch, length: 2, previous: ['00000000-0000-4000-8000-000000000001'] });
    const earlier = await terminalLog(learner, 'lesson-1', 'box', '00000000-0000-4000-8000-000000000001');
    expect(earlier?.entries.map(({ data }) => data)).toEqual(['a', 'phone']);
  });

  test('an earlier branch can be gone on with again', async () => {
    const learner = await newLearner(database().db);
    const branch = randomUUID();
    await send(learner, [appended(0, ['a'])]);
    await send(learner, [appended(0, ['new'], { branch })]);
    const resumed = {
      type: 'terminal.resumed',
      id: randomUUID(),
      at: Date.now(),
      lessonId: 'lesson-1',
      terminalId: 'box',
    };
    const results = await send(learner, [
      { ...resumed, branch: '00000000-0000-4000-8000-000000000001' },
      { ...resumed, id: randomUUID(), branch: randomUUID() },
    ]);
    expect(results).toMatchObject([{ status: 'accepted' }, { status: 'rejected', reason: 'unknown-branch' }]);
    expect((await me(learner)).terminals.box?.previous).toEqual([branch]);
  });

  test('what is pasted comes back byte for byte', async () => {
    const learner = await newLearner(database().db);
    const binary = '\u0000\u0007\uD800 \u2028"\\\u{1F600}'.repeat(50);
    await send(learner, [appended(0, [binary])]);
    expect((await me(learner)).terminals.box?.entries?.[0]?.data).toBe(binary);
  });

  test('each refused event says why, and the others are stored', async () => {
    const learner = await newLearner(database().db);
    const results = await send(learner, [
      { type: 'lesson.viewed', id: 'not-a-uuid', at: 1, lessonId: 'lesson-1' },
      viewed('no-such-lesson'),
      answered(['ends'], { questionId: 'gone' }),
      answered(['no-such-option']),
      answered(['ends', 'ends']),
      { ...viewed(), extra: true },
      null,
      appended(5, ['a']),
      { ...appended(0, ['x'.repeat(limits.event)]) },
      viewed('lesson-2'),
    ]);
    expect(results.map((result) => (result.status === 'rejected' ? result.reason : 'accepted'))).toEqual([
      'malformed',
      'unknown-lesson',
      'unknown-question',
      'question-changed',
      'question-changed',
      'malformed',
      'malformed',
      'conflict',
      'too-large',
      'accepted',
    ]);
    expect((await lessonOf(learner, 'lesson-2', content)).lesson).toBeDefined();
  });

  test('a log ends at its limit', async () => {
    const learner = await newLearner(database().db);
    const part = 'x'.repeat(200 * 1024);
    const results: EventResult[] = [];
    for (let i = 0; i < 12; i++) results.push(...(await send(learner, [appended(i, [part])])));
    expect(results.filter(({ status }) => status === 'accepted')).toHaveLength(10);
    expect(results.at(-1)).toMatchObject({ status: 'rejected', reason: 'conflict' });
    expect(results[10]).toMatchObject({ status: 'rejected', reason: 'log-full' });
    const { terminals } = await me(learner);
    expect(terminals.box?.entries).toBeUndefined();
    expect((await terminalLog(learner, 'lesson-1', 'box'))?.entries).toHaveLength(10);
  });

  test('a clock that is ahead does not make an event the latest for ever', async () => {
    const learner = await newLearner(database().db);
    await send(learner, [viewed('lesson-1', { at: Date.now() + 1e9 })]);
    expect(new Date((await me(learner)).lesson?.startedAt ?? 0).getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('events for a learner who was deleted meanwhile are not stored', async () => {
    const learner = await newLearner(database().db);
    const other = await newLearner(database().db);
    await database().db.learner.delete({ where: { id: learner } });
    const writer = makeWriter(database().db);
    const outcomes = await Promise.allSettled([
      receive(learner, [viewed()], content, writer),
      receive(other, [viewed()], content, writer),
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { code: 'unauthenticated' } });
    expect(outcomes[1]).toMatchObject({ status: 'fulfilled', value: [{ status: 'accepted' }] });
  });
});
