import type { CommandSpec } from '../command.ts';
import { option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** nproc of GNU coreutils 9.1: every machine has two processors. */
export const nproc: CommandSpec = {
  ...program('nproc', 'print the number of processing units available', [
    option('--all', 'print the number of installed processors'),
    option('--ignore', 'if possible, exclude N processing units', 'N'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, nproc);
    if (typeof parsed === 'number') return parsed;
    yield* process.print(`${Math.max(1, 2 - Number(parsed.value('--ignore') ?? 0))}\n`);
    return 0;
  },
};
