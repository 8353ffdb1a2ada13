import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bootstrap/root.mjs';
import { runNode, startChild } from '../process/children.ts';
import { NEXT } from '../start/build.ts';
import { freePort } from '../start/port.ts';

/**
 * The yardstick: a Next site of one static page with nothing on it, built with the same Next and served the same way.
 * It lies inside the repository (git-ignored) so that it finds the same packages.
 */
const FOLDER = '.next-bare';
const FILES = {
  'package.json': '{ "type": "module", "private": true }',
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(ROOT)} }, typescript: { ignoreBuildErrors: true } };`,
  'app/layout.js':
    "import { createElement as h } from 'react';\nexport default ({ children }) => h('html', { lang: 'en' }, h('body', null, children));",
  'app/page.js': "import { createElement as h } from 'react';\nexport default () => h('p', null, 'Hello');",
};

export async function startBareSite(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = join(ROOT, FOLDER);
  mkdirSync(join(folder, 'app'), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' };
  const next = join(ROOT, NEXT);
  const built = await runNode([next, 'build'], { cwd: folder, env });
  if (built.code !== 0) throw new Error(`The bare site did not build:\n${built.output}`);
  const port = await freePort();
  const server = startChild(process.execPath, [next, 'start', '--port', String(port), '--hostname', 'localhost'], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  const url = `http://localhost:${port}`;
  await up(url);
  const stop = async () => {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

async function up(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The bare site did not come up at ${url}`);
}
