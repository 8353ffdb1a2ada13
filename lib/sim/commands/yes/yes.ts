import type { CommandSpec } from '../command.ts';
import { program } from '../coreutils.ts';

export const yes: CommandSpec = {
  ...program('yes', 'output a string repeatedly until killed'),
  *run(process) {
    const line = `${process.argv.slice(1).join(' ') || 'y'}\n`;
    const block = line.repeat(Math.max(1, Math.floor(1024 / line.length)));
    for (;;) {
      const written = yield* process.write(1, block);
      if (!written.ok) return 1;
      yield {};
    }
  },
};
