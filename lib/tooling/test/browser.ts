import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { Problem, step } from '../bootstrap/say.mjs';
import { run, runNode } from '../process/children.ts';

/** Where the system's Chromium lies: Debian, Ubuntu, Fedora, macOS. */
const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Root has no sandbox to offer; the rest keeps the browser from calling its maker, which a closed network refuses. */
export const LAUNCH_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A Chromium of this machine: the one named by CHROME_PATH, the system's, or Playwright's own. */
export function findBrowser(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named && !existsSync(named)) throw new Problem(1, `CHROME_PATH names ${named}, which is not there.`);
  return [named, ...KNOWN, chromium.executablePath()].find((path) => path && existsSync(path));
}

/** Finds a browser or installs one: Debian's package where we may, else Playwright's own. */
export async function ensureBrowser(): Promise<string> {
  const found = findBrowser();
  if (found) return found;
  const debian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  if (debian) {
    step('Installing Chromium with apt-get (once)');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env });
    const { code, output } = await run('apt-get', ['install', '-qy', '--no-install-recommends', 'chromium'], { env });
    if (code !== 0) console.error(output.trim().split('\n').slice(-5).join('\n'));
  }
  if (!findBrowser()) {
    step('Installing Playwright’s Chromium (once)');
    const { output } = await runNode(['node_modules/@playwright/test/cli.js', 'install', 'chromium']);
    if (!findBrowser()) {
      throw new Problem(
        1,
        'No Chromium was found and none could be installed.',
        `${output.trim().split('\n').slice(-5).join('\n')}\nInstall one (Debian: apt-get install chromium) or name it: CHROME_PATH=/path/to/chrome npm test`,
      );
    }
  }
  return findBrowser() ?? '';
}
