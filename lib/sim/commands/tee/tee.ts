import { strerror } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

export const tee: CommandSpec = {
  ...program('tee', 'read from standard input and write to standard output and files', [
    option('-a --append', 'append to the given FILEs, do not overwrite'),
    option('-i --ignore-interrupts', 'ignore interrupt signals'),
    option('-p', 'diagnose errors writing to non pipes'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, tee);
    if (typeof parsed === 'number') return parsed;
    if (parsed.has('-i')) process.onSignal('INT', 'ignore');
    const targets = [1];
    let status = 0;
    for (const name of parsed.operands) {
      const append = parsed.has('-a');
      const file = process.machine.fs.open(
        process.path(name),
        { write: true, create: true, append, truncate: !append },
        process,
      );
      if (file.ok) targets.push(process.addFd(file.value));
      else status = yield* failure(process, 'tee', `${name}: ${strerror(file.error.errno)}`);
    }
    for (;;) {
      const read = yield* process.read(0);
      if (!read.ok || read.value.length === 0) return status;
      for (const fd of targets) {
        const written = yield* process.write(fd, read.value);
        if (!written.ok) {
          const name = parsed.operands[targets.indexOf(fd) - 1] ?? 'standard output';
          status = yield* failure(process, 'tee', `${name}: ${strerror(written.error.errno)}`);
        }
      }
    }
  },
};
