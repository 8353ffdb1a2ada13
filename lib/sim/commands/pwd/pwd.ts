import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** pwd of GNU coreutils 9.1; the shell has its own. */
export const pwd: CommandSpec = {
  ...program('pwd', 'print name of current/working directory', [
    option('-L --logical', 'use PWD from environment, even if it contains symlinks'),
    option('-P --physical', 'avoid all symlinks'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, pwd);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length > 0) yield* process.printError('pwd: ignoring non-option arguments\n');
  const real = process.machine.fs.realpath(process.cwd, process);
  if (!real.ok)
    return yield* failure(
      process,
      'pwd',
      `couldn't find directory entry in '..' with matching i-node: ${strerror(real.error.errno)}`,
    );
  const logical = process.env.get('PWD');
  const own = logical === undefined ? undefined : process.machine.fs.realpath(logical, process);
  const usesLogical =
    parsed.given.findLast(({ flag }) => flag === '-L' || flag === '-P')?.flag === '-L' &&
    own?.ok === true &&
    own.value === real.value;
  yield* process.print(`${usesLogical ? logical : real.value}\n`);
  return 0;
}
