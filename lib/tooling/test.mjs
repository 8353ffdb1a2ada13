// @ts-check
/**
 * `npm test`: everything that shows the product to be right, from a fresh clone. Ends with `N passed, N failed`.
 *
 *   npm test                                  all stages
 *   npm test -- lint units lib/quiz           some stages; other words are paths for units
 *   npm test -- build e2e:sqlite -- --grep x  what follows the second -- goes to Playwright
 *
 * This file runs before anything is installed: Node only, no packages, no TypeScript.
 */
import { ensureInstalled } from './bootstrap/install.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { ROOT } from './bootstrap/root.mjs';
import { explain } from './bootstrap/say.mjs';
import { typescript } from './bootstrap/typescript.mjs';

try {
  requireNode();
  process.chdir(ROOT);
  await ensureInstalled();
  const { test } = await typescript('./test/main.ts', import.meta.url);
  process.exitCode = await test(process.argv.slice(2));
} catch (error) {
  process.exitCode = explain(error);
  console.log('\n0 passed, 1 failed');
}
