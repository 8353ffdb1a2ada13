import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { canonicalize, type Existing } from '../canonical.ts';
import type { CommandSpec } from '../command.ts';
import { option, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** readlink of GNU coreutils 9.1. */
export const readlink: CommandSpec = {
  ...program('readlink', 'print resolved symbolic links or canonical file names', [
    option('-f --canonicalize', 'follow every symlink in every component; all but the last component must exist'),
    option('-e --canonicalize-existing', 'follow every symlink; all components must exist'),
    option('-m --canonicalize-missing', 'follow every symlink; without requirements on components existence'),
    option('-n --no-newline', 'do not output the trailing delimiter'),
    option('-q --quiet --silent -s', 'suppress most error messages'),
    option('-v --verbose', 'report error messages'),
    option('-z --zero', 'end each output line with NUL, not newline'),
  ]),
  run,
};

const MODES: Record<string, Existing> = { '-f': 'parent', '-e': 'all', '-m': 'none' };

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, readlink);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) return yield* usageError(process, 'readlink', 'missing operand');
  const mode = MODES[parsed.given.findLast(({ flag }) => flag in MODES)?.flag ?? ''];
  const end = parsed.has('-n') && parsed.operands.length === 1 ? '' : parsed.has('-z') ? '\0' : '\n';
  let status = 0;
  for (const operand of parsed.operands) {
    const found =
      mode === undefined
        ? process.machine.fs.readlink(process.path(operand), process)
        : canonicalize(process, operand, mode);
    if (found.ok) yield* process.print(`${found.value}${end}`);
    else {
      status = 1;
      if (parsed.has('-v')) yield* process.printError(`readlink: ${operand}: ${strerror(found.error.errno)}\n`);
    }
  }
  return status;
}
