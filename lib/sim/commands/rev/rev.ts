import { strerror } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { eachLine, failure, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';

export const rev: CommandSpec = {
  ...program('rev', 'reverse lines characterwise'),
  *run(process) {
    const parsed = yield* getopt(process, rev);
    if (typeof parsed === 'number') return parsed;
    let status = 0;
    for (const operand of parsed.operands.length === 0 ? ['-'] : parsed.operands) {
      const fd = openInput(process, operand);
      if (!fd.ok) {
        status = yield* failure(process, 'rev', `cannot open ${operand}: ${strerror(fd.error.errno)}`);
        continue;
      }
      yield* eachLine(process, fd.value, function* ({ text, newline }) {
        yield* process.print([...text].reverse().join('') + (newline ? '\n' : ''));
      });
      closeInput(process, fd.value);
    }
    return status;
  },
};
