import { defineConfig, devices } from '@playwright/test';
import { findBrowser, LAUNCH_ARGS } from '../lib/tooling/test/browser.ts';

/**
 * End to end, in real Chromium, against a running site: `npm test -- e2e` builds and starts one for each database and
 * says where it is in BASE_URL. Against a server of your own: BASE_URL=http://localhost:3000 npx playwright test -c e2e
 */
const database = process.env.E2E_DATABASE ?? 'sqlite';
const elsewhere = { sqlite: /@postgres/, postgres: /@sqlite/ }[database] ?? /^$/;

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: process.env.E2E_REPORT ?? '../test-results/report.json' }]],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://localhost:3000',
    launchOptions: { executablePath: findBrowser(), args: LAUNCH_ARGS },
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
  grepInvert: elsewhere,
  projects: [
    {
      name: 'desktop',
      use: { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 800 } },
      grepInvert: [elsewhere, /@phone/],
    },
    { name: 'phone', use: { ...devices['Pixel 7'] }, grepInvert: [elsewhere, /@desktop/] },
  ],
});
