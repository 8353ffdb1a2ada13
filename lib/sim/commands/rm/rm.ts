import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints, remove, statOf } from '../copying.ts';
import { option, program, usageError } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** rm of GNU coreutils 9.1. */
export const rm: CommandSpec = {
  ...program('rm', 'remove files or directories', [
    option('-f --force', 'ignore nonexistent files and arguments, never prompt'),
    option('-i', 'prompt before every removal'),
    option('-I', 'prompt once before removing more than three files, or when removing recursively'),
    option('-r -R --recursive', 'remove directories and their contents recursively'),
    option('-d --dir', 'remove empty directories'),
    option('-v --verbose', 'explain what is being done'),
    option('--no-preserve-root', "do not treat '/' specially"),
    option('--preserve-root', "do not remove '/' (default)", '[all]'),
    option('--one-file-system', 'skip directories on other file systems'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, rm);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) return parsed.has('-f') ? 0 : yield* usageError(process, 'rm', 'missing operand');
  const complaints = new Complaints(process, 'rm');
  if (parsed.has('-I') && (parsed.operands.length > 3 || parsed.has('-r'))) {
    const what = `${parsed.operands.length} argument${parsed.operands.length === 1 ? '' : 's'}`;
    if (!(yield* ask(process, `rm: remove ${what}${parsed.has('-r') ? ' recursively' : ''}? `))) return 0;
  }
  for (const operand of parsed.operands) yield* removeOperand(complaints, operand, parsed);
  return complaints.status;
}

function* removeOperand(complaints: Complaints, operand: string, parsed: Parsed): Generator<Wait, void, void> {
  const { process } = complaints;
  const recursive = parsed.has('-r');
  if (/(^|\/)\.\.?\/*$/.test(operand) && recursive)
    return yield* complaints.say(`refusing to remove '.' or '..' directory: skipping ${quoteName(operand)}`);
  if (recursive && /^\/+$/.test(operand) && !parsed.has('--no-preserve-root')) {
    yield* complaints.say("it is dangerous to operate recursively on '/'");
    return yield* complaints.say('use --no-preserve-root to override this failsafe');
  }
  const stat = process.machine.fs.lstat(process.path(operand), process);
  if (!stat.ok) {
    if (parsed.has('-f') && (stat.error.errno === 'ENOENT' || stat.error.errno === 'ENOTDIR')) return;
    return yield* complaints.say(`cannot remove ${quoteName(operand)}: ${strerror(stat.error.errno)}`);
  }
  if (stat.value.kind === 'directory' && !recursive && !parsed.has('-d'))
    return yield* complaints.say(`cannot remove ${quoteName(operand)}: Is a directory`);
  if (asksFirst(parsed) && !(yield* ask(process, `rm: remove ${describe(process, operand)} ${quoteName(operand)}? `)))
    return;
  yield* remove(complaints, operand, { recursive, verbose: parsed.has('-v') });
}

const asksFirst = (parsed: Parsed): boolean =>
  parsed.given.findLast(({ flag }) => flag === '-i' || flag === '-f')?.flag === '-i';

function describe(process: Process, path: string): string {
  const stat = statOf(process, path, false);
  if (stat?.kind === 'directory') return 'directory';
  if (stat?.kind === 'symlink') return 'symbolic link';
  return stat?.size === 0 ? 'regular empty file' : 'regular file';
}

function* ask(process: Process, question: string): Generator<Wait, boolean, void> {
  yield* process.printError(question);
  const answer = yield* process.readLine(0);
  return /^[yY]/.test(answer ?? '');
}
