import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints } from '../copying.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { type ModeChange, parseMode } from '../file-mode.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { modeText } from '../ownership.ts';
import { quoteName } from '../quoting.ts';

/** chmod of GNU coreutils 9.1. */
export const chmod: CommandSpec = {
  ...program('chmod', 'change file mode bits', [
    option('-c --changes', 'like verbose but report only when a change is made'),
    option('-f --silent --quiet', 'suppress most error messages'),
    option('-v --verbose', 'output a diagnostic for every file processed'),
    option('-R --recursive', 'change files and directories recursively'),
    option('--reference', "use RFILE's mode instead of MODE values", 'RFILE'),
  ]),
  run,
};

/** A mode such as -x or -rw looks like options, but is none. */
const withoutModeOptions = (args: readonly string[]): { args: string[]; mode: string | undefined } => {
  const at = args.findIndex((arg) => /^-[rwxXstugo]*[rwxXst][rwxXst,+=ugoa-]*$/.test(arg) && !/^-R$/.test(arg));
  return at === -1 ? { args: [...args], mode: undefined } : { args: args.filter((_, i) => i !== at), mode: args[at] };
};

function* run(process: Process): Generator<Wait, number, void> {
  const { args, mode } = withoutModeOptions(process.argv.slice(1));
  const parsed = yield* getopt(process, chmod, { args });
  if (typeof parsed === 'number') return parsed;
  const operands = [...parsed.operands];
  const reference = parsed.value('--reference');
  const text = mode ?? (reference === undefined ? operands.shift() : undefined);
  if (text === undefined && reference === undefined) return yield* usageError(process, 'chmod', 'missing operand');
  if (operands.length === 0) return yield* usageError(process, 'chmod', `missing operand after ${quoted(text ?? '')}`);
  const change = text === undefined ? referenceMode(process, reference as string) : parseMode(text, process.umask);
  if (change === undefined)
    return yield* failure(
      process,
      'chmod',
      `invalid mode: ${quoted(text ?? '')}\nTry 'chmod --help' for more information.`,
    );
  const complaints = new Complaints(process, 'chmod');
  for (const operand of operands) yield* changeMode(complaints, operand, change, parsed);
  return complaints.status;
}

function referenceMode(process: Process, path: string): ModeChange | undefined {
  const stat = process.machine.fs.stat(process.path(path), process);
  return stat.ok ? () => stat.value.mode : undefined;
}

function* changeMode(
  complaints: Complaints,
  operand: string,
  change: ModeChange,
  parsed: Parsed,
): Generator<Wait, void, void> {
  const { process } = complaints;
  const { fs } = process.machine;
  const path = process.path(operand);
  const stat = fs.stat(path, process);
  if (!stat.ok) {
    if (parsed.has('-f')) complaints.status = 1;
    else yield* complaints.say(`cannot access ${quoteName(operand)}: ${strerror(stat.error.errno)}`);
    return;
  }
  const mode = change(stat.value.mode, stat.value.kind === 'directory');
  const changed = fs.chmod(path, mode);
  if (!changed.ok)
    yield* complaints.say(`changing permissions of ${quoteName(operand)}: ${strerror(changed.error.errno)}`);
  else if (parsed.has('-v') || (parsed.has('-c') && mode !== stat.value.mode))
    yield* report(process, operand, stat.value, mode);
  if (!parsed.has('-R') || stat.value.kind !== 'directory') return;
  const names = fs.readdir(path, process);
  for (const name of names.ok ? names.value : []) {
    const child = `${operand.replace(/\/+$/, '')}/${name}`;
    const own = fs.lstat(process.path(child), process);
    if (own.ok && own.value.kind !== 'symlink') yield* changeMode(complaints, child, change, parsed);
  }
}

function* report(
  process: Process,
  name: string,
  before: Parameters<typeof modeText>[0],
  mode: number,
): Generator<Wait, void, void> {
  const show = (bits: number) =>
    `${bits.toString(8).padStart(4, '0')} (${modeText({ kind: before.kind, mode: bits }).slice(1)})`;
  const text =
    before.mode === mode ? `retained as ${show(mode)}` : `changed from ${show(before.mode)} to ${show(mode)}`;
  yield* process.print(`mode of ${quoteName(name)} ${text}\n`);
}
