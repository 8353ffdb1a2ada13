import { type Micros, strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints, statOf } from '../copying.ts';
import { failure, missing, option, program, quoted, usageError } from '../coreutils.ts';
import { readDate } from '../date/read-date.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** touch of GNU coreutils 9.1. Files have one time here, that of the last change of their content. */
export const touch: CommandSpec = {
  ...program('touch', 'change file timestamps', [
    option('-a', 'change only the access time'),
    option('-c --no-create', 'do not create any files'),
    option('-d --date', 'parse STRING and use it instead of current time', 'STRING'),
    option('-m', 'change only the modification time'),
    option('-r --reference', "use this file's times instead of current time", 'FILE'),
    missing('-t', 'use [[CC]YY]MMDDhhmm[.ss] instead of current time', 'STAMP'),
    missing('-h --no-dereference', 'affect each symbolic link instead of any referenced file'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, touch);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) return yield* usageError(process, 'touch', 'missing file operand');
  const time = timeOf(process, parsed);
  if (typeof time === 'string') return yield* failure(process, 'touch', time);
  const complaints = new Complaints(process, 'touch');
  const { fs } = process.machine;
  for (const operand of parsed.operands) {
    const path = process.path(operand);
    const exists = fs.stat(path, process).ok;
    if (!exists && parsed.has('-c')) continue;
    const opened = exists ? undefined : fs.open(path, { write: true, create: true }, process);
    if (opened?.ok === false) {
      yield* complaints.say(`cannot touch ${quoteName(operand)}: ${strerror(opened.error.errno)}`);
      continue;
    }
    const changed = parsed.has('-a') && !parsed.has('-m') ? undefined : fs.touch(path, time);
    if (changed?.ok === false)
      yield* complaints.say(`setting times of ${quoteName(operand)}: ${strerror(changed.error.errno)}`);
  }
  return complaints.status;
}

function timeOf(process: Process, parsed: Parsed): Micros | string {
  const { machine } = process;
  const reference = parsed.value('-r');
  if (reference !== undefined)
    return (
      statOf(process, reference)?.mtime ?? `failed to get attributes of ${quoteName(reference)}: ${strerror('ENOENT')}`
    );
  const text = parsed.value('-d');
  if (text === undefined) return machine.events.now;
  const time = readDate(text, machine.epoch + machine.events.now);
  return time === undefined ? `invalid date format ${quoted(text)}` : time - machine.epoch;
}
