import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints, isDirectory, placeIn, statOf } from '../copying.ts';
import { missing, option, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** mv of GNU coreutils 9.1. */
export const mv: CommandSpec = {
  ...program('mv', 'move (rename) files', [
    option('-f --force', 'do not prompt before overwriting'),
    option('-n --no-clobber', 'do not overwrite an existing file'),
    option('-t --target-directory', 'move all SOURCE arguments into DIRECTORY', 'DIRECTORY'),
    option('-T --no-target-directory', 'treat DEST as a normal file'),
    option('-v --verbose', 'explain what is being done'),
    missing('-b --backup', 'make a backup of each existing destination file', '[CONTROL]'),
    missing('-i --interactive', 'prompt before overwrite'),
    missing('-S --suffix', 'override the usual backup suffix', 'SUFFIX'),
    missing('-u --update', 'move only when the SOURCE file is newer'),
    missing('-Z --context', 'set SELinux security context of destination file'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, mv);
  if (typeof parsed === 'number') return parsed;
  const operands = [...parsed.operands];
  const directory = parsed.value('-t');
  if (operands.length === 0) return yield* usageError(process, 'mv', 'missing file operand');
  if (directory === undefined && operands.length === 1)
    return yield* usageError(
      process,
      'mv',
      `missing destination file operand after ${quoteName(operands[0] as string)}`,
    );
  const target = directory ?? (operands.pop() as string);
  const into = !parsed.has('-T') && isDirectory(process, target);
  const complaints = new Complaints(process, 'mv');
  if (!into && (operands.length > 1 || directory !== undefined)) {
    const stat = process.machine.fs.stat(process.path(target), process);
    yield* complaints.say(`target ${quoteName(target)}: ${strerror(stat.ok ? 'ENOTDIR' : stat.error.errno)}`);
    return 1;
  }
  for (const source of operands) {
    const to = placeIn(target, source, into);
    if (parsed.has('-n') && statOf(process, to, false) !== undefined) continue;
    yield* move(complaints, source, to, parsed.has('-v'));
  }
  return complaints.status;
}

function* move(complaints: Complaints, source: string, to: string, verbose: boolean): Generator<Wait, void, void> {
  const { process } = complaints;
  const { fs } = process.machine;
  const from = fs.lstat(process.path(source), process);
  if (!from.ok) return yield* complaints.say(`cannot stat ${quoteName(source)}: ${strerror(from.error.errno)}`);
  const existing = statOf(process, to, false);
  if (existing?.ino === from.value.ino)
    return yield* complaints.say(`${quoteName(source)} and ${quoteName(to)} are the same file`);
  if (existing?.kind === 'directory' && from.value.kind !== 'directory')
    return yield* complaints.say(`cannot overwrite directory ${quoteName(to)} with non-directory ${quoteName(source)}`);
  if (existing !== undefined && existing.kind !== 'directory' && from.value.kind === 'directory') {
    return yield* complaints.say(`cannot overwrite non-directory ${quoteName(to)} with directory ${quoteName(source)}`);
  }
  const moved = fs.rename(process.path(source.replace(/(?<=.)\/+$/, '')), process.path(to.replace(/(?<=.)\/+$/, '')));
  if (moved.ok) {
    if (verbose) yield* process.print(`renamed ${quoteName(source)} -> ${quoteName(to)}\n`);
    return;
  }
  const { errno } = moved.error;
  const message =
    errno === 'EINVAL'
      ? `cannot move ${quoteName(source)} to a subdirectory of itself, ${quoteName(to)}`
      : `cannot move ${quoteName(source)} to ${quoteName(to)}: ${strerror(errno)}`;
  yield* complaints.say(message);
}
