import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints, copy, isDirectory, placeIn, statOf } from '../copying.ts';
import { missing, option, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** cp of GNU coreutils 9.1. */
export const cp: CommandSpec = {
  ...program('cp', 'copy files and directories', [
    option('-a --archive', 'same as -dR --preserve=all'),
    option('-d', 'same as --no-dereference --preserve=links'),
    option('-f --force', 'if an existing destination file cannot be opened, remove it and try again'),
    option('-n --no-clobber', 'do not overwrite an existing file'),
    option('-P --no-dereference', 'never follow symbolic links in SOURCE'),
    option('-p', 'same as --preserve=mode,ownership,timestamps'),
    option('-L --dereference', 'always follow symbolic links in SOURCE'),
    option('-R -r --recursive', 'copy directories recursively'),
    option('-t --target-directory', 'copy all SOURCE arguments into DIRECTORY', 'DIRECTORY'),
    option('-T --no-target-directory', 'treat DEST as a normal file'),
    option('-v --verbose', 'explain what is being done'),
    missing('-b --backup', 'make a backup of each existing destination file', '[CONTROL]'),
    missing('-i --interactive', 'prompt before overwrite'),
    missing('-l --link', 'hard link files instead of copying'),
    missing('-s --symbolic-link', 'make symbolic links instead of copying'),
    missing('-u --update', 'copy only when the SOURCE file is newer'),
    missing('--preserve', 'preserve the specified attributes', '[ATTR_LIST]'),
    missing('-H', 'follow command-line symbolic links in SOURCE'),
    missing('-S --suffix', 'override the usual backup suffix', 'SUFFIX'),
    missing('-x --one-file-system', 'stay on this file system'),
    missing('-Z --context', 'set SELinux security context of destination file', '[CTX]'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, cp);
  if (typeof parsed === 'number') return parsed;
  const operands = [...parsed.operands];
  const directory = parsed.value('-t');
  if (operands.length === 0) return yield* usageError(process, 'cp', 'missing file operand');
  if (directory === undefined && operands.length === 1)
    return yield* usageError(
      process,
      'cp',
      `missing destination file operand after ${quoteName(operands[0] as string)}`,
    );
  const target = directory ?? (operands.pop() as string);
  const into = !parsed.has('-T') && isDirectory(process, target);
  const complaints = new Complaints(process, 'cp');
  if (!into && (operands.length > 1 || directory !== undefined)) {
    const stat = process.machine.fs.stat(process.path(target), process);
    yield* complaints.say(`target ${quoteName(target)}: ${strerror(stat.ok ? 'ENOTDIR' : stat.error.errno)}`);
    return 1;
  }
  const archive = parsed.has('-a');
  const recursive = parsed.has('-R') || archive;
  const options = {
    recursive,
    links: !parsed.has('-L') && (parsed.has('-P') || parsed.has('-d') || recursive),
    preserve: parsed.has('-p') || archive,
    force: parsed.has('-f'),
    verbose: parsed.has('-v'),
  };
  for (const source of operands) {
    const to = placeIn(target, source, into);
    if (parsed.has('-n') && statOf(process, to) !== undefined) continue;
    yield* copy(complaints, source, to, options);
  }
  return complaints.status;
}
