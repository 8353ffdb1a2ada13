import { chromium, type Page } from '@playwright/test';
import { ensureBrowser, LAUNCH_ARGS } from '../test/browser.ts';
import type { Figure } from './figure.ts';

const VISITS = 9;

/**
 * From the terminal's coming into view to its first prompt on the screen, in Chromium with a warm cache; the median of
 * some visits. The clock is the page's own, so that nothing of Playwright's is in between.
 *
 * Beside the text the terminal is in view from the first paint: hydration, xterm, the worker and the boot of the machine
 * all count.
 */
export async function benchFirstPrompt(lessonUrl: string): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: LAUNCH_ARGS });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.addInitScript({ content: NOTE_FIRST_PROMPT });
    // Two visits fill the browser's cache and its compiled code.
    for (let warm = 0; warm < 2; warm++) await firstPrompt(page, lessonUrl);
    const times: number[] = [];
    for (let visit = 0; visit < VISITS; visit++) times.push(await firstPrompt(page, lessonUrl));
    times.sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
    return [
      { name: 'first prompt, warm cache, median', value: median, unit: 'ms', limit: { atMost: 300 } },
      { name: 'first prompt, warm cache, slowest', value: times.at(-1) ?? Number.NaN, unit: 'ms' },
    ];
  } finally {
    await browser.close();
  }
}

/**
 * Runs in the page before all else: marks the frame in which a terminal first shows its prompt. A text, because a function
 * would bring along what the translator of TypeScript adds to it.
 */
const NOTE_FIRST_PROMPT = `
  requestAnimationFrame(function look() {
    const ready = document.querySelector('[data-terminal][data-state=ready]');
    // What is ready now is on the screen with the next frame.
    requestAnimationFrame(ready ? () => performance.mark('first-prompt') : look);
  });
`;

async function firstPrompt(page: Page, url: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForFunction(() => performance.getEntriesByName('first-prompt').length > 0, undefined, {
    timeout: 20_000,
  });
  return page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const [prompt] = performance.getEntriesByName('first-prompt');
    return paint && prompt ? prompt.startTime - paint.startTime : Number.NaN;
  });
}
