import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program, quoted } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';
import { becomeProgram, startFailure } from '../start-program.ts';

/** env of GNU coreutils 9.1. */
export const env: CommandSpec = {
  ...program('env', 'run a program in a modified environment', [
    option('-i --ignore-environment', 'start with an empty environment'),
    option('-0 --null', 'end each output line with NUL, not newline'),
    option('-u --unset', 'remove variable from the environment', 'NAME'),
    option('-C --chdir', 'change working directory to DIR', 'DIR'),
    missing('-S --split-string', 'process and split S into separate arguments', 'S'),
    missing('-v --debug', 'print verbose information for each processing step'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  // A lone `-` means -i.
  const args = process.argv
    .slice(1)
    .map((arg, i, all) => (arg === '-' && all.slice(0, i).every((one) => one.startsWith('-')) ? '-i' : arg));
  const parsed = yield* getopt(process, env, { stopAtOperand: true, status: 125, args });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-i')) process.env.clear();
  for (const name of parsed.values('-u')) process.env.delete(name);
  const words = [...parsed.operands];
  while (words[0]?.includes('=')) {
    const assignment = words.shift() as string;
    const equals = assignment.indexOf('=');
    process.env.set(assignment.slice(0, equals), assignment.slice(equals + 1));
  }
  const directory = parsed.value('-C');
  if (directory !== undefined) {
    const real = process.machine.fs.realpath(process.path(directory), process);
    if (!real.ok)
      return yield* failure(
        process,
        'env',
        `cannot change directory to ${quoteName(directory)}: ${strerror(real.error.errno)}`,
        125,
      );
    process.cwd = real.value;
  }
  const [name] = words;
  if (name === undefined) {
    yield* process.print(
      [...process.env].map(([key, value]) => `${key}=${value}${parsed.has('-0') ? '\0' : '\n'}`).join(''),
    );
    return 0;
  }
  const result = yield* becomeProgram(process, words);
  if ('status' in result) return result.status;
  return yield* failure(process, 'env', `${quoted(name)}: ${strerror(result.errno)}`, startFailure(result.errno));
}
