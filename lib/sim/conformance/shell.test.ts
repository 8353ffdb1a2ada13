import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAll, programs } from '../commands/index.ts';
import { compareTranscripts, describeDifference } from './compare.ts';
import { runTranscript } from './run.ts';
import { parseTranscript } from './transcript.ts';

/** Recorded with bash 5.2, coreutils 9.1, grep 3.8, sed 4.9, mawk 1.3.4 and procps 4.0 of Debian 12. */
const FOLDER = join(import.meta.dirname, 'shell');
const names = readdirSync(FOLDER).filter((file) => file.endsWith('.transcript'));

beforeAll(async () => {
  await loadAll(programs);
});

describe('what bash and its tools printed', () => {
  it.each(names)('%s', { timeout: 120_000 }, (name) => {
    const golden = parseTranscript(readFileSync(join(FOLDER, name), 'utf8'));
    const bugs: unknown[] = [];
    const { transcript } = runTranscript(golden, {
      opened: (world) => {
        for (const node of world.nodes) node.machine.onBug = (error) => bugs.push(error);
      },
    });
    const { commands } = compareTranscripts(golden, transcript);
    expect(bugs).toEqual([]);
    expect(commands.filter((command) => !command.same).map((command) => describeDifference(command))).toEqual([]);
  });
});
