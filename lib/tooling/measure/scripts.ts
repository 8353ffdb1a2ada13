import { type Browser, chromium, type Page } from '@playwright/test';
import { ensureBrowser, LAUNCH_ARGS } from '../test/browser.ts';
import { startCountingProxy } from './counting-proxy.ts';

/** Kilobytes (1000 bytes) of script over the wire, gzip. A bare Next page carries 137. */
export const LIMITS = { page: 185, terminal: 300 };

export type ScriptSizes = {
  /** What the page loads while its terminal is out of sight. */
  page: number;
  /** What comes on top when the terminal comes into view: xterm, the worker, the simulator. */
  terminal: number;
  files: { path: string; bytes: number }[];
};

/**
 * Loads a lesson twice in real Chromium, with an empty cache each time: once on a phone, where its terminal is folded away,
 * and as if nothing were ever near; once beside the text, where the terminal is in view from the first paint.
 */
export async function measureScripts(site: string, lesson: string): Promise<ScriptSizes> {
  const proxy = await startCountingProxy(site);
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: LAUNCH_ARGS });
  try {
    await visit(browser, `${proxy.url}${lesson}`, PHONE, withoutIntersections);
    const page = proxy.scripts();
    proxy.reset();
    await visit(browser, `${proxy.url}${lesson}`, DESKTOP, untilPrompt);
    const all = proxy.scripts();
    const files = [...all].map(([path, bytes]) => ({ path, bytes })).sort((a, b) => b.bytes - a.bytes);
    const later = files.filter(({ path }) => !page.has(path));
    return { page: kilobytes(page.values()), terminal: kilobytes(later.map(({ bytes }) => bytes)), files };
  } finally {
    await browser.close();
    await proxy.close();
  }
}

const PHONE = { width: 390, height: 800 };
const DESKTOP = { width: 1280, height: 800 };

type Look = (page: Page, go: () => Promise<unknown>) => Promise<void>;

async function visit(browser: Browser, url: string, viewport: typeof PHONE, look: Look) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await look(page, () => page.goto(url, { waitUntil: 'load' }));
  await quiet(page);
  await context.close();
}

/** Nothing ever comes into view: what loads now, loads for every reader. */
async function withoutIntersections(page: Page, go: () => Promise<unknown>) {
  await page.addInitScript(() => {
    window.IntersectionObserver = class {
      readonly root = null;
      readonly rootMargin = '';
      readonly scrollMargin = '';
      readonly thresholds = [];
      observe() {}
      unobserve() {}
      disconnect() {}
      takeRecords() {
        return [];
      }
    };
  });
  await go();
}

async function untilPrompt(page: Page, go: () => Promise<unknown>) {
  await go();
  const terminal = page.locator('[data-terminal]').first();
  await terminal.scrollIntoViewIfNeeded();
  await page.locator('[data-terminal][data-state=ready]').first().waitFor({ timeout: 20_000 });
}

/** Two seconds without a new request: prefetching and idle work are done. */
async function quiet(page: Page) {
  let last = Date.now();
  page.on('request', () => {
    last = Date.now();
  });
  while (Date.now() - last < 2000)
    await page
      .waitForFunction(() => true, undefined, { polling: 200 })
      .then(() => new Promise((r) => setTimeout(r, 200)));
}

function kilobytes(sizes: Iterable<number>): number {
  let sum = 0;
  for (const bytes of sizes) sum += bytes;
  return sum / 1000;
}
