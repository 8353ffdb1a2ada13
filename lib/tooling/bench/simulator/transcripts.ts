import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTranscript, runTranscript } from '../../../sim/conformance/index.ts';
import type { Figure } from '../figure.ts';

const FOLDER = join(import.meta.dirname, '../../../sim/conformance/linux');

/** Processor time of all transcripts of the shared set, one after another, cold. */
export function transcripts(): Figure {
  const shared = readdirSync(FOLDER).filter((name) => /^\d\d-/.test(name));
  const goldens = shared.map((name) => parseTranscript(readFileSync(join(FOLDER, name), 'utf8')));
  const before = process.cpuUsage();
  for (const golden of goldens) runTranscript(golden);
  const { user, system } = process.cpuUsage(before);
  return {
    name: `simulator: processor time of the ${goldens.length} shared transcripts`,
    value: (user + system) / 1000,
    unit: 'ms',
    limit: { atMost: 3000 },
  };
}
