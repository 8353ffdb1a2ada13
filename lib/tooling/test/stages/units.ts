import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from '../../process/children.ts';
import { failure, type Outcome, type Plan } from '../stage.ts';

/** The part of Vitest's JSON report that we read. */
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; status: string; assertionResults: unknown[] }[];
};

/** Some two minutes on an idle machine; a busy one may take its time. */
const LIMIT_MS = 1_200_000;

/** Unit tests, and the conformance transcripts, which are unit tests too. */
export async function units({ paths }: Plan): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'hopwise-units-'));
  const file = join(folder, 'report.json');
  const args = [
    'run',
    '--config',
    'lib/tooling/vitest.config.ts',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { code, output } = await runNode(['node_modules/vitest/vitest.mjs', ...args, ...paths], {
    timeoutMs: LIMIT_MS,
  });
  try {
    return counted(JSON.parse(readFileSync(file, 'utf8')) as Report, code, output);
  } catch {
    return failure(output.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function counted(report: Report, code: number, output: string): Outcome {
  // A file that cannot be loaded has no tests to fail: it counts as one.
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + broken.length;
  const wrong = code !== 0 || report.numPassedTests === 0;
  return {
    passed: report.numPassedTests,
    failed: wrong ? Math.max(1, failed) : failed,
    report: wrong ? output.trim() : '',
    note: `${report.testResults.length} files`,
  };
}
