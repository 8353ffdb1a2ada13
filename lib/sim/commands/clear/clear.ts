import type { CommandSpec } from '../command.ts';
import { option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** clear of ncurses: home, erase the screen, erase the scrollback. */
export const clear: CommandSpec = {
  ...program('clear', 'clear the terminal screen', [
    option('-x', 'do not try to clear scrollback'),
    option('-T', 'use this instead of $TERM', 'TERM'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, clear);
    if (typeof parsed === 'number') return parsed;
    // A dumb terminal has nothing that clears it.
    if (process.env.get('TERM') === 'dumb') return 0;
    yield* process.print(`\x1b[H\x1b[2J${parsed.has('-x') ? '' : '\x1b[3J'}`);
    return 0;
  },
};
