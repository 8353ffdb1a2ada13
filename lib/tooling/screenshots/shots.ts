import { randomBytes } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { paths } from '../../shared/paths.ts';

/** What the README and those who judge the look want to see. `arrange` brings the page there as a person would. */
export type Shot = {
  name: string;
  device?: 'desktop' | 'phone';
  dark?: boolean;
  arrange: (page: Page) => Promise<void>;
};

const COURSE = 'kubernetes-networking';
const FIRST = paths.lesson(COURSE, 'one-pod-one-ip');
const SECOND = paths.lesson(COURSE, 'a-flat-network-without-nat');

export const SHOTS: readonly Shot[] = [
  { name: 'home', arrange: home },
  { name: 'home-dark', dark: true, arrange: home },
  { name: 'home-phone', device: 'phone', arrange: home },
  { name: 'course', arrange: (page) => open(page, paths.course(COURSE)) },
  { name: 'lesson', arrange: listing },
  { name: 'lesson-dark', dark: true, arrange: listing },
  { name: 'lesson-phone', device: 'phone', arrange: (page) => open(page, FIRST) },
  { name: 'terminal-phone', device: 'phone', arrange: terminalOnPhone },
  { name: 'quiz', arrange: answered },
  { name: 'quiz-dark', dark: true, arrange: answered },
  { name: 'glossary', arrange: (page) => open(page, paths.glossary) },
  { name: 'sign-up', arrange: (page) => open(page, paths.signUp) },
  { name: 'profile', arrange: profile },
  { name: 'team', arrange: team },
  { name: 'team-dark', dark: true, arrange: team },
  { name: 'not-found', arrange: (page) => open(page, '/nowhere') },
];

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const ready = (page: Page) => page.locator('[data-terminal][data-state=ready]').first().waitFor();

/** Until a text stands in a terminal: xterm's rows are in the page for screen readers and for us. */
const said = (page: Page, text: string) => page.locator('[data-terminal]').getByText(text).last().waitFor();

async function home(page: Page): Promise<void> {
  await open(page, paths.home);
  await ready(page);
  await said(page, 'time=').catch(() => undefined);
}

/** Two Pods on a bridge, as the lesson builds them: its listings run by their buttons, one after the other. */
async function listing(page: Page): Promise<void> {
  await open(page, SECOND);
  await ready(page);
  const run = page.getByRole('button', { name: /^run/i });
  for (const index of [0, 1, 2]) await run.nth(index).click();
  await said(page, 'ICMP echo reply');
}

async function terminalOnPhone(page: Page): Promise<void> {
  await open(page, FIRST);
  await page
    .getByRole('button', { name: /host, a Linux/ })
    .first()
    .click();
  await ready(page);
  const line = page.getByRole('textbox', { name: 'Command' });
  await line.fill('ip -br link');
  await line.press('Enter');
  await said(page, 'LOOPBACK');
}

async function answered(page: Page): Promise<void> {
  await open(page, FIRST);
  const question = page
    .locator('form')
    .filter({ has: page.getByRole('radio') })
    .first();
  await question.getByRole('radio').first().check();
  await question.getByRole('button', { name: 'Check' }).click();
  await question.getByRole('button', { name: 'Try again' }).or(question.getByText('Correct')).first().waitFor();
  await question.scrollIntoViewIfNeeded();
}

async function signUp(page: Page, name: string): Promise<void> {
  await open(page, paths.signUp);
  await page.getByLabel('Name').fill(name);
  await page
    .getByLabel('Email')
    .fill(`${name.toLowerCase().replace(/\W+/g, '.')}.${randomBytes(3).toString('hex')}@example.org`);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await page.waitForURL((url) => url.pathname !== paths.signUp);
}

async function profile(page: Page): Promise<void> {
  await signUp(page, 'Ada Reader');
  await complete(page, FIRST);
  await open(page, paths.profile);
}

async function complete(page: Page, lesson: string): Promise<void> {
  await open(page, lesson);
  await page.getByRole('button', { name: 'Mark complete' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
}

/** A manager and three members, each at another place. */
async function team(page: Page): Promise<void> {
  await signUp(page, 'Mira Okafor');
  await open(page, paths.teams);
  await page.getByLabel('Name of the team').fill('Platform team');
  await page.getByRole('button', { name: 'Create team' }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = (await page.getByText(/\/join\//).textContent()) ?? '';
  const browser = page.context().browser() as Browser;
  const origin = new URL(page.url()).origin;
  for (const [name, lessons] of [
    ['Jonas Weber', ['the-map', 'your-terminal', 'one-pod-one-ip', 'a-flat-network-without-nat']],
    ['Priya Raman', ['the-map', 'one-pod-one-ip']],
    ['Sam Lind', ['the-map']],
  ] as const) {
    const context = await browser.newContext({ baseURL: origin });
    const member = await context.newPage();
    await signUp(member, name);
    await member.goto(link);
    await member.getByRole('button', { name: 'Join Platform team' }).click();
    await member.getByRole('heading', { level: 1, name: 'Platform team' }).waitFor();
    for (const slug of lessons) await complete(member, paths.lesson(COURSE, slug));
    await context.close();
  }
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
}
