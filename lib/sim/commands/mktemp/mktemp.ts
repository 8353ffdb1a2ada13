import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** mktemp of GNU coreutils 9.1. */
export const mktemp: CommandSpec = {
  ...program('mktemp', 'create a temporary file or directory', [
    option('-d --directory', 'create a directory, not a file'),
    option('-u --dry-run', 'do not create anything; merely print a name'),
    option('-q --quiet', 'suppress diagnostics about file/dir-creation failure'),
    option('--suffix', 'append SUFF to TEMPLATE', 'SUFF'),
    option('-p --tmpdir', 'interpret TEMPLATE relative to DIR', '[DIR]'),
    option('-t', 'interpret TEMPLATE as a single file name component, relative to a directory'),
  ]),
  run,
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ATTEMPTS = 100;

function* run(process: Process): Generator<Wait, number, void> {
  // The value of -p is its own word, that of --tmpdir is joined: getopt's data can only say one of both.
  const args = process.argv
    .slice(1)
    .flatMap((arg, i, all) => (arg === '-p' ? [] : all[i - 1] === '-p' ? [`--tmpdir=${arg}`] : [arg]));
  const parsed = yield* getopt(process, mktemp, { args });
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length > 1) return yield* usageError(process, 'mktemp', 'too many templates');
  const [given] = parsed.operands;
  const template = given ?? 'tmp.XXXXXXXXXX';
  const marks = /X{3,}(?=[^X]*$)/.exec(template);
  if (marks === null) return yield* failure(process, 'mktemp', `too few X's in template ${quoted(template)}`);
  const inDirectory = given === undefined || parsed.has('-p') || parsed.has('-t');
  const directory = parsed.value('-p') ?? process.env.get('TMPDIR') ?? '/tmp';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const random = Array.from(
      { length: marks[0].length },
      () => LETTERS[process.machine.random.int(0, LETTERS.length - 1)],
    ).join('');
    const name =
      template.slice(0, marks.index) +
      random +
      template.slice(marks.index + marks[0].length) +
      (parsed.value('--suffix') ?? '');
    const path = inDirectory ? `${directory.replace(/\/$/, '')}/${name}` : name;
    const errno = parsed.has('-u') ? undefined : create(process, path, parsed.has('-d'));
    if (errno === 'EEXIST') continue;
    if (errno === undefined) {
      yield* process.print(`${path}\n`);
      return 0;
    }
    if (parsed.has('-q')) return 1;
    const shown = inDirectory ? `${directory.replace(/\/$/, '')}/${template}` : template;
    return yield* failure(
      process,
      'mktemp',
      `failed to create ${parsed.has('-d') ? 'directory' : 'file'} via template ${quoted(shown)}: ${strerror(errno)}`,
    );
  }
  return 1;
}

function create(process: Process, path: string, directory: boolean) {
  const { fs } = process.machine;
  const absolute = process.path(path);
  const made = directory
    ? fs.mkdir(absolute, { mode: 0o700 })
    : fs.open(absolute, { write: true, create: true, exclusive: true, mode: 0o600 }, process);
  return made.ok ? undefined : made.error.errno;
}
