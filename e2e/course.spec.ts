import { paths } from '../lib/shared/paths.ts';
import { progressOf } from './fixtures/progress.ts';
import { axe, expect, test } from './fixtures/test.ts';

const COURSE = paths.course('workshop');

test.describe('the map of a course', () => {
  test('shows modules, lessons with their time, and what each module unlocks', async ({ page }) => {
    await page.goto(COURSE);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: /First steps.*15 min/ })).toHaveAttribute(
      'href',
      paths.lesson('workshop', 'first-steps'),
    );
    await expect(page.getByText('Then you can').first()).toBeVisible();
    await expect(page.getByText('0 of 3 lessons complete')).toBeVisible();
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`breaks no rule of accessibility, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(COURSE);
      await axe(page);
    });
  }

  test('says honestly what is not written yet', async ({ page }) => {
    await page.goto(paths.course('kubernetes-networking'));
    const linux = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Linux networking' }) });
    await linux.getByText('In preparation').click();
    await expect(linux.getByText('Tunnels: VXLAN and IPIP')).toBeVisible();
    await expect(page.getByRole('heading', { level: 2, name: 'The incident room' })).toBeVisible();
  });

  test('knows where one is: starts, continues at the place, and marks what is complete', async ({ page }) => {
    await page.goto(COURSE);
    await page.getByRole('link', { name: 'Start with the first lesson' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'First steps' })).toBeVisible();
    await page.getByRole('heading', { name: 'Questions' }).scrollIntoViewIfNeeded();
    await expect.poll(() => progressOf(page, 'ws-first-steps')).toBeDefined();

    await page.goto(COURSE);
    await expect(page.getByRole('link', { name: /First steps/ }).filter({ hasText: 'begun' })).toBeVisible();
    await page.getByRole('link', { name: 'Continue: First steps' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'First steps' })).toBeAttached();
    await page.getByRole('button', { name: 'Mark complete' }).click();
    await expect.poll(() => progressOf(page, 'ws-first-steps')).toHaveProperty('completedAt');

    await page.goto(COURSE);
    await expect(page.getByText('1 of 3 lessons complete')).toBeVisible();
    await expect(page.getByRole('link', { name: /First steps/ }).filter({ hasText: 'complete' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Continue: Second steps' })).toBeVisible();
  });

  test('fits a phone @phone', async ({ page }) => {
    await page.goto(COURSE);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

test.describe('the glossary', () => {
  test('says each term once, with the lessons that use it', async ({ page }) => {
    await page.goto(`${paths.glossary}#ws-cable`);
    const entry = page.locator('#ws-cable');
    await expect(entry).toBeInViewport();
    await entry.getByRole('link', { name: 'First steps' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'First steps' })).toBeVisible();
  });

  test('breaks no rule of accessibility', async ({ page }) => {
    await page.goto(paths.glossary);
    await axe(page);
  });
});

test.describe('the catalogue of commands', () => {
  test('names options that are not simulated', async ({ page }) => {
    await page.goto(`${paths.commands}#ping`);
    const ping = page.locator('#ping');
    await ping.getByText(/options/).click();
    await expect(ping.getByText('-c', { exact: false }).first()).toBeVisible();
    await axe(page);
  });
});
