import { strerror } from '../../base/index.ts';
import { formatPrintf } from '../../shell/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, program, usageError } from '../coreutils.ts';

/** printf of GNU coreutils 9.1; the shell has its own. */
export const printf: CommandSpec = {
  ...program('printf', 'format and print data'),
  *run(process) {
    const name = process.argv[0] ?? 'printf';
    const [format, ...args] = process.argv[1] === '--' ? process.argv.slice(2) : process.argv.slice(1);
    if (format === undefined) return yield* usageError(process, name, 'missing operand');
    const result = formatPrintf(format, args, { dialect: 'coreutils' });
    for (const problem of result.problems) yield* process.printError(`${name}: ${problem}\n`);
    const written = yield* process.write(1, result.text);
    if (!written.ok) return yield* failure(process, name, `write error: ${strerror(written.error.errno)}`);
    return result.problems.length > 0 ? 1 : 0;
  },
};
