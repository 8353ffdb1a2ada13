import { isTty } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** tty of GNU coreutils 9.1. */
export const tty: CommandSpec = {
  ...program('tty', 'print the file name of the terminal connected to standard input', [
    option('-s --silent --quiet', 'print nothing, only return an exit status'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, tty, { status: 2 });
    if (typeof parsed === 'number') return parsed;
    const input = process.fds.get(0);
    if (!parsed.has('-s')) yield* process.print(isTty(input) ? `${input.path}\n` : 'not a tty\n');
    return isTty(input) ? 0 : 1;
  },
};
