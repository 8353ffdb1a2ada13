import { detail, Problem, step } from '../bootstrap/say.mjs';
import { endChildrenOnSignal } from '../process/children.ts';
import { generateClients } from '../start/database.ts';
import { readSettings } from '../start/settings.ts';
import { ensureBrowser } from './browser.ts';
import { failure, type Outcome, type Plan, type Stage } from './stage.ts';
import { boundaries } from './stages/boundaries.ts';
import { budgets } from './stages/budgets.ts';
import { build } from './stages/build.ts';
import { e2eOnPostgres, e2eOnSqlite } from './stages/e2e.ts';
import { knip } from './stages/knip.ts';
import { lint } from './stages/lint.ts';
import { types } from './stages/types.ts';
import { units } from './stages/units.ts';

/** Two lanes at once, as there are two cores at least; the rest one after the other, on an otherwise quiet machine. */
const LANES: Stage[][] = [
  [
    { name: 'lint', run: lint },
    { name: 'boundaries', run: boundaries },
    { name: 'knip', run: knip },
    { name: 'types', run: types },
    { name: 'units', run: units },
  ],
  [{ name: 'build', run: build }],
];
const AFTERWARDS: Stage[] = [
  { name: 'budgets', run: budgets },
  { name: 'e2e:sqlite', run: e2eOnSqlite },
  { name: 'e2e:postgres', run: e2eOnPostgres },
];
const NEED_BROWSER = new Set(['budgets', 'e2e:sqlite', 'e2e:postgres']);

/** Runs the stages that `args` name, or all. @returns the exit code */
export async function main(args: string[]): Promise<number> {
  const began = Date.now();
  endChildrenOnSignal();
  // Reports are gathered and shown later; colours would only litter them.
  process.env.NO_COLOR = '1';
  delete process.env.FORCE_COLOR;
  const { wanted, plan } = readArguments(args);
  await generateClients(readSettings([], process.env).env);
  if ([...NEED_BROWSER].some(wanted)) await ensureBrowser();

  const totals = { passed: 0, failed: 0 };
  const runStage = async (stage: Stage) => {
    if (!wanted(stage.name)) return;
    const outcome = await timed(stage, plan);
    totals.passed += outcome.passed;
    totals.failed += outcome.failed;
  };
  const inOrder = async (stages: Stage[]) => {
    for (const stage of stages) await runStage(stage);
  };
  await Promise.all(LANES.map(inOrder));
  await inOrder(AFTERWARDS);

  console.log(`\nTook ${seconds(began)}.`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

async function timed(stage: Stage, plan: Plan): Promise<Outcome> {
  const began = Date.now();
  const outcome = await stage.run(plan).catch((error: unknown) => failure(explained(error)));
  const { passed, failed, note, report } = outcome;
  const counts = failed > 0 ? `${failed} FAILED, ${passed} passed` : `${passed} passed`;
  step(`${stage.name}: ${counts}${note ? ` (${note})` : ''} in ${seconds(began)}`);
  if (failed > 0) detail(report);
  return outcome;
}

function explained(error: unknown): string {
  if (error instanceof Problem) return `${error.message}\n${error.remedy}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

const NAMES = [...LANES.flat(), ...AFTERWARDS].map((stage) => stage.name);

/** `e2e` stands for both databases; no name stands for all. */
function readArguments(args: string[]): { wanted: (name: string) => boolean; plan: Plan } {
  const dashes = args.indexOf('--');
  const words = dashes < 0 ? args : args.slice(0, dashes);
  const playwright = dashes < 0 ? [] : args.slice(dashes + 1);
  const named = new Set(words.flatMap((word) => NAMES.filter((name) => name === word || name.startsWith(`${word}:`))));
  const paths = words.filter((word) => !NAMES.some((name) => name === word || name.startsWith(`${word}:`)));
  if (paths.length > 0 && !named.has('units')) {
    throw new Problem(2, `No stage is named ${paths.join(', ')}.`, `Stages: ${NAMES.join(' ')}`);
  }
  return { wanted: (name) => named.size === 0 || named.has(name), plan: { paths, playwright } };
}
