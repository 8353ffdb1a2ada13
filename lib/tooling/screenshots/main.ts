import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import sharp from 'sharp';
import { ROOT } from '../bootstrap/root.mjs';
import { step } from '../bootstrap/say.mjs';
import { endChildrenOnSignal } from '../process/children.ts';
import { ensureBrowser, LAUNCH_ARGS } from '../test/browser.ts';
import { startSite } from '../test/site.ts';
import { SHOTS, type Shot } from './shots.ts';

const FOLDER = join(ROOT, 'docs/screenshots');

/** Takes every shot, or those named. @returns the exit code */
export async function main(names: string[]): Promise<number> {
  endChildrenOnSignal();
  mkdirSync(FOLDER, { recursive: true });
  const site = await startSite({ env: { HOPWISE_TEST: '1' } });
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: LAUNCH_ARGS });
  try {
    for (const shot of SHOTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      await take(browser, site.url, shot);
    }
  } finally {
    await browser.close();
    await site.stop();
  }
  return 0;
}

async function take(browser: Browser, baseURL: string, shot: Shot): Promise<void> {
  const context = await newContext(browser, baseURL, shot);
  const page = await context.newPage();
  await shot.arrange(page);
  await settled(page);
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  // A palette of 128 colours is what an interface needs, at a third of the bytes.
  const { size } = await sharp(png)
    .png({ palette: true, colours: 128, effort: 10 })
    .toFile(join(FOLDER, `${shot.name}.png`));
  step(`${shot.name}.png, ${Math.round(size / 1000)} KB`);
  await context.close();
}

function newContext(
  browser: Browser,
  baseURL: string,
  { device = 'desktop', dark = false }: Shot,
): Promise<BrowserContext> {
  const desktop = { viewport: { width: 1440, height: 900 } };
  const phone = { viewport: { width: 412, height: 839 }, isMobile: true, hasTouch: true };
  return browser.newContext({
    baseURL,
    ...(device === 'phone' ? phone : desktop),
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
}

async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
}
