import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../tooling/db/migrate.ts';
import { type Database, openDatabase, setDatabase } from '../db/index.ts';
import * as teams from './index.ts';
import type { Actor } from './permissions.ts';

const now = new Date('2026-11-22T10:00:00Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

let folder: string;
let database: Database;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hopwise-teams-'));
  const url = `file:${path.join(folder, 'test.db')}`;
  await migrate(url);
  database = openDatabase(url);
  setDatabase(database);
});

afterAll(async () => {
  setDatabase(undefined);
  await database.$disconnect();
  rmSync(folder, { recursive: true, force: true });
});

type Role = 'nobody' | 'guest' | 'stranger' | 'member' | 'manager';
type Cast = {
  teamId: string;
  token: string;
  inviteId: string;
  actors: Record<Role, Actor>;
  ids: Record<'member' | 'manager', string>;
};

let cast: Cast;

async function person(name: string | null): Promise<{ id: string; kind: 'guest' | 'account' }> {
  const kind = name === null ? ('guest' as const) : ('account' as const);
  const { id } = await database.learner.create({
    data: { kind, name, email: name && `${name}-${Math.random()}@example.org` },
  });
  return { id, kind };
}

beforeEach(async () => {
  const [guest, stranger, member, manager, other] = [
    await person(null),
    await person('Sam'),
    await person('Mia'),
    await person('Max'),
    await person('Olga'),
  ];
  const teamId = await teams.createTeam(manager, 'Platform', now);
  const token = await teams.createInvite(manager, teamId, 'member', 7, now);
  await teams.acceptInvite(member, token, now);
  const managers = await teams.createInvite(manager, teamId, 'manager', 7, now);
  await teams.acceptInvite(other, managers, now);
  const [invite] = await teams.openInvites(manager, teamId, now);
  cast = {
    teamId,
    token,
    inviteId: invite?.id ?? '',
    actors: { nobody: null, guest, stranger, member, manager },
    ids: { member: member.id, manager: manager.id },
  };
});

type Outcome = 'ok' | 'empty' | 'unauthenticated' | 'not-found' | 'forbidden';
type Door = {
  [Name in keyof typeof teams as (typeof teams)[Name] extends (...args: never[]) => unknown ? Name : never]: unknown;
};

/** Every function of the door, as everybody. A new function without a row does not compile. */
const table: Record<keyof Door, { run: (actor: Actor) => Promise<unknown>; expected: Record<Role, Outcome> }> = {
  teamsOf: {
    run: (actor) => teams.teamsOf(actor),
    expected: { nobody: 'empty', guest: 'empty', stranger: 'empty', member: 'ok', manager: 'ok' },
  },
  createTeam: {
    run: (actor) => teams.createTeam(actor, 'Another', now),
    expected: { nobody: 'unauthenticated', guest: 'unauthenticated', stranger: 'ok', member: 'ok', manager: 'ok' },
  },
  readInvitation: {
    run: (actor) => teams.readInvitation(actor, cast.token, now),
    expected: { nobody: 'ok', guest: 'ok', stranger: 'ok', member: 'ok', manager: 'ok' },
  },
  acceptInvite: {
    run: (actor) => teams.acceptInvite(actor, cast.token, now),
    expected: { nobody: 'unauthenticated', guest: 'unauthenticated', stranger: 'ok', member: 'ok', manager: 'ok' },
  },
  teamOverview: { run: (actor) => teams.teamOverview(actor, cast.teamId), expected: memberOnly() },
  leaveTeam: { run: (actor) => teams.leaveTeam(actor, cast.teamId), expected: memberOnly() },
  dashboard: { run: (actor) => teams.dashboard(actor, cast.teamId), expected: managerOnly() },
  openInvites: { run: (actor) => teams.openInvites(actor, cast.teamId, now), expected: managerOnly() },
  createInvite: { run: (actor) => teams.createInvite(actor, cast.teamId, 'member', 7, now), expected: managerOnly() },
  revokeInvite: { run: (actor) => teams.revokeInvite(actor, cast.teamId, cast.inviteId, now), expected: managerOnly() },
  renameTeam: { run: (actor) => teams.renameTeam(actor, cast.teamId, 'Renamed'), expected: managerOnly() },
  setRole: { run: (actor) => teams.setRole(actor, cast.teamId, cast.ids.member, 'manager'), expected: managerOnly() },
  removeMember: { run: (actor) => teams.removeMember(actor, cast.teamId, cast.ids.member), expected: managerOnly() },
  deleteTeam: { run: (actor) => teams.deleteTeam(actor, cast.teamId), expected: managerOnly() },
};

function memberOnly(): Record<Role, Outcome> {
  return { nobody: 'unauthenticated', guest: 'unauthenticated', stranger: 'not-found', member: 'ok', manager: 'ok' };
}

function managerOnly(): Record<Role, Outcome> {
  return { ...memberOnly(), member: 'forbidden' };
}

describe.each(Object.entries(table))('%s', (_name, { run, expected }) => {
  test.each(Object.entries(expected) as [Role, Outcome][])('as %s: %s', async (role, outcome) => {
    const got = await run(cast.actors[role]).then(
      (value) => (Array.isArray(value) && value.length === 0 ? 'empty' : 'ok'),
      (error) => error.code ?? error,
    );
    expect(got).toBe(outcome);
  });
});

describe('links', () => {
  test('expire, and can be withdrawn', async () => {
    const { stranger, manager } = cast.actors;
    await expect(teams.acceptInvite(stranger, cast.token, later(8))).rejects.toMatchObject({ code: 'expired' });
    for (const { id } of await teams.openInvites(manager, cast.teamId, now))
      await teams.revokeInvite(manager, cast.teamId, id, now);
    await expect(teams.acceptInvite(stranger, cast.token, now)).rejects.toMatchObject({ code: 'expired' });
    expect(await teams.openInvites(manager, cast.teamId, now)).toEqual([]);
  });

  test('are kept only as hashes', async () => {
    const rows = await database.invite.findMany({ where: { teamId: cast.teamId } });
    expect(JSON.stringify(rows)).not.toContain(cast.token);
  });

  test('that do not exist lead nowhere', async () => {
    await expect(teams.readInvitation(null, 'x'.repeat(32), now)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('taken twice count once, and do not lower a manager', async () => {
    const { manager, stranger } = cast.actors;
    await teams.acceptInvite(stranger, cast.token, now);
    await teams.acceptInvite(stranger, cast.token, now);
    await teams.acceptInvite(manager, cast.token, now);
    expect((await teams.teamOverview(manager, cast.teamId)).role).toBe('manager');
    expect((await teams.openInvites(manager, cast.teamId, now)).map(({ uses }) => uses).sort()).toEqual([1, 2]);
  });

  test('of another team cannot be withdrawn from this one', async () => {
    const other = await teams.createTeam(cast.actors.stranger, 'Other', now);
    await expect(teams.revokeInvite(cast.actors.stranger, other, cast.inviteId, now)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

test('a team keeps a manager', async () => {
  const { stranger } = cast.actors;
  const alone = await teams.createTeam(stranger, 'Alone', now);
  await expect(teams.leaveTeam(stranger, alone)).rejects.toMatchObject({ code: 'conflict' });
  await expect(teams.setRole(stranger, alone, stranger?.id ?? '', 'member')).rejects.toMatchObject({
    code: 'conflict',
  });
  await teams.deleteTeam(stranger, alone);
  expect(await teams.teamsOf(stranger)).toEqual([]);
});

test('the dashboard shows who has begun and finished what, and nothing else', async () => {
  const { member, manager } = cast.actors;
  await database.lessonState.create({
    data: {
      learnerId: member?.id ?? '',
      lessonId: 'one-pod-one-ip',
      startedAt: now,
      completedAt: later(1),
      updatedAt: later(1),
    },
  });
  const rows = await teams.dashboard(manager, cast.teamId);
  expect(rows.map(({ name }) => name)).toEqual(['Max', 'Mia', 'Olga']);
  expect(rows[1]?.lessons).toEqual({
    'one-pod-one-ip': { started: now.toISOString(), completed: later(1).toISOString() },
  });
  expect(Object.keys(rows[1] ?? {}).sort()).toEqual(['email', 'joined', 'learnerId', 'lessons', 'name', 'role']);
});

test.each([
  ['', 'Give the team a name.'],
  ['   ', 'Give the team a name.'],
  ['x'.repeat(81), 'Use at most 80 characters.'],
])('the name %j is refused at its field', async (name, message) => {
  await expect(teams.createTeam(cast.actors.stranger, name, now)).rejects.toMatchObject({
    code: 'invalid-input',
    detail: { fields: { name: message } },
  });
});
