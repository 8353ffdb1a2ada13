import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test as base, expect } from '@playwright/test';
import { build } from 'esbuild';
import { ROOT } from '../lib/tooling/bootstrap/root.mjs';

const FOLDER = join(ROOT, 'lib/sim/conformance/linux');

/** The simulator as a page's worker: takes transcripts by name, answers with the trace hash of each. */
const WORKER = `
  import { parseTranscript, runTranscript } from './lib/sim/conformance/index.ts';
  self.onmessage = ({ data }) => {
    try {
      self.postMessage(data.map(([name, text]) => runTranscript(parseTranscript(text), { seed: 1 }).traceHash + ' ' + name));
    } catch (error) {
      self.postMessage([String(error.stack)]);
    }
  };
  self.postMessage('ready');
`;

base('every transcript leaves the same trace in Chromium as in Node @desktop @sqlite', async ({ page }) => {
  base.setTimeout(240_000);
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.transcript'));
  const transcripts = names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]);
  // A worker needs an origin, which about:blank is not.
  await page.route('http://simulator.test/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>Worker</p>' }),
  );
  await page.goto('http://simulator.test/');
  const [inNode, inChromium] = await Promise.all([
    hashesInNode(names.map((name) => join(FOLDER, name))),
    bundled().then((code) => page.evaluate(hashesInWorker, { code, transcripts })),
  ]);
  expect(inNode).toHaveLength(names.length);
  expect(inChromium).toEqual(inNode);
});

async function hashesInNode(files: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'lib/sim-cli/main.ts', 'hash', ...files],
    { cwd: ROOT, maxBuffer: 1e7 },
  );
  return stdout.trimEnd().split('\n');
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** Runs in the page. */
function hashesInWorker({ code, transcripts }: { code: string; transcripts: string[][] }): Promise<string[]> {
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message || 'The worker could not be started.'));
    worker.onmessage = ({ data }: MessageEvent<'ready' | string[]>) => {
      if (data === 'ready') worker.postMessage(transcripts);
      else resolve(data);
    };
  });
}
