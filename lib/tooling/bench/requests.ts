import autocannon from 'autocannon';
import { startBareSite } from './bare-site.ts';
import type { Figure } from './figure.ts';

const SECONDS = 8;
const ROUNDS = 3;
const CONNECTIONS = 20;

/**
 * Requests per second of a lesson page beside those of a bare static page. The two take turns, and the best round of each
 * counts, so that what else the machine does weighs on both alike.
 */
export async function benchRequests(lessonUrl: string): Promise<Figure[]> {
  const bare = await startBareSite();
  try {
    const best = { lesson: 0, bare: 0 };
    await requestsPerSecond(lessonUrl, 2);
    await requestsPerSecond(bare.url, 2);
    for (let round = 0; round < ROUNDS; round++) {
      best.bare = Math.max(best.bare, await requestsPerSecond(bare.url, SECONDS));
      best.lesson = Math.max(best.lesson, await requestsPerSecond(lessonUrl, SECONDS));
    }
    return [
      { name: 'bare static page', value: best.bare, unit: 'requests/s' },
      { name: 'lesson page', value: best.lesson, unit: 'requests/s' },
      { name: 'lesson page, of a bare page', value: best.lesson / best.bare, unit: '×', limit: { atLeast: 0.8 } },
    ];
  } finally {
    await bare.stop();
  }
}

async function requestsPerSecond(url: string, duration: number): Promise<number> {
  const result = await autocannon({ url, duration, connections: CONNECTIONS });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return result.requests.average;
}
