// @ts-check
/**
 * `npm run bench`: the figures the product promises, measured on this machine, each with its limit.
 *
 *   npm run bench                     a table
 *   npm run bench -- --json           the same as JSON on standard output
 *   npm run bench -- scripts progress only these parts
 *
 * Exit code 1 when a figure misses its limit. This file runs before anything is installed: Node only, no packages.
 */
import { runTool } from './bootstrap/tool.mjs';

await runTool('bench/main.ts');
