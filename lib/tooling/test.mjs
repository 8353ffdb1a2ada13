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
import { runTool } from './bootstrap/tool.mjs';

await runTool('test/main.ts', { onProblem: () => console.log('\n0 passed, 1 failed') });
