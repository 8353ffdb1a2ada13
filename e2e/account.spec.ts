import { readFile } from 'node:fs/promises';
import { paths } from '../lib/shared/paths.ts';
import { newEmail, PASSWORD, signIn } from './fixtures/people.ts';
import { axe, expect, test } from './fixtures/test.ts';

const LESSON = paths.lesson('workshop', 'first-steps');

test.describe('signing up', () => {
  test('keeps what was done as a guest, here and on another device', async ({ page, secondDevice }) => {
    await page.goto(LESSON);
    const question = page.locator('#q-single');
    await question.getByRole('radio', { name: '10.0.0.2' }).check();
    await question.getByRole('button', { name: 'Check' }).click();
    await expect(question.getByRole('status')).toHaveText('Right. 1 try.');

    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
    await expect(page.getByText('Your progress so far is kept.')).toBeVisible();
    const email = newEmail();
    await page.getByLabel('Name').fill('Ada Guest');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
    // Back where it began, with everything.
    await expect(page).toHaveURL(LESSON);
    await expect(page.getByRole('button', { name: 'Account of Ada Guest' })).toBeVisible();
    await expect(page.locator('#q-single').getByRole('status')).toHaveText('Right. 1 try.');

    const other = await secondDevice({ email, password: PASSWORD });
    await other.goto(LESSON);
    await expect(other.locator('#q-single').getByRole('status')).toHaveText('Right. 1 try.');
  });

  test('says what is wrong with each field, and keeps what was typed', async ({ page, learner: _ }) => {
    await page.goto(paths.signUp);
    await page.getByLabel('Name').fill('Robin');
    await page.getByLabel('Email').fill(_.email);
    await page.getByLabel('Password').fill('another long password');
    await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'cannot be used' })).toBeVisible();
    await expect(page.getByLabel('Name')).toHaveValue('Robin');
    await expect(page.getByLabel('Email')).toHaveValue(_.email);
    await expect(page.getByLabel('Password')).toHaveValue('another long password');
  });

  test('breaks no rule of accessibility', async ({ page }) => {
    for (const path of [paths.signUp, paths.signIn, paths.profile]) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await axe(page);
    }
  });
});

test.describe('signing in', () => {
  test.use({ expectedErrors: /401/ });

  test('a wrong password is refused without saying which of the two is wrong', async ({
    page,
    learner,
    newContext,
  }) => {
    const stranger = await (await newContext()).newPage();
    const refusal = 'Address and password do not fit together. Check both and try again.';
    for (const email of [learner.email, newEmail()]) {
      await stranger.goto(paths.signIn);
      await stranger.getByLabel('Email').fill(email);
      await stranger.getByLabel('Password').fill('wrong wrong wrong');
      await stranger.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
      await expect(stranger.getByText(refusal)).toBeVisible();
      await expect(stranger.getByLabel('Email')).toHaveValue(email);
    }
    await expect(page.getByRole('button', { name: /^Account of/ })).toBeVisible();
  });

  test('leads back to a page of this site only', async ({ page, learner, newContext }) => {
    const other = await (await newContext()).newPage();
    await other.goto(`${paths.signIn}?next=${encodeURIComponent('//example.com/')}`);
    await other.getByLabel('Email').fill(learner.email);
    await other.getByLabel('Password').fill(PASSWORD);
    await other.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await expect(other.getByRole('button', { name: /^Account of/ })).toBeVisible();
    expect(new URL(other.url()).host).toBe(new URL(page.url()).host);
  });

  test('after signing out nobody is signed in, and the next person does not see what was', async ({
    page,
    learner: _,
  }) => {
    await page.goto(LESSON);
    await page.locator('#q-single').getByRole('radio', { name: '10.0.0.2' }).check();
    await page.locator('#q-single').getByRole('button', { name: 'Check' }).click();
    await expect(page.locator('#q-single').getByRole('status')).toHaveText('Right. 1 try.');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
    await page.goto(LESSON);
    await expect(page.locator('#q-single').getByRole('radio', { name: '10.0.0.2' })).not.toBeChecked();
  });
});

test.describe('the profile', () => {
  test('a new name is shown at once', async ({ page, learner: _ }) => {
    await page.goto(paths.profile);
    await page.getByRole('textbox', { name: 'Name' }).fill('Ada Byron');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Account of Ada Byron' })).toBeVisible();
  });

  test('a new password signs the other devices out, not this one', async ({ page, learner, secondDevice }) => {
    const other = await secondDevice(learner);
    await page.goto(paths.profile);
    await page.getByLabel('Password now').fill('not my password');
    await page.getByLabel('New password').fill('a better password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByText('That is not your password now.')).toBeVisible();
    await expect(page.getByLabel('New password')).toHaveValue('a better password');
    await page.getByLabel('Password now').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByText('Your password is changed. Other devices are signed out.')).toBeVisible();
    await page.reload();
    await expect(page.getByText(learner.email)).toBeVisible();
    await other.goto(paths.profile);
    await expect(other.getByText('You learn without an account')).toBeVisible();
    await signIn(other, { email: learner.email, password: 'a better password' });
    await expect(other.getByRole('button', { name: /^Account of/ })).toBeVisible();
  });

  test('signing out everywhere ends every session', async ({ page, learner, secondDevice }) => {
    const other = await secondDevice(learner);
    await page.goto(paths.profile);
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await other.reload();
    await expect(other.getByRole('link', { name: 'Sign in' })).toBeVisible();
  });

  test('one’s data can be downloaded, and deleted for good', async ({ page, learner, newContext }) => {
    await page.goto(LESSON);
    await page.locator('#q-single').getByRole('radio', { name: '10.0.0.2' }).check();
    await page.locator('#q-single').getByRole('button', { name: 'Check' }).click();
    await expect(page.locator('#q-single').getByRole('status')).toHaveText('Right. 1 try.');
    await page.goto(paths.profile);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download my data' }).click();
    const data = JSON.parse(await readFile(await (await downloading).path(), 'utf8'));
    expect(data.learner.email).toBe(learner.email);
    expect(data.quizAttempts).toMatchObject([{ questionId: 'q-single', answer: ['two'], correct: true }]);
    expect(JSON.stringify(data)).not.toMatch(/scrypt|passwordHash/);

    await page.getByRole('button', { name: 'Delete my data' }).click();
    await expect(page.getByRole('dialog', { name: 'Delete your account and all your data?' })).toBeVisible();
    await page.getByRole('button', { name: 'Keep everything' }).click();
    await expect(page.getByText(learner.email)).toBeVisible();
    await page.getByRole('button', { name: 'Delete my data' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();

    const again = await (await newContext()).newPage();
    const csrf = await (await again.request.get('/api/auth/csrf')).json();
    const form = { csrfToken: csrf.csrfToken, email: learner.email, password: PASSWORD, json: 'true' };
    expect((await again.request.post('/api/auth/callback/credentials', { form })).status()).toBe(401);
  });
});
