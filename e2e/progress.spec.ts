import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import type { APIRequestContext, Page } from '@playwright/test';
import { api, paths } from '../lib/shared/paths.ts';
import { expect, test } from './fixtures/test.ts';

const LESSON = paths.lesson('workshop', 'first-steps');
const THIRD = paths.lesson('workshop', 'third-steps');

const status = (page: Page) => page.getByRole('banner').getByRole('status');
const viewed = (lessonId = 'ws-first-steps') => ({ type: 'lesson.viewed', id: randomUUID(), lessonId, at: Date.now() });
const answer = async (page: Page, option: string) => {
  const question = page.locator('#q-single');
  await question.getByRole('radio', { name: option }).check();
  await question.getByRole('button', { name: 'Check' }).click();
};

/** As a page of this site sends it. */
const send = async (request: APIRequestContext, body: unknown, headers: Record<string, string> = {}, base = '') =>
  await request.post(`${base}${api.events}`, {
    data: body as object,
    headers: { 'Sec-Fetch-Site': 'same-origin', ...headers },
  });

test.describe('progress', () => {
  test('is saved without an account, and found again', async ({ page }) => {
    await page.goto(THIRD);
    await page.getByRole('button', { name: 'Mark complete' }).click();
    await expect(status(page)).toHaveText('Saved');
    await page.reload();
    await expect(page.getByText('Complete. Come back whenever you like.')).toBeVisible();
    const progress = await (await page.request.get(api.progress)).json();
    expect(progress.learner.kind).toBe('guest');
    expect(progress.lessons['ws-third-steps'].completedAt).toBeDefined();
  });

  test('of one person is the same on two devices', async ({ page, learner, secondDevice }) => {
    const other = await secondDevice(learner);
    await page.goto(LESSON);
    await other.goto(LESSON);
    await answer(page, '10.0.0.1');
    await expect(page.locator('#q-single').getByRole('status')).toHaveText('Not right yet. 1 try.');
    await answer(other, '10.0.0.2');
    await expect(other.locator('#q-single').getByRole('status')).toHaveText('Right. 2 tries.');
    await page.reload();
    await expect(page.locator('#q-single').getByRole('status')).toHaveText('Right. 2 tries.');
  });
});

test.describe('without a network', () => {
  test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED/ });

  test('steps wait in the browser, and arrive when it is back', async ({ page, context }) => {
    await page.goto(THIRD);
    await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Mark complete' }).click();
    await expect(status(page)).toContainText(/^Offline: \d+ steps? waits? here/);
    await context.setOffline(false);
    await expect(status(page)).toHaveText('Saved');
    const progress = await (await page.request.get(api.progress)).json();
    expect(progress.lessons['ws-third-steps'].completedAt).toBeDefined();
  });

  test('two tabs: what was done in either arrives once', async ({ page, context }) => {
    await page.goto(LESSON);
    await expect(status(page)).toHaveText('Saved');
    const other = await context.newPage();
    await other.goto(LESSON);
    await expect(other.locator('#q-multi').getByRole('button', { name: 'Check' })).toBeVisible();
    await context.setOffline(true);
    await answer(page, '10.0.0.2');
    await other.locator('#q-multi').getByRole('checkbox', { name: 'Two ends' }).check();
    await other.locator('#q-multi').getByRole('button', { name: 'Check' }).click();
    await expect(status(other)).toContainText('Offline');
    await context.setOffline(false);
    await expect(page.locator('#q-single').getByRole('status')).toHaveText('Right. 1 try.');
    await expect(other.locator('#q-multi').getByRole('status')).toContainText('1 try.');
    // Each tab hears of what the other did.
    await expect(other.locator('#q-single').getByRole('status')).toHaveText('Right. 1 try.');
    const data = await (await page.request.get(api.export)).json();
    expect(data.quizAttempts).toHaveLength(2);
  });
});

test.describe('while the server cannot reach its database', () => {
  test.use({ expectedErrors: /503/ });

  test('lessons are served, progress waits and arrives @sqlite @desktop', async ({ page, ownServer }) => {
    test.slow();
    const site = await ownServer();
    await page.goto(`${site.url}${THIRD}`);
    await expect(status(page)).toHaveText('Saved');
    const other = createClient({ url: `file:${join(site.dataDir, 'hopwise.db')}` });
    await other.execute('BEGIN EXCLUSIVE');
    await page.getByRole('button', { name: 'Mark complete' }).click();
    await expect(status(page)).toContainText('Progress waits: the server cannot reach its database');
    const before = Date.now();
    expect((await page.request.get(`${site.url}${LESSON}`)).status()).toBe(200);
    expect(Date.now() - before).toBeLessThan(2_000);
    const refused = await send(page.request, { events: [viewed()] }, {}, site.url);
    expect(refused.status()).toBe(503);
    expect(Number(refused.headers()['retry-after'])).toBeGreaterThan(0);
    await other.execute('COMMIT');
    other.close();
    await expect(status(page)).toHaveText('Saved', { timeout: 20_000 });
  });
});

test.describe('kill -9 of the server in the middle of writes', () => {
  test('every acknowledged write is there after the restart @desktop', async ({ request, ownServer }) => {
    test.slow();
    const site = await ownServer();
    const first = await send(request, { events: [viewed()] }, {}, site.url);
    const cookie = first.headers()['set-cookie']?.split(';')[0] ?? '';
    const acknowledged: string[] = [];
    const write = async () => {
      for (;;) {
        const id = randomUUID();
        const event = {
          type: 'quiz.answered',
          id,
          lessonId: 'ws-first-steps',
          at: Date.now(),
          questionId: 'q-single',
          version: '',
          answer: ['one'],
        };
        const response = await send(request, { events: [event] }, { Cookie: cookie }, site.url).catch(() => undefined);
        if (!response?.ok()) return;
        acknowledged.push(id);
        if (acknowledged.length === 40) void site.kill('SIGKILL');
      }
    };
    await Promise.all([write(), write(), write(), write()]);
    await site.start();
    const data = await (await request.get(`${site.url}${api.export}`, { headers: { Cookie: cookie } })).json();
    const stored = new Set(data.quizAttempts.map(({ id }: { id: string }) => id));
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  });
});

test.describe('what is forged or malformed is refused in plain words', () => {
  const bad: [string, number, (request: APIRequestContext) => Promise<{ status: () => number }>][] = [
    ['from another site', 403, (r) => send(r, { events: [viewed()] }, { 'Sec-Fetch-Site': 'cross-site' })],
    ['from nowhere', 403, (r) => r.post(api.events, { data: { events: [viewed()] } })],
    ['no JSON', 400, (r) => send(r, 'hello', { 'Content-Type': 'application/json' })],
    ['a form', 400, (r) => send(r, 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' })],
    ['no events', 400, (r) => send(r, { events: [] })],
    ['too many events', 400, (r) => send(r, { events: Array.from({ length: 101 }, () => viewed()) })],
    ['two megabytes', 413, (r) => send(r, { events: ['x'.repeat(2_000_000)] })],
    ['somebody else’s id', 400, (r) => send(r, { learner: "' OR 1=1", events: [viewed()] })],
    [
      'deleting from another site',
      403,
      (r) => r.post(api.deleteMyData, { data: { confirm: 'delete' }, headers: { 'Sec-Fetch-Site': 'cross-site' } }),
    ],
    [
      'deleting nobody',
      401,
      (r) => r.post(api.deleteMyData, { data: { confirm: 'delete' }, headers: { 'Sec-Fetch-Site': 'same-origin' } }),
    ],
    ['the data of nobody', 401, (r) => r.get(api.export)],
    ['a log of nobody', 404, (r) => r.get(`${api.terminalLog}?lesson=ws-first-steps&terminal=box`)],
  ];
  for (const [name, expected, call] of bad) {
    test(`${name} @desktop`, async ({ request }) => {
      const response = await call(request);
      expect(response.status()).toBe(expected);
      expect(await (response as unknown as { json: () => Promise<unknown> }).json()).toMatchObject({
        error: { code: expect.any(String), message: expect.stringMatching(/\w.*\.$/) },
      });
    });
  }

  test('a forged guest is nobody @desktop', async ({ request, playwright, baseURL }) => {
    const answer = await send(request, { events: [viewed()] });
    const [cookie = ''] = (answer.headers()['set-cookie'] ?? '').split(';');
    const [name, value = ''] = cookie.split('=');
    const stranger = await playwright.request.newContext({ baseURL });
    const asked = async (forged: string) =>
      (await (await stranger.get(api.me, { headers: { Cookie: `${name}=${forged}` } })).json()).learner;
    expect(await asked(value)).toMatchObject({ kind: 'guest' });
    const [id = '', signature = ''] = value.split('.');
    for (const forged of [
      id,
      `${id}.`,
      `${id}.${signature.slice(1)}`,
      `${randomUUID()}.${signature}`,
      'x',
      '.'.repeat(100),
    ]) {
      expect(await asked(forged)).toBeNull();
    }
    for (const session of ['x', 'eyJhbGciOiJub25lIn0.e30.', 'a.b.c.d.e']) {
      const me = await stranger.get(api.me, { headers: { Cookie: `hopwise_session=${session}` } });
      expect((await me.json()).learner).toBeNull();
    }
    await stranger.dispose();
  });

  test('asking who one is makes nobody a guest @desktop', async ({ request }) => {
    const me = await request.get(api.me);
    expect(await me.json()).toEqual({ learner: null, quiz: {}, terminals: {} });
    expect(me.headers()['set-cookie']).toBeUndefined();
    expect(me.headers()['cache-control']).toContain('no-store');
  });
});
