import { expect, test } from 'vitest';
import { onBothDatabases } from '../../tooling/on-databases/databases.ts';
import { answered, appended, completed, content, newLearner } from '../../tooling/on-databases/learners.ts';
import { mergeGuest } from './merge.ts';
import { deleteData, exportData } from './own-data.ts';
import { makeWriter, receive } from './receive.ts';

onBothDatabases('one’s own data', (database) => {
  const send = async (learner: string, events: unknown[]) =>
    await receive(learner, events, content, makeWriter(database().db));

  test('the export holds everything and no secret', async () => {
    const { db } = database();
    const learner = await newLearner(db, 'account');
    await db.learner.update({ where: { id: learner }, data: { passwordHash: 'scrypt$secret' } });
    await db.team.create({ data: { name: 'Packets', members: { create: { learnerId: learner, role: 'member' } } } });
    await send(learner, [completed(), answered(['ends']), appended(0, ['ip addr']), appended(1, ['ip link'])]);
    const data = await exportData(learner);
    expect(data).toMatchObject({
      learner: { id: learner, kind: 'account' },
      lessons: [{ lessonId: 'lesson-1' }],
      quizAttempts: [{ questionId: 'q', answer: ['ends'], score: 0.5 }],
      terminals: [{ terminalId: 'box', entries: [{ data: 'ip addr' }, { data: 'ip link' }] }],
      teams: [{ name: 'Packets', role: 'member' }],
    });
    expect(JSON.stringify(data)).not.toMatch(/secret|passwordHash|tokenHash/);
  });

  test('deleting leaves nothing, of the guests that were merged neither', async () => {
    const { db } = database();
    const guest = await newLearner(db);
    const learner = await newLearner(db, 'account');
    await send(guest, [completed(), answered(['ends']), appended(0, ['a'])]);
    await mergeGuest(guest, learner);
    await deleteData(learner);
    const left = await Promise.all([
      db.learner.count({ where: { id: { in: [guest, learner] } } }),
      db.lessonState.count({ where: { learnerId: { in: [guest, learner] } } }),
      db.quizAttempt.count({ where: { learnerId: { in: [guest, learner] } } }),
      db.terminalLog.count({ where: { learnerId: { in: [guest, learner] } } }),
      db.terminalChunk.count({ where: { log: { learnerId: { in: [guest, learner] } } } }),
    ]);
    expect(left).toEqual([0, 0, 0, 0, 0]);
    await expect(exportData(learner)).rejects.toMatchObject({ code: 'not-found' });
    await deleteData(learner);
  });

  test('a team is not left without a manager, nor without anybody', async () => {
    const { db } = database();
    const [manager, old, young] = [
      await newLearner(db, 'account'),
      await newLearner(db, 'account'),
      await newLearner(db, 'account'),
    ];
    const alone = await db.team.create({
      data: { name: 'Alone', members: { create: { learnerId: manager, role: 'manager' } } },
    });
    const members = [
      { learnerId: young, role: 'member' as const, joinedAt: new Date(3) },
      { learnerId: old, role: 'member' as const, joinedAt: new Date(2) },
      { learnerId: manager, role: 'manager' as const, joinedAt: new Date(1) },
    ];
    const team = await db.team.create({ data: { name: 'Packets', members: { create: members } } });
    await deleteData(manager);
    expect(await db.team.findUnique({ where: { id: alone.id } })).toBeNull();
    const rest = await db.membership.findMany({ where: { teamId: team.id }, orderBy: { joinedAt: 'asc' } });
    expect(rest.map(({ learnerId, role }) => [learnerId, role])).toEqual([
      [old, 'manager'],
      [young, 'member'],
    ]);
  });
});
