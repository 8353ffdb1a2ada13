import { strerror } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints } from '../copying.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { parseMode } from '../file-mode.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** mkfifo of GNU coreutils 9.1. */
export const mkfifo: CommandSpec = {
  ...program('mkfifo', 'make FIFOs (named pipes)', [
    option('-m --mode', 'set file permission bits to MODE, not a=rw - umask', 'MODE'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, mkfifo);
    if (typeof parsed === 'number') return parsed;
    if (parsed.operands.length === 0) return yield* usageError(process, 'mkfifo', 'missing operand');
    const text = parsed.value('-m');
    const change = text === undefined ? undefined : parseMode(text, process.umask);
    if (text !== undefined && change === undefined)
      return yield* failure(process, 'mkfifo', `invalid mode ${quoted(text)}`);
    const complaints = new Complaints(process, 'mkfifo');
    for (const operand of parsed.operands) {
      const made = process.machine.fs.mkfifo(process.path(operand), change?.(0o666, false) ?? 0o666 & ~process.umask);
      if (!made.ok) yield* complaints.say(`cannot create fifo ${quoteName(operand)}: ${strerror(made.error.errno)}`);
    }
    return complaints.status;
  },
};
