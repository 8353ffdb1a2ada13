import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../bootstrap/root.mjs';
import { startPostgres } from '../../postgres.ts';
import { runNode } from '../../process/children.ts';
import { ensureBrowser } from '../browser.ts';
import { startSite } from '../site.ts';
import { failure, type Outcome, type Plan } from '../stage.ts';

/** The part of Playwright's JSON report that we read. `flaky` failed once and passed when tried again. */
type Report = { stats: { expected: number; unexpected: number; flaky: number }; errors: { message?: string }[] };

const LIMIT_MS = 1_500_000;
export const FIXTURE_CONTENT = join(ROOT, 'e2e/fixtures/content');

export async function e2eOnSqlite(plan: Plan): Promise<Outcome> {
  return await onSite(plan, 'sqlite', {});
}

export async function e2eOnPostgres(plan: Plan): Promise<Outcome> {
  const postgres = await startPostgres();
  try {
    return await onSite(plan, 'postgres', { databaseUrl: postgres.url });
  } finally {
    await postgres.stop();
  }
}

async function onSite(
  { playwright }: Plan,
  database: string,
  { databaseUrl }: { databaseUrl?: string },
): Promise<Outcome> {
  await ensureBrowser();
  const environment = { CONTENT_DIRS: FIXTURE_CONTENT, HOPWISE_TEST: '1' };
  const site = await startSite({ databaseUrl, env: environment });
  await untilMounted(site.url);
  const folder = mkdtempSync(join(tmpdir(), 'hopwise-e2e-'));
  const file = join(folder, 'report.json');
  try {
    const env = {
      ...process.env,
      ...environment,
      BASE_URL: site.url,
      E2E_DATABASE: database,
      E2E_POSTGRES: databaseUrl ?? '',
      E2E_REPORT: file,
    };
    const args = ['node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e', ...playwright];
    const { code, output } = await runNode(args, { env, show: true, timeoutMs: LIMIT_MS });
    return counted(JSON.parse(readFileSync(file, 'utf8')) as Report, code, `${output}\n${lastLines(site.log())}`);
  } catch (error) {
    return failure(`${error}\n${lastLines(site.log())}`);
  } finally {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The build did not know the fixture course; its terms appear within seconds. */
async function untilMounted(url: string): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const page = await fetch(`${url}/glossary`).then((answer) => answer.text());
    if (page.includes('ws-cable')) return;
    await sleep(500);
  }
  throw new Error('The fixture course of CONTENT_DIRS did not appear in the glossary within a minute.');
}

function counted({ stats, errors }: Report, code: number, log: string): Outcome {
  const passed = stats.expected + stats.flaky;
  const wrong = code !== 0 || passed === 0;
  const failed = stats.unexpected + errors.length;
  return {
    passed,
    failed: wrong ? Math.max(1, failed) : failed,
    report: wrong ? lastLines(log, 60) : '',
    note: stats.flaky > 0 ? `${stats.flaky} passed only when tried again` : undefined,
  };
}

function lastLines(text: string, count = 30): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
