import { fileURLToPath } from 'node:url';
import { Problem, step } from '../bootstrap/say.mjs';
import { onStop, startChild } from '../process/children.ts';
import { NEXT } from './build.ts';
import type { Settings } from './settings.ts';

/** Ends the server when we are gone, even by kill -9: nothing is left holding the port. */
const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url));

const END_WITH_PARENT = fileURLToPath(new URL('./end-with-parent.mjs', import.meta.url));

/** Serves until Ctrl-C or SIGTERM. Resolves then; rejects when the server ended by itself. */
export function serve({ mode, port, host, env }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    onStop(() => {
      if (!stopping) step('Stopping');
      stopping = true;
    });
    const command = mode === 'dev' ? [NEXT, 'dev', '--port', String(port), '--hostname', host] : [SERVER];
    const server = startChild(process.execPath, ['--import', END_WITH_PARENT, ...command], {
      env: { ...env, HOPWISE_PARENT: String(process.pid) },
      stdio: ['ignore', 'inherit', 'inherit'],
      // In our own group: what kills us at once (kill -9 of the group) kills the server at once.
      detached: false,
    });
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      if (stopping) resolve();
      else
        reject(
          new Problem(
            code || 1,
            `The server ended by itself (${signal ?? `exit code ${code}`}); its own words stand above.`,
          ),
        );
    });
  });
}
