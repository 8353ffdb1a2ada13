import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints, isDirectory } from '../copying.ts';
import { failure, missing, option, program, quoted, usageError } from '../coreutils.ts';
import { parseMode } from '../file-mode.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** mkdir of GNU coreutils 9.1. */
export const mkdir: CommandSpec = {
  ...program('mkdir', 'make directories', [
    option('-m --mode', 'set file mode (as in chmod), not a=rwx - umask', 'MODE'),
    option('-p --parents', 'no error if existing, make parent directories as needed'),
    option('-v --verbose', 'print a message for each created directory'),
    missing('-Z --context', 'set SELinux security context of each created directory', '[CTX]'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, mkdir);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) return yield* usageError(process, 'mkdir', 'missing operand');
  const text = parsed.value('-m');
  const change = text === undefined ? undefined : parseMode(text, process.umask);
  if (text !== undefined && change === undefined)
    return yield* failure(process, 'mkdir', `invalid mode ${quoted(text)}`);
  const mode = change?.(0o777, true) ?? 0o777 & ~process.umask;
  const complaints = new Complaints(process, 'mkdir');
  for (const operand of parsed.operands) {
    const paths = parsed.has('-p') ? prefixes(operand) : [operand];
    for (const path of paths) {
      if (parsed.has('-p') && isDirectory(process, path)) continue;
      const made = process.machine.fs.mkdir(process.path(path), {
        mode: path === operand ? mode : 0o777 & ~process.umask,
      });
      if (made.ok) {
        if (parsed.has('-v')) yield* process.print(`mkdir: created directory ${quoteName(path)}\n`);
        continue;
      }
      yield* complaints.say(`cannot create directory ${quoted(path)}: ${strerror(made.error.errno)}`);
      break;
    }
  }
  return complaints.status;
}

/** `a/b/c`: a, a/b, a/b/c. */
function prefixes(path: string): string[] {
  const parts = path.replace(/\/+$/, '').split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/')).filter((prefix) => prefix !== '');
}
