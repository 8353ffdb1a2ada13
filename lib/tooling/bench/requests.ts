import autocannon from 'autocannon';
import { startBareSite } from './bare-site.ts';
import type { Figure } from './figure.ts';

const SECONDS = 6;
const ROUNDS = 3;
const CONNECTIONS = 20;

/** What browsers say they take; a page is served to them compressed. */
const BROWSER = { 'accept-encoding': 'gzip, deflate, br' };

/**
 * Requests per second of a lesson page beside those of a bare static page, asked as browsers ask. The two take turns, and
 * the best round of each counts, so that what else the machine does weighs on both alike. A lesson is some fifty times
 * longer than the bare page: what it weighs uncompressed, which only tools ask for, is told without a limit.
 */
export async function benchRequests(lessonUrl: string): Promise<Figure[]> {
  const bare = await startBareSite();
  try {
    await requestsPerSecond(lessonUrl, BROWSER, 2);
    await requestsPerSecond(bare.url, BROWSER, 2);
    const asBrowser = await inTurns(bare.url, lessonUrl, BROWSER);
    const plain = await inTurns(bare.url, lessonUrl, {});
    return [
      { name: 'bare static page', value: asBrowser.bare, unit: 'requests/s' },
      { name: 'lesson page', value: asBrowser.lesson, unit: 'requests/s' },
      {
        name: 'lesson page, of a bare page',
        value: asBrowser.lesson / asBrowser.bare,
        unit: '×',
        limit: { atLeast: 0.8 },
      },
      { name: 'the same uncompressed', value: plain.lesson / plain.bare, unit: '×' },
    ];
  } finally {
    await bare.stop();
  }
}

async function inTurns(bareUrl: string, lessonUrl: string, headers: Record<string, string>) {
  const best = { bare: 0, lesson: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    best.bare = Math.max(best.bare, await requestsPerSecond(bareUrl, headers, SECONDS));
    best.lesson = Math.max(best.lesson, await requestsPerSecond(lessonUrl, headers, SECONDS));
  }
  return best;
}

async function requestsPerSecond(url: string, headers: Record<string, string>, duration: number): Promise<number> {
  const result = await autocannon({ url, duration, headers, connections: CONNECTIONS });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return result.requests.average;
}
