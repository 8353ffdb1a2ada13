import { step } from '../bootstrap/say.mjs';
import { endChildrenOnSignal } from '../process/children.ts';
import { ensureBuilt } from './build.ts';
import { requireWritable } from './data-dir.ts';
import { prepareDatabase } from './database.ts';
import { requirePort } from './port.ts';
import { serve } from './serve.ts';
import { readSettings } from './settings.ts';

/** From installed packages to a served site. Quick checks come first, so that nobody waits a minute for a no. */
export async function start(args: string[]): Promise<void> {
  const settings = readSettings(args, process.env);
  endChildrenOnSignal();
  requireWritable(settings.dataDir);
  await requirePort(settings.port, settings.host);
  await prepareDatabase(settings.env);
  if (!settings.dev) await ensureBuilt(settings);
  step(`Serving http://${settings.host === '0.0.0.0' || settings.host === '::' ? 'localhost' : settings.host}:${settings.port} (Ctrl-C stops it)`);
  await serve(settings);
}
