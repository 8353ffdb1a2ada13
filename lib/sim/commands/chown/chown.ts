import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints } from '../copying.ts';
import { failure, missing, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { ownerId } from '../ownership.ts';
import { quoteName } from '../quoting.ts';

const OPTIONS = [
  option('-f --silent --quiet', 'suppress most error messages'),
  option('-R --recursive', 'operate on files and directories recursively'),
  option('-h --no-dereference', 'affect symbolic links instead of any referenced file'),
  missing('-c --changes', 'like verbose but report only when a change is made'),
  missing('-v --verbose', 'output a diagnostic for every file processed'),
  missing('--reference', "use RFILE's owner and group", 'RFILE'),
  missing('--from', 'change only if current owner and group match', 'CURRENT_OWNER:CURRENT_GROUP'),
];

/** chown of GNU coreutils 9.1. */
export const chown: CommandSpec = {
  ...program('chown', 'change file owner and group', OPTIONS),
  run: (process) => run(process, chown),
};

/** chgrp of GNU coreutils 9.1. */
export const chgrp: CommandSpec = {
  ...program('chgrp', 'change group ownership', OPTIONS),
  run: (process) => run(process, chgrp),
};

type Owner = { readonly uid?: number; readonly gid?: number };

function* run(process: Process, command: CommandSpec): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, command);
  if (typeof parsed === 'number') return parsed;
  const [text, ...files] = parsed.operands;
  if (text === undefined) return yield* usageError(process, command.name, 'missing operand');
  if (files.length === 0) return yield* usageError(process, command.name, `missing operand after ${quoted(text)}`);
  const owner = parseOwner(process, command.name === 'chgrp' ? `:${text}` : text);
  if (typeof owner === 'string')
    return yield* failure(
      process,
      command.name,
      command.name === 'chgrp' ? `invalid group: ${quoted(text)}` : `${owner}: ${quoted(text)}`,
    );
  const complaints = new Complaints(process, command.name);
  for (const file of files) yield* change(complaints, file, owner, parsed.has('-R'));
  return complaints.status;
}

/** `user`, `user:group`, `:group`, `user:`. */
function parseOwner(process: Process, text: string): Owner | 'invalid user' | 'invalid group' {
  const [user = '', group] = text.split(/[:.]/, 2);
  const uid = user === '' ? undefined : ownerId(process, '/etc/passwd', user);
  if (user !== '' && uid === undefined) return 'invalid user';
  const gid = group === undefined || group === '' ? undefined : ownerId(process, '/etc/group', group);
  if (group !== undefined && group !== '' && gid === undefined) return 'invalid group';
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

function* change(complaints: Complaints, file: string, owner: Owner, recursive: boolean): Generator<Wait, void, void> {
  const { process } = complaints;
  const { fs } = process.machine;
  const path = process.path(file);
  const stat = fs.stat(path, process);
  if (!stat.ok) return yield* complaints.say(`cannot access ${quoteName(file)}: ${strerror(stat.error.errno)}`);
  const changed = fs.chown(path, owner.uid ?? stat.value.uid, owner.gid ?? stat.value.gid);
  if (!changed.ok) yield* complaints.say(`changing ownership of ${quoteName(file)}: ${strerror(changed.error.errno)}`);
  if (!recursive || stat.value.kind !== 'directory') return;
  const names = fs.readdir(path, process);
  for (const name of names.ok ? names.value : [])
    yield* change(complaints, `${file.replace(/\/+$/, '')}/${name}`, owner, true);
}
