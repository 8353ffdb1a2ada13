// @ts-check
/**
 * `npm start`, `npm run dev` and `npm run build`: from a fresh clone to a served site, saying each step.
 *
 *   node lib/tooling/start.mjs [--dev | --build]
 *
 * Environment: PORT (3000), HOST (localhost), DATA_DIR (./data), DATABASE_URL (SQLite in DATA_DIR), NEXT_DIST_DIR (.next).
 * Exit codes: 0 stopped by Ctrl-C or SIGTERM · 2 bad setting · 3 Node too old · 4 install failed · 5 port taken ·
 * 6 DATA_DIR not writable · 7 database · 8 build failed · 1 anything else.
 *
 * This file runs before anything is installed: Node only, no packages, no TypeScript.
 */
import { runTool } from './bootstrap/tool.mjs';

// A container's packages are pruned after its build.
await runTool('start/main.ts', { withoutDev: process.env.NODE_ENV === 'production' });
