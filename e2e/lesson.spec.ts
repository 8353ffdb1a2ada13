import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '../lib/shared/paths.ts';
import { progressOf } from './fixtures/progress.ts';
import { axe, expect, test } from './fixtures/test.ts';

const FIRST = paths.lesson('workshop', 'first-steps');

test.describe('a lesson', () => {
  test('opens with its question, what one can do afterwards, and how long it takes', async ({ page }) => {
    await page.goto(FIRST);
    await expect(page.getByRole('heading', { level: 1, name: 'First steps' })).toBeVisible();
    await expect(page.getByText('Do two rooms with a cable between them reach each other?')).toBeVisible();
    await expect(page.getByText('15 minutes')).toBeVisible();
    const objectives = page.getByRole('region', { name: 'After this lesson you can' }).getByRole('listitem');
    await expect(objectives).toHaveText(['send a packet through a cable', 'say which end it came out of']);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`breaks no rule of accessibility, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(FIRST);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await axe(page);
    });
  }

  test('is the same page for everyone: its HTML holds the text and nothing personal', async ({ request }) => {
    const response = await request.get(FIRST);
    const html = await response.text();
    expect(html).toContain('Two rooms, red and blue');
    expect(html).toContain('<svg');
    expect(response.headers()['set-cookie']).toBeUndefined();
    expect(response.headers()['x-powered-by']).toBeUndefined();
    expect(response.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test('marks in the contents what is being read, and leads there @desktop', async ({ page }) => {
    await page.goto(FIRST);
    const contents = page.getByRole('navigation', { name: 'Contents' }).filter({ visible: true });
    await contents.getByRole('link', { name: 'Questions' }).click();
    await expect(page).toHaveURL(/#questions$/);
    await expect(page.getByRole('heading', { name: 'Questions' })).toBeInViewport();
    await expect(contents.getByRole('link', { name: 'Questions' })).toHaveAttribute('aria-current', 'location');
  });

  test('folds its contents away, and they stay folded @desktop', async ({ page }) => {
    await page.goto(FIRST);
    const link = page.getByRole('link', { name: 'Look around' }).filter({ visible: true });
    const fold = page.getByRole('button', { name: 'Show or hide the contents' });
    await expect(link).toBeVisible();
    await fold.click();
    await expect(link).toBeHidden();
    await page.reload();
    await expect(fold).toBeVisible();
    await expect(link).toBeHidden();
    await fold.click();
    await expect(link).toBeVisible();
  });

  test('has its contents above the text on a phone, and nothing wider than the screen @phone', async ({ page }) => {
    await page.goto(FIRST);
    await page.getByText('On this page').filter({ visible: true }).click();
    await expect(page.getByRole('link', { name: 'Look around' }).filter({ visible: true })).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test('explains a term where it stands, by click and by keyboard', async ({ page }) => {
    await page.goto(FIRST);
    const term = page.getByRole('button', { name: 'workshop cable' });
    const note = page.getByRole('note').filter({ hasText: 'In the glossary' });
    await term.click();
    await expect(note).toBeVisible();
    await expect(note).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Escape');
    await expect(note).toBeHidden();
    await expect(term).toBeFocused();
    await page.keyboard.press('Enter');
    await note.getByRole('link', { name: 'In the glossary' }).click();
    await expect(page).toHaveURL(/\/glossary#ws-cable$/);
  });

  test('switches tabs by arrow keys', async ({ page }) => {
    await page.goto(FIRST);
    await page.getByRole('tab', { name: 'Red' }).focus();
    await expect(page.getByText('Red has the address 10.0.0.1.')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: 'Blue' })).toBeFocused();
    await expect(page.getByText('Blue has the address 10.0.0.2.')).toBeVisible();
    await expect(page.getByText('Red has the address 10.0.0.1.')).toBeHidden();
  });

  test('copies the commands of a listing without prompts and output @desktop', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(FIRST);
    const listing = page.getByRole('figure').filter({ hasText: '1 packets transmitted' });
    await listing.getByRole('button', { name: 'Copy' }).click();
    await expect(listing.getByRole('button', { name: 'Copied' })).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(
      'ip -n red -br addr show dev veth-red | cut -c1-40\nip netns exec red ping -c 1 -q 10.0.0.2 | grep received',
    );
  });

  test('is complete when one says so, and still is after a reload', async ({ page }) => {
    await page.goto(FIRST);
    await page.getByRole('radio', { name: 'Sure', exact: true }).check();
    await page.getByRole('button', { name: 'Mark complete' }).click();
    await expect(page.getByText('Complete. Come back whenever you like.')).toBeVisible();
    await expect.poll(() => progressOf(page, 'ws-first-steps')).toHaveProperty('completedAt');
    await page.reload();
    await expect(page.getByText('Complete. Come back whenever you like.')).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Sure', exact: true })).toBeChecked();
    await page.getByRole('link', { name: /^Next: Second steps/ }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Second steps' })).toBeVisible();
  });

  test('leads to the lessons before and after, and to its sources', async ({ page }) => {
    await page.goto(paths.lesson('workshop', 'second-steps'));
    const pager = page.getByRole('navigation', { name: 'Lessons before and after' });
    await expect(pager.getByRole('link', { name: /First steps/ })).toHaveAttribute('href', FIRST);
    await pager.getByRole('link', { name: /Third steps/ }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Third steps' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'RFC 791' })).toHaveAttribute(
      'href',
      'https://www.rfc-editor.org/rfc/rfc791',
    );
  });

  test('prints the text without what is only for the screen @desktop', async ({ page }) => {
    await page.goto(FIRST);
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('heading', { name: 'Look around' })).toBeVisible();
    await expect(page.getByText('Blue has the address 10.0.0.2.')).toBeVisible();
    await expect(page.getByRole('banner')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Mark complete' })).toBeHidden();
  });
});

test('a page that is not there says so and leads on', async ({ page }) => {
  const response = await page.request.get(paths.lesson('workshop', 'nothing-here'));
  expect(response.status()).toBe(404);
  expect(await response.text()).toContain('No route to this page');
});

test.describe('content with mistakes @desktop @sqlite', () => {
  test('says on the lesson’s own page what is wrong; other lessons work; a new lesson needs no rebuild', async ({
    ownServer,
    page,
  }) => {
    test.setTimeout(120_000);
    const content = await mkdtemp(join(tmpdir(), 'hopwise-e2e-content-'));
    await cp('e2e/fixtures/content', content, { recursive: true });
    const module = join(content, 'courses/workshop/01-basics');
    const first = join(module, '01-first-steps/lesson.mdx');
    const text = await readFile(first, 'utf8');
    await writeFile(first, text.replace('<Quiz id="q-single" />', '<Quizz id="q-single" />'));
    const site = await ownServer({ env: { CONTENT_DIRS: content } });

    await page.goto(site.url + FIRST);
    await expect(page.getByRole('heading', { name: 'This lesson cannot be shown: it has a problem' })).toBeVisible();
    await expect(page.getByText('<Quizz> is not a component that lessons have.')).toBeVisible();
    await expect(page.getByText(/courses\/workshop\/01-basics\/01-first-steps\/lesson\.mdx:\d+:\d+/)).toBeVisible();
    await expect(page.getByText('Did you mean "Quiz"?')).toBeVisible();
    await axe(page);

    await page.goto(site.url + paths.lesson('workshop', 'second-steps'));
    await expect(page.getByRole('heading', { level: 1, name: 'Second steps' })).toBeVisible();

    await cp(
      join(content, 'courses/workshop/02-more/01-third-steps'),
      join(content, 'courses/workshop/02-more/02-fourth-steps'),
      { recursive: true },
    );
    const fourth = join(content, 'courses/workshop/02-more/02-fourth-steps/lesson.mdx');
    await writeFile(
      fourth,
      (await readFile(fourth, 'utf8'))
        .replace('id: ws-third-steps', 'id: ws-fourth-steps')
        .replace('title: Third', 'title: Fourth'),
    );
    await page.goto(site.url + paths.lesson('workshop', 'fourth-steps'));
    await expect(page.getByRole('heading', { level: 1, name: 'Fourth steps' })).toBeVisible();
  });
});
