import type { Page } from '@playwright/test';

/** What the README and those who judge the look want to see. `arrange` brings the page there as a person would. */
export type Shot = {
  name: string;
  device?: 'desktop' | 'phone';
  dark?: boolean;
  arrange: (page: Page) => Promise<void>;
};

const COURSE = '/courses/kubernetes-networking';
const LESSON = `${COURSE}/one-pod-one-ip`;

export const SHOTS: readonly Shot[] = [
  { name: 'home', arrange: (page) => open(page, '/') },
  { name: 'home-phone', device: 'phone', arrange: (page) => open(page, '/') },
  { name: 'course', arrange: (page) => open(page, COURSE) },
  { name: 'lesson', arrange: inTerminal },
  { name: 'lesson-dark', dark: true, arrange: inTerminal },
  { name: 'lesson-phone', device: 'phone', arrange: inTerminal },
  { name: 'quiz-dark', dark: true, arrange: answered },
  { name: 'glossary', arrange: (page) => open(page, '/glossary') },
  { name: 'sign-up', arrange: (page) => open(page, '/sign-up') },
  { name: 'team', arrange: team },
];

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

async function inTerminal(page: Page): Promise<void> {
  await open(page, LESSON);
  await page.locator('[data-terminal]').first().scrollIntoViewIfNeeded();
  await page.locator('[data-terminal][data-state=ready]').first().waitFor();
}

async function answered(page: Page): Promise<void> {
  await open(page, LESSON);
}

async function team(page: Page): Promise<void> {
  await open(page, '/teams');
}
