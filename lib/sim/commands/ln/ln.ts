import { type Errno, strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints, isDirectory, placeIn, statOf } from '../copying.ts';
import { missing, option, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** ln of GNU coreutils 9.1. */
export const ln: CommandSpec = {
  ...program('ln', 'make links between files', [
    option('-f --force', 'remove existing destination files'),
    option('-n --no-dereference', 'treat LINK_NAME as a normal file if it is a symbolic link to a directory'),
    option('-s --symbolic', 'make symbolic links instead of hard links'),
    option('-t --target-directory', 'specify the DIRECTORY in which to create the links', 'DIRECTORY'),
    option('-T --no-target-directory', 'treat LINK_NAME as a normal file always'),
    option('-v --verbose', 'print name of each linked file'),
    missing('-b --backup', 'make a backup of each existing destination file', '[CONTROL]'),
    missing('-i --interactive', 'prompt whether to remove destinations'),
    missing('-r --relative', 'with -s, create links relative to link location'),
    missing('-S --suffix', 'override the usual backup suffix', 'SUFFIX'),
    missing('-L --logical', 'dereference TARGETs that are symbolic links'),
    missing('-P --physical', 'make hard links directly to symbolic links'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, ln);
  if (typeof parsed === 'number') return parsed;
  const operands = [...parsed.operands];
  if (operands.length === 0) return yield* usageError(process, 'ln', 'missing file operand');
  const directory = parsed.value('-t');
  const target = directory ?? (operands.length === 1 ? '.' : (operands.pop() as string));
  const isLink = statOf(process, target, false)?.kind === 'symlink';
  const into = !parsed.has('-T') && isDirectory(process, target) && !(parsed.has('-n') && isLink);
  const complaints = new Complaints(process, 'ln');
  if (!into && operands.length > 1) {
    yield* complaints.say(`target ${quoteName(target)}: ${strerror('ENOTDIR')}`);
    return 1;
  }
  const { fs } = process.machine;
  const symbolic = parsed.has('-s');
  for (const source of operands) {
    const name = placeIn(target, source, into);
    if (!symbolic && statOf(process, source, false)?.kind === 'directory') {
      yield* complaints.say(`${source}: hard link not allowed for directory`);
      continue;
    }
    if (!symbolic && statOf(process, source, false) === undefined) {
      yield* complaints.say(`failed to access ${quoteName(source)}: ${strerror('ENOENT')}`);
      continue;
    }
    if (parsed.has('-f') && statOf(process, name, false) !== undefined && !isDirectory(process, name))
      fs.unlink(process.path(name));
    else if (parsed.has('-f') && parsed.has('-n') && isLink) fs.unlink(process.path(name));
    const made = symbolic ? fs.symlink(source, process.path(name)) : fs.link(process.path(source), process.path(name));
    if (!made.ok) yield* complaints.say(problem(made.error.errno, symbolic, source, name));
    else if (parsed.has('-v'))
      yield* process.print(`${quoteName(name)} ${symbolic ? '->' : '=>'} ${quoteName(source)}\n`);
  }
  return complaints.status;
}

function problem(errno: Errno, symbolic: boolean, source: string, name: string): string {
  if (symbolic) return `failed to create symbolic link ${quoteName(name)}: ${strerror(errno)}`;
  const arrow = errno === 'EEXIST' ? '' : ` => ${quoteName(source)}`;
  return `failed to create hard link ${quoteName(name)}${arrow}: ${strerror(errno)}`;
}
