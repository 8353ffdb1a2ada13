import type { CommandSpec } from '../command.ts';
import { eachInput, eachLine, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import type { Line } from '../lines.ts';

export const tac: CommandSpec = {
  ...program('tac', 'concatenate and print files in reverse'),
  *run(process) {
    const parsed = yield* getopt(process, tac);
    if (typeof parsed === 'number') return parsed;
    return yield* eachInput(process, 'tac', parsed.operands, function* (fd) {
      const lines: Line[] = [];
      // biome-ignore lint/correctness/useYield: it only collects
      const errno = yield* eachLine(process, fd, function* (line) {
        lines.push(line);
      });
      yield* process.print(
        lines
          .reverse()
          .map(({ text, newline }) => text + (newline ? '\n' : ''))
          .join(''),
      );
      return errno;
    });
  },
};
