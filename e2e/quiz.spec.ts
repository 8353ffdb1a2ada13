import type { Page } from '@playwright/test';
import { paths } from '../lib/shared/paths.ts';
import { axe, expect, test } from './fixtures/test.ts';

const LESSON = paths.lesson('workshop', 'first-steps');
const single = (page: Page) => page.locator('#q-single');
const multiple = (page: Page) => page.locator('#q-multi');

test.describe('a question', () => {
  test('says why an option is wrong, and lets one try again', async ({ page }) => {
    await page.goto(LESSON);
    const question = single(page);
    await question.getByRole('radio', { name: '10.0.0.1' }).check();
    await question.getByRole('button', { name: 'Check' }).click();
    await expect(question.getByRole('status')).toHaveText('Not right yet. 1 try.');
    await expect(question.getByText('That is red.')).toBeVisible();
    // What was not chosen stays open, or trying again would be copying.
    await expect(question.getByText('Nobody has that one.')).toBeHidden();

    await question.getByRole('button', { name: 'Try again' }).click();
    await expect(question.getByText('That is red.')).toBeHidden();
    await question.getByRole('radio', { name: '10.0.0.2' }).check();
    await question.getByRole('button', { name: 'Check' }).click();
    await expect(question.getByRole('status')).toHaveText('Right. 2 tries.');
    await expect(question.getByText('Yes, blue has 10.0.0.2.')).toBeVisible();
    await expect(question.getByText('The setup gives red the first address')).toBeVisible();
  });

  test('remembers answers and tries', async ({ page }) => {
    await page.goto(LESSON);
    await multiple(page).getByRole('checkbox', { name: 'Two ends' }).check();
    await multiple(page).getByRole('button', { name: 'Check' }).click();
    const status = multiple(page).getByRole('status');
    await expect(status).toHaveText('All of these are right, but there is more. 1 try.');
    await page.reload();
    await expect(status).toHaveText('All of these are right, but there is more. 1 try.');
    await expect(multiple(page).getByRole('checkbox', { name: 'Two ends' })).toBeChecked();
  });

  test('can be answered with the keyboard alone @desktop', async ({ page }) => {
    await page.goto(LESSON);
    const question = single(page);
    await question.getByRole('radio', { name: '10.0.0.1' }).focus();
    await page.keyboard.press('ArrowDown');
    await expect(question.getByRole('radio', { name: '10.0.0.2' })).toBeChecked();
    await page.keyboard.press('Enter');
    await expect(question.getByRole('status')).toHaveText('Right. 1 try.');
  });

  test('asks for a choice before it checks', async ({ page }) => {
    await page.goto(LESSON);
    await single(page).getByRole('button', { name: 'Check' }).click();
    await expect(single(page).getByRole('status')).toHaveText('Choose an answer first.');
  });

  test('breaks no rule of accessibility while open, wrong and right', async ({ page }) => {
    await page.goto(LESSON);
    await single(page).getByRole('radio', { name: '10.0.0.3' }).check();
    await single(page).getByRole('button', { name: 'Check' }).click();
    await expect(single(page).getByRole('status')).toContainText('1 try.');
    await multiple(page).getByRole('checkbox', { name: 'Two ends' }).check();
    await multiple(page).getByRole('checkbox', { name: 'One wire' }).check();
    await multiple(page).getByRole('button', { name: 'Check' }).click();
    await expect(multiple(page).getByRole('status')).toContainText('Right.');
    // Half under the header that stays, a target counts as too small.
    await page.evaluate(() => scrollTo(0, 0));
    await axe(page);
  });

  test('no key is in the browser before an answer', async ({ page }) => {
    const bodies: Promise<string>[] = [];
    page.on('response', (response) => bodies.push(response.text().catch(() => '')));
    await page.goto(LESSON);
    await expect(single(page).getByRole('button', { name: 'Check' })).toBeVisible();
    await page.getByRole('link', { name: 'Second steps' }).filter({ visible: true }).first().hover();
    const everything = (await Promise.all(bodies)).join('\n');
    // The page was seen …
    expect(everything).toContain('Which address does blue have?');
    // … and of no option what is said about it, nor the explanation.
    for (const secret of ['That is red', 'Yes, blue has', 'Nobody has that', 'The setup gives', 'One in each room']) {
      expect(everything).not.toContain(secret);
    }
    expect(everything).not.toMatch(/correct\\?":true/);
  });
});

test.describe('without a network', () => {
  test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED/ });

  test('an answer waits, over a reload of the page too, and is graded when the network is back', async ({
    page,
    context,
  }) => {
    await page.goto(LESSON);
    await expect(single(page).getByRole('button', { name: 'Check' })).toBeVisible();
    await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
    await single(page).getByRole('radio', { name: '10.0.0.2' }).check();
    await single(page).getByRole('button', { name: 'Check' }).click();
    await expect(single(page).getByRole('status')).toHaveText(/Your answer is kept and is checked as soon as/);
    await page.reload();
    await expect(single(page).getByRole('radio', { name: '10.0.0.2' })).toBeChecked();
    await context.unroute('**/api/**');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect(single(page).getByRole('status')).toHaveText('Right. 1 try.');
  });
});
