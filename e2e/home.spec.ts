import { paths } from '../lib/shared/paths.ts';
import { progressOf } from './fixtures/progress.ts';
import { axe, expect, test } from './fixtures/test.ts';

test.describe('the home page', () => {
  test('says what it is and starts without an account', async ({ page }) => {
    await page.goto(paths.home);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/hop by hop/);
    await page.getByRole('link', { name: 'Start, no account needed' }).click();
    await expect(page).toHaveURL(/\/courses\/kubernetes-networking\/./);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });

  test('is alive: a ping of the simulated kernel crosses the picture as the page loads', async ({ page }) => {
    await page.goto(paths.home);
    const picture = page.getByRole('img', { name: /Two Pods on one node/ });
    await expect(picture.getByText('ARP').first()).toBeAttached({ timeout: 15_000 });
    await expect(picture.getByText('ICMP').first()).toBeAttached();
    await expect(picture.getByText(/ARP|ICMP/)).toHaveCount(0, { timeout: 15_000 });
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`breaks no rule of accessibility, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(paths.home);
      await axe(page);
    });
  }

  test('leads back to where one was', async ({ page }) => {
    await page.goto(paths.lesson('workshop', 'second-steps'));
    await expect.poll(() => progressOf(page, 'ws-second-steps')).toBeDefined();
    await page.goto(paths.home);
    await page.getByRole('link', { name: 'Continue: Second steps' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Second steps' })).toBeAttached();
  });

  test('can be reached past the header by keyboard @desktop', async ({ page }) => {
    await page.goto(paths.home);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  });

  test('fits a phone @phone', async ({ page }) => {
    await page.goto(paths.home);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

test.describe('light and dark', () => {
  // Scripts are kept away on purpose.
  test.use({ expectedErrors: /ERR_FAILED/ });

  test('follow the system until one chooses, from the first paint', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(paths.home);
    const html = page.locator('html');
    await expect(html).toHaveAttribute('data-theme', 'dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect(html).toHaveAttribute('data-theme', 'light');

    await page.getByRole('button', { name: 'Switch between light and dark' }).click();
    await expect(html).toHaveAttribute('data-theme', 'dark');
    // Before any script of the page has run but the one in its head.
    await page.route(/\/_next\/static\/.*\.js/, (route) => route.abort());
    await page.reload();
    await expect(html).toHaveAttribute('data-theme', 'dark');
  });
});
