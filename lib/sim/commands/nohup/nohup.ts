import { strerror } from '../../base/index.ts';
import { isTty, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';
import { becomeProgram, startFailure } from '../start-program.ts';

/** nohup of GNU coreutils 9.1. */
export const nohup: CommandSpec = { ...program('nohup', 'run a command immune to hangups'), run };

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, nohup, { stopAtOperand: true, status: 125 });
  if (typeof parsed === 'number') return parsed;
  const [name] = parsed.operands;
  if (name === undefined) return yield* usageError(process, 'nohup', 'missing operand', 125);
  const [noInput, toFile] = [isTty(process.fds.get(0)), isTty(process.fds.get(1))];
  const { fs } = process.machine;
  if (noInput) {
    const opened = fs.open('/dev/null', { write: true }, process);
    if (opened.ok) process.setFd(0, opened.value);
  }
  if (toFile) {
    const opened = fs.open(
      process.path('nohup.out'),
      { write: true, create: true, append: true, mode: 0o600 },
      process,
    );
    if (!opened.ok)
      return yield* failure(process, 'nohup', `failed to open 'nohup.out': ${strerror(opened.error.errno)}`, 125);
    yield* process.printError(`nohup: ${noInput ? 'ignoring input and ' : ''}appending output to 'nohup.out'\n`);
    process.setFd(1, opened.value);
  } else if (noInput) yield* process.printError('nohup: ignoring input\n');
  const output = process.fds.get(1);
  if (isTty(process.fds.get(2)) && output !== undefined) process.setFd(2, output);
  process.onSignal('HUP', 'ignore');
  const result = yield* becomeProgram(process, parsed.operands);
  if ('status' in result) return result.status;
  return yield* failure(
    process,
    'nohup',
    `failed to run command ${quoteName(name)}: ${strerror(result.errno)}`,
    startFailure(result.errno),
  );
}
