import nextEnv from '@next/env';
import { ROOT } from '../bootstrap/root.mjs';
import { step } from '../bootstrap/say.mjs';
import { endChildrenOnSignal } from '../process/children.ts';
import { ensureBuilt } from './build.ts';
import { requireWritable } from './data-dir.ts';
import { generateClients, migrate } from './database.ts';
import { requirePort } from './port.ts';
import { serve } from './serve.ts';
import { readSettings, type Settings } from './settings.ts';

/** From installed packages to a served site. Quick checks come first, so that nobody waits a minute for a no. */
export async function main(args: string[]): Promise<number> {
  // .env, .env.local and their like, in Next's own order; what the shell sets wins.
  nextEnv.loadEnvConfig(ROOT, args.includes('--dev'), { info: () => {}, error: console.error });
  const settings = readSettings(args, process.env);
  endChildrenOnSignal();
  endWithNpm();
  if (settings.mode === 'build') return await buildOnly(settings);
  requireWritable(settings.dataDir);
  await requirePort(settings.port, settings.host);
  await generateClients(settings.env);
  await migrate(settings.env);
  if (settings.mode === 'serve') await ensureBuilt(settings);
  step(`Serving ${addressOf(settings)} (Ctrl-C stops it)`);
  await serve(settings);
  return 0;
}

/** npm passes a signal on to the shell between us, which keeps it for itself: that our parent is gone is what we see of it. */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

async function buildOnly(settings: Settings): Promise<number> {
  await generateClients(settings.env);
  await ensureBuilt(settings);
  step('Built');
  return 0;
}

function addressOf({ host, port }: Settings): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  return `http://${everywhere ? 'localhost' : host}:${port}${everywhere ? ', on all addresses of this machine' : ''}`;
}
