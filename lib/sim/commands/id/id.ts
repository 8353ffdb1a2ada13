import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { ownerId, ownerName } from '../ownership.ts';

/** id of GNU coreutils 9.1. Everybody is root here. */
export const id: CommandSpec = {
  ...program('id', 'print real and effective user and group IDs', [
    option('-u --user', 'print only the effective user ID'),
    option('-g --group', 'print only the effective group ID'),
    option('-G --groups', 'print all group IDs'),
    option('-n --name', 'print a name instead of a number, for -ugG'),
    option('-r --real', 'print the real ID instead of the effective ID, with -ugG'),
  ]),
  run,
};

/** whoami of GNU coreutils 9.1. */
export const whoami: CommandSpec = {
  ...program('whoami', 'print effective user name'),
  *run(process) {
    const parsed = yield* getopt(process, whoami);
    if (typeof parsed === 'number') return parsed;
    const [extra] = parsed.operands;
    if (extra !== undefined) return yield* usageError(process, 'whoami', `extra operand ${quoted(extra)}`);
    yield* process.print('root\n');
    return 0;
  },
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, id);
  if (typeof parsed === 'number') return parsed;
  const user = parsed.operands[0] ?? 'root';
  const uid = ownerId(process, '/etc/passwd', user);
  if (uid === undefined) return yield* failure(process, 'id', `${quoted(user)}: no such user`);
  const gid = groupOf(process, user);
  const names = { user: ownerName(process, '/etc/passwd', uid), group: ownerName(process, '/etc/group', gid) };
  const byName = parsed.has('-n');
  if (parsed.has('-u')) yield* process.print(`${byName ? names.user : uid}\n`);
  else if (parsed.has('-g') || parsed.has('-G')) yield* process.print(`${byName ? names.group : gid}\n`);
  else if (byName || parsed.has('-r'))
    return yield* failure(process, 'id', 'cannot print only names or real IDs in default format');
  else yield* process.print(`uid=${uid}(${names.user}) gid=${gid}(${names.group}) groups=${gid}(${names.group})\n`);
  return 0;
}

function groupOf(process: Process, user: string): number {
  const passwd = process.machine.fs.readFile('/etc/passwd', process);
  const entry = passwd.ok
    ? decodeText(passwd.value)
        .split('\n')
        .map((line) => line.split(':'))
        .find(([name, , number]) => name === user || number === user)
    : undefined;
  return Number(entry?.[3] ?? 0);
}
