// @ts-check
/** `npm run screenshots`: makes docs/screenshots/*.png anew from a running production site. Look at them before you commit. */
import { runTool } from './bootstrap/tool.mjs';

await runTool('screenshots/main.ts');
