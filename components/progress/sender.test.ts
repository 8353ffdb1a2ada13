import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventsAnswer, ProgressEvent } from '@/lib/progress';
import { memoryOutbox, type Outbox } from './outbox';
import { type Report, Sender } from './sender';

const viewed = (n: number, lessonId = 'a'): ProgressEvent => ({
  type: 'lesson.viewed',
  id: `event-${n}`,
  at: n,
  lessonId,
});

type Body = { learner: string | null; events: ProgressEvent[] };

/** A server that answers as `answer` says, and remembers what it has accepted. */
function site(answer: (body: Body, request: number) => Response | Error | undefined = () => undefined) {
  const accepted: string[] = [];
  const bodies: Body[] = [];
  const post = async (text: string): Promise<Response> => {
    const body = JSON.parse(text) as Body;
    bodies.push(body);
    const refused = answer(body, bodies.length);
    if (refused instanceof Error) throw refused;
    if (refused) return refused;
    accepted.push(...body.events.map(({ id }) => id));
    const results = body.events.map(({ id }) => ({ id, status: 'accepted' as const }));
    return Response.json({ learner: null, results } satisfies EventsAnswer);
  };
  return { accepted, bodies, post };
}

const refuse = (status: number, code: string, headers = {}) =>
  Response.json({ error: { code, message: '' } }, { status, headers });

function start(outbox: Outbox, post: (body: string) => Promise<Response>) {
  const reports: Report[] = [];
  const answered = vi.fn(async () => {});
  const sender = new Sender(outbox, {
    post,
    exclusively: async (work) => await work(),
    answered,
    report: (report) => reports.push(report),
  });
  return { sender, reports, answered };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = async (milliseconds = 0) => await vi.advanceTimersByTimeAsync(milliseconds);

async function filled(count: number, learner: string | null = null): Promise<Outbox> {
  const outbox = memoryOutbox();
  for (let n = 1; n <= count; n++) await outbox.add(learner, viewed(n));
  return outbox;
}

test('sends everything in order, in parts, and empties the outbox', async () => {
  const outbox = await filled(250);
  const { accepted, bodies, post } = site();
  const { sender, reports } = start(outbox, post);
  sender.wake();
  await settle();
  expect(accepted).toEqual(Array.from({ length: 250 }, (_, n) => `event-${n + 1}`));
  expect(bodies.map(({ events }) => events.length)).toEqual([100, 100, 50]);
  expect(await outbox.all()).toEqual([]);
  expect(reports.at(-1)).toEqual({ phase: 'idle', waiting: 0, foreign: 0 });
});

test('offline: keeps all, says so, and tries again with growing pauses', async () => {
  const outbox = await filled(3);
  const { bodies, post } = site((_, request) => (request <= 5 ? new TypeError('Failed to fetch') : undefined));
  const { sender, reports } = start(outbox, post);
  sender.wake();
  await settle();
  expect(reports.at(-1)).toEqual({ phase: 'offline', waiting: 3, foreign: 0 });
  expect(await outbox.all()).toHaveLength(3);
  await settle(2_000);
  expect(bodies.length).toBeLessThanOrEqual(3);
  await settle(60_000);
  expect(bodies).toHaveLength(6);
  expect(reports.at(-1)?.phase).toBe('idle');
});

test('back online: does not wait for the pause to end', async () => {
  let online = false;
  const { accepted, post } = site(() => (online ? undefined : new TypeError('Failed to fetch')));
  const { sender } = start(await filled(1), post);
  sender.wake();
  await settle();
  online = true;
  sender.wake();
  await settle();
  expect(accepted).toEqual(['event-1']);
});

test('a server without its database: waits as long as it asks for', async () => {
  const { bodies, post } = site((_, request) =>
    request === 1 ? refuse(503, 'unavailable', { 'Retry-After': '30' }) : undefined,
  );
  const { sender, reports } = start(await filled(1), post);
  sender.wake();
  await settle(29_000);
  expect(bodies).toHaveLength(1);
  expect(reports.at(-1)?.phase).toBe('waiting');
  await settle(10_000);
  expect(bodies).toHaveLength(2);
});

test('an answer that is lost on the way: the same events are sent again', async () => {
  const { bodies, post } = site((_, request) => (request === 1 ? new Response('<html>proxy</html>') : undefined));
  const { sender } = start(await filled(2), post);
  sender.wake();
  await settle(5_000);
  expect(bodies.map(({ events }) => events.map(({ id }) => id))).toEqual([
    ['event-1', 'event-2'],
    ['event-1', 'event-2'],
  ]);
});

test('events stay in the outbox until what follows from the answer is done', async () => {
  const outbox = await filled(1);
  const { sender, answered } = start(outbox, site().post);
  answered.mockRejectedValueOnce(new Error('the log cannot be read now'));
  sender.wake();
  await settle();
  expect(await outbox.all()).toHaveLength(1);
  await settle(5_000);
  expect(await outbox.all()).toEqual([]);
});

test('one event that the server cannot take does not stop the others', async () => {
  const { accepted, post } = site(({ events }) =>
    events.some(({ id }) => id === 'event-7') ? refuse(413, 'too-large') : undefined,
  );
  const outbox = await filled(20);
  const { sender } = start(outbox, post);
  sender.wake();
  await settle();
  expect(accepted).toHaveLength(19);
  expect(accepted).not.toContain('event-7');
  expect(await outbox.all()).toEqual([]);
});

test('another account’s events wait for it, and nobody else’s wait for them', async () => {
  const outbox = memoryOutbox();
  await outbox.add('ada', viewed(1));
  await outbox.add(null, viewed(2));
  await outbox.add('bob', viewed(3));
  let signedIn = 'bob';
  const { accepted, post } = site(({ learner }) =>
    learner && learner !== signedIn ? refuse(409, 'other-learner') : undefined,
  );
  const { sender, reports } = start(outbox, post);
  sender.wake();
  await settle();
  expect(accepted).toEqual(['event-2', 'event-3']);
  expect(reports.at(-1)).toEqual({ phase: 'idle', waiting: 0, foreign: 1 });
  signedIn = 'ada';
  sender.learnerChanged();
  await settle();
  expect(accepted).toEqual(['event-2', 'event-3', 'event-1']);
});

test('what happens while a request is under way is sent after it', async () => {
  const outbox = await filled(1);
  const { accepted, post } = site();
  const { sender } = start(outbox, async (body) => {
    if (accepted.length === 0) {
      await outbox.add(null, viewed(2));
      sender.wake();
    }
    return await post(body);
  });
  sender.wake();
  await settle();
  expect(accepted).toEqual(['event-1', 'event-2']);
});
