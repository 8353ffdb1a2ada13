import { step } from '../bootstrap/say.mjs';
import { LIMITS, measureScripts } from '../measure/scripts.ts';
import { startPostgres } from '../postgres.ts';
import { endChildrenOnSignal } from '../process/children.ts';
import { startSite } from '../test/site.ts';
import { type Figure, holds, table } from './figure.ts';
import { benchFirstPrompt } from './first-prompt.ts';
import { benchProgress } from './progress.ts';
import { benchRequests } from './requests.ts';
import { benchSimulator } from './simulator/simulator.ts';

const LESSON = '/courses/kubernetes-networking/one-pod-one-ip';

type Part = { name: string; needsSite: boolean; run: (url: string) => Promise<Figure[]> };

const PARTS: Part[] = [
  { name: 'scripts', needsSite: true, run: scripts },
  { name: 'prompt', needsSite: true, run: (url) => benchFirstPrompt(`${url}${LESSON}`) },
  { name: 'requests', needsSite: true, run: (url) => benchRequests(`${url}${LESSON}`) },
  { name: 'progress', needsSite: true, run: progress },
  { name: 'simulator', needsSite: false, run: benchSimulator },
];

/** Runs the parts that `args` name, or all. @returns the exit code */
export async function main(args: string[]): Promise<number> {
  endChildrenOnSignal();
  const json = args.includes('--json');
  const names = args.filter((arg) => arg !== '--json');
  const parts = PARTS.filter(({ name }) => names.length === 0 || names.includes(name));
  const site = parts.some(({ needsSite }) => needsSite) ? await startSite({ env: { HOPWISE_TEST: '1' } }) : undefined;
  const figures: Figure[] = [];
  try {
    for (const part of parts) {
      if (!json) step(`Measuring: ${part.name}`);
      figures.push(...(await part.run(site?.url ?? '')));
    }
  } finally {
    await site?.stop();
  }
  console.log(
    json
      ? JSON.stringify(
          figures.map((figure) => ({ ...figure, holds: holds(figure) })),
          null,
          2,
        )
      : `\n${table(figures)}`,
  );
  return figures.every(holds) ? 0 : 1;
}

async function scripts(url: string): Promise<Figure[]> {
  const { page, terminal } = await measureScripts(url, LESSON);
  return [
    { name: 'script of a lesson page before its terminal', value: page, unit: 'KB', limit: { atMost: LIMITS.page } },
    { name: 'script of terminal and simulator', value: terminal, unit: 'KB', limit: { atMost: LIMITS.terminal } },
  ];
}

/** One database after the other, so that neither is measured while the other starts. */
async function progress(sqliteUrl: string): Promise<Figure[]> {
  const onSqlite = await progressOn('SQLite', sqliteUrl);
  const postgres = await startPostgres();
  try {
    const site = await startSite({ databaseUrl: postgres.url, env: { HOPWISE_TEST: '1' } });
    try {
      return [...onSqlite, ...(await progressOn('PostgreSQL', site.url))];
    } finally {
      await site.stop();
    }
  } finally {
    await postgres.stop();
  }
}

async function progressOn(database: string, url: string): Promise<Figure[]> {
  const { p50, p99, writes, lost } = await benchProgress(url);
  return [
    { name: `progress write on ${database}, 50 learners, median`, value: p50, unit: 'ms' },
    { name: `progress write on ${database}, 50 learners, p99`, value: p99, unit: 'ms', limit: { atMost: 50 } },
    { name: `progress writes on ${database}`, value: writes, unit: 'writes' },
    { name: `lost of those on ${database}`, value: lost, unit: 'writes', limit: { atMost: 0 } },
  ];
}
