import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { APIRequestContext } from '@playwright/test';
import { api, paths } from '../lib/shared/paths.ts';
import { ROOT } from '../lib/tooling/bootstrap/root.mjs';
import { createTeam, invite } from './fixtures/teams.ts';
import { expect, test } from './fixtures/test.ts';

/**
 * Every route of the JSON interface and every page of a team, asked by everybody who may come: the table has a row for
 * each file below app/api, so that a new one cannot be forgotten.
 */
type Role = 'nobody' | 'guest' | 'stranger' | 'member' | 'manager';
type Row = {
  method: 'GET' | 'POST';
  path: string;
  data?: unknown;
  expected: Record<Role, number>;
};

const everybody = (status: number): Record<Role, number> => ({
  nobody: status,
  guest: status,
  stranger: status,
  member: status,
  manager: status,
});
const learnersOnly = (refused: number): Record<Role, number> => ({ ...everybody(200), nobody: refused });

const routes: Record<string, (teamId: string) => Row[]> = {
  'auth/[...nextauth]': () => [{ method: 'GET', path: '/api/auth/session', expected: everybody(200) }],
  'content-changes': () => [
    { method: 'GET', path: api.contentChanges, expected: everybody(404) },
    { method: 'POST', path: api.contentChanges, expected: everybody(200) },
  ],
  // Without the word that confirms it: what it does to whom is a test of accounts.
  'delete-my-data': () => [{ method: 'POST', path: api.deleteMyData, data: {}, expected: everybody(400) }],
  events: () => [{ method: 'POST', path: api.events, data: { events: [] }, expected: everybody(400) }],
  export: () => [{ method: 'GET', path: api.export, expected: learnersOnly(401) }],
  health: () => [{ method: 'GET', path: api.health, expected: everybody(200) }],
  me: () => [{ method: 'GET', path: api.me, expected: everybody(200) }],
  progress: () => [{ method: 'GET', path: api.progress, expected: everybody(200) }],
  'teams/[teamId]/dashboard': (teamId) => [
    {
      method: 'GET',
      path: api.teamDashboard(teamId),
      expected: { nobody: 401, guest: 401, stranger: 404, member: 403, manager: 200 },
    },
  ],
  'terminal-log': () => [
    { method: 'GET', path: `${api.terminalLog}?lesson=one-pod-one-ip&terminal=pods`, expected: everybody(404) },
  ],
};

const pages = (teamId: string): Row[] => [
  { method: 'GET', path: paths.team(teamId), expected: { ...everybody(200), nobody: 404, guest: 404, stranger: 404 } },
  { method: 'GET', path: paths.teams, expected: everybody(200) },
  { method: 'GET', path: paths.profile, expected: everybody(200) },
];

test('the table has every route', () => {
  const files = readdirSync(join(ROOT, 'app/api'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('route.ts'))
    .map(dirname);
  expect(files.sort()).toEqual(Object.keys(routes).sort());
  for (const file of files) {
    const source = readFileSync(join(ROOT, 'app/api', file, 'route.ts'), 'utf8');
    const methods = [...source.matchAll(/export (?:async )?(?:function|const) (GET|POST|PUT|PATCH|DELETE)\b/g)];
    const rows = (routes[file] ?? (() => []))('team').map(({ method }) => method);
    for (const [, method] of methods) expect(rows, file).toContain(method);
  }
});

test.describe('answers', () => {
  test.use({ expectedErrors: /40[0134]/ });

  test('each route and page of a team gives everybody what is theirs @desktop', async ({
    learner: manager,
    newPerson,
    newContext,
    baseURL,
  }) => {
    test.setTimeout(120_000);
    const [stranger, member] = [await newPerson('Sam Stranger'), await newPerson('Mia Member')];
    await createTeam(manager.page, 'Platform');
    const teamId = manager.page.url().split('/').at(-1) ?? '';
    await member.page.goto(await invite(manager.page));
    await member.page.getByRole('button', { name: 'Join Platform' }).click();
    await member.page.waitForURL(`**${paths.team(teamId)}`);
    const guest = (await newContext()).request;
    await guest.post(api.events, {
      headers: { origin: baseURL ?? '', 'sec-fetch-site': 'same-origin' },
      data: {
        learner: null,
        events: [{ type: 'lesson.viewed', id: crypto.randomUUID(), at: Date.now(), lessonId: 'one-pod-one-ip' }],
      },
    });
    const askers: Record<Role, APIRequestContext> = {
      nobody: (await newContext()).request,
      guest,
      stranger: stranger.page.request,
      member: member.page.request,
      manager: manager.page.request,
    };
    for (const row of [...Object.values(routes).flatMap((rows) => rows(teamId)), ...pages(teamId)]) {
      const got = await Promise.all(
        Object.entries(askers).map(async ([role, request]) => [role, await statusOf(request, row, baseURL ?? '')]),
      );
      expect(Object.fromEntries(got), `${row.method} ${row.path}`).toEqual(row.expected);
    }
  });
});

async function statusOf(request: APIRequestContext, { method, path, data }: Row, origin: string): Promise<number> {
  const headers = { origin, 'sec-fetch-site': 'same-origin' };
  return (await request.fetch(path, { method, headers, ...(data !== undefined && { data }) })).status();
}
