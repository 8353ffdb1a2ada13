import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints } from '../copying.ts';
import { option, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** rmdir of GNU coreutils 9.1. */
export const rmdir: CommandSpec = {
  ...program('rmdir', 'remove empty directories', [
    option('--ignore-fail-on-non-empty', 'ignore each failure to remove a non-empty directory'),
    option('-p --parents', 'remove DIRECTORY and its ancestors'),
    option('-v --verbose', 'output a diagnostic for every directory processed'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, rmdir);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) return yield* usageError(process, 'rmdir', 'missing operand');
  const complaints = new Complaints(process, 'rmdir');
  for (const operand of parsed.operands) {
    for (
      let path = operand;
      path !== '' && path !== '/';
      path = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
    ) {
      if (parsed.has('-v')) yield* process.print(`rmdir: removing directory, ${quoteName(path)}\n`);
      const removed = process.machine.fs.rmdir(process.path(path));
      if (!removed.ok && !(removed.error.errno === 'ENOTEMPTY' && parsed.has('--ignore-fail-on-non-empty'))) {
        yield* complaints.say(
          `failed to remove ${path === operand ? '' : 'directory '}${quoteName(path)}: ${strerror(removed.error.errno)}`,
        );
        break;
      }
      if (!parsed.has('-p')) break;
    }
  }
  return complaints.status;
}
