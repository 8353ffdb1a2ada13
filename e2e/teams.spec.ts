import { api, paths } from '../lib/shared/paths.ts';
import { createTeam, invite } from './fixtures/teams.ts';
import { axe, expect, type Page, test } from './fixtures/test.ts';

const matrix = (page: Page) => page.getByRole('table', { name: /Who has finished what/ });

test('a manager invites, a member joins knowing what is seen, and finishing a lesson shows within seconds', async ({
  learner,
  newPerson,
}) => {
  const manager = learner.page;
  await createTeam(manager, 'Platform team');
  await axe(manager);
  const link = await invite(manager);

  const member = await newPerson('Mia Member');
  await member.page.goto(link);
  await expect(member.page.getByText('which lessons you have begun and finished')).toBeVisible();
  await expect(member.page.getByText('They do not see what you type into terminals')).toBeVisible();
  await axe(member.page);
  await member.page.getByRole('button', { name: 'Join Platform team' }).click();
  await expect(member.page.getByRole('heading', { level: 1, name: 'Platform team' })).toBeVisible();
  await expect(matrix(member.page)).toHaveCount(0);

  const row = matrix(manager).getByRole('row', { name: /Mia Member/ });
  await expect(row).toContainText('0 of');
  await member.page.goto(paths.lesson('workshop', 'third-steps'));
  await member.page.getByRole('button', { name: /mark .*(complete|finished|done)/i }).click();
  await expect(row).toContainText('1 of');
  await expect(row).toContainText('finished');
});

test('a guest who opens a link signs up and comes back to it', async ({ learner, newContext }) => {
  await createTeam(learner.page, 'Night shift');
  const link = await invite(learner.page);
  const page = await (await newContext()).newPage();
  await page.goto(link);
  await page.getByRole('link', { name: 'Create an account to join' }).click();
  await page.getByLabel('Name').fill('Gus Guest');
  await page.getByLabel('Email').fill(`gus-${Date.now()}@example.org`);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: /create account|sign up/i }).click();
  await page.getByRole('button', { name: 'Join Night shift' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Night shift' })).toBeVisible();
});

test('a withdrawn link says so and offers a way out', async ({ learner, newContext }) => {
  await createTeam(learner.page, 'Withdrawn');
  const link = await invite(learner.page);
  await learner.page.getByRole('button', { name: 'Withdraw' }).click();
  await expect(learner.page.getByRole('button', { name: 'Withdraw' })).toHaveCount(0);
  const page = await (await newContext()).newPage();
  await page.goto(link);
  await expect(page.getByText('This link was withdrawn.')).toBeVisible();
  await axe(page);
});

test('the last manager cannot leave, and a refused form keeps what was typed', async ({ learner: { page } }) => {
  await createTeam(page, 'Alone');
  await page.getByRole('button', { name: 'Leave the team' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave the team' }).click();
  await expect(page.getByText('A team needs a manager.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByLabel('Name of the team').fill('   ');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByText('Give the team a name.')).toBeVisible();
});

test.describe('strangers', () => {
  test.use({ expectedErrors: /404|401/ });

  test('learn nothing about a team from its address', async ({ learner, newPerson, request }) => {
    await createTeam(learner.page, 'Secret');
    const teamId = learner.page.url().split('/').at(-1) ?? '';
    const stranger = await newPerson();
    expect((await stranger.page.goto(paths.team(teamId)))?.status()).toBe(404);
    await expect(stranger.page.getByText('Secret')).toHaveCount(0);
    expect((await stranger.page.request.get(api.teamDashboard(teamId))).status()).toBe(404);
    expect((await request.get(api.teamDashboard(teamId))).status()).toBe(401);
    expect((await learner.page.request.get(api.teamDashboard(teamId))).status()).toBe(200);
  });

  test('and made-up addresses are answered, not stumbled over', async ({ learner }) => {
    for (const id of ['nothing', '%00', '..%2f..', 'x'.repeat(4000)]) {
      const response = await learner.page.request.get(`/api/teams/${id}/dashboard`);
      expect(response.status(), id).toBe(404);
    }
  });
});

test('a team can be made and shared with the keyboard alone @desktop', async ({ learner: { page } }) => {
  await page.goto(paths.teams);
  const name = page.getByLabel('Name of the team');
  while (!(await name.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'By keyboard' })).toBeVisible();
  const make = page.getByRole('button', { name: 'Make a link' });
  while (!(await make.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/\/join\//)).toBeVisible();
});
