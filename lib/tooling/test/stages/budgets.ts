import { LIMITS, measureScripts } from '../../measure/scripts.ts';
import { startSite } from '../site.ts';
import type { Outcome } from '../stage.ts';
import { FIXTURE_CONTENT } from './e2e.ts';

/** Its terminal has a start script, so the program that most scripts run, ip, counts as well. */
const LESSON = '/courses/workshop/first-steps';

/** How much script a lesson page makes a reader download, over the wire, against the limits. */
export async function budgets(): Promise<Outcome> {
  const site = await startSite({ env: { CONTENT_DIRS: FIXTURE_CONTENT, HOPWISE_TEST: '1' } });
  try {
    const measured = await measureScripts(site.url, LESSON);
    const lines = [
      { what: 'lesson page before its terminal', kilobytes: measured.page, limit: LIMITS.page },
      { what: 'terminal and simulator', kilobytes: measured.terminal, limit: LIMITS.terminal },
    ];
    const over = lines.filter(({ kilobytes, limit }) => !(kilobytes > 0 && kilobytes <= limit));
    const text = lines.map(({ what, kilobytes, limit }) => `${what}: ${kilobytes.toFixed(1)} KB of ${limit}`);
    const report = [
      ...text,
      ...measured.files.map(({ path, bytes }) => `  ${(bytes / 1000).toFixed(1).padStart(7)} KB  ${path}`),
    ];
    return {
      passed: lines.length - over.length,
      failed: over.length,
      report: report.join('\n'),
      note: text.join(', '),
    };
  } finally {
    await site.stop();
  }
}
