import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints } from '../copying.ts';
import { failure, missing, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { quoteName } from '../quoting.ts';

/** truncate of GNU coreutils 9.1. */
export const truncate: CommandSpec = {
  ...program('truncate', 'shrink or extend the size of a file to the specified size', [
    option('-c --no-create', 'do not create any files'),
    option('-s --size', 'set or adjust the file size by SIZE bytes', 'SIZE'),
    missing('-r --reference', 'base size on RFILE', 'RFILE'),
    missing('-o --io-blocks', 'treat SIZE as number of IO blocks'),
  ]),
  run,
};

const UNITS: Record<string, number> = {
  '': 1,
  K: 1_024,
  k: 1_024,
  M: 1_048_576,
  G: 1_073_741_824,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, truncate);
  if (typeof parsed === 'number') return parsed;
  const text = parsed.value('-s');
  if (text === undefined)
    return yield* usageError(
      process,
      'truncate',
      `you must specify either ${quoted('--size')} or ${quoted('--reference')}`,
    );
  const match = /^([-+<>/%]?)(\d+)([KkMG]?B?)$/.exec(text);
  const unit = UNITS[match?.[3] ?? ''];
  if (match === null || unit === undefined)
    return yield* failure(process, 'truncate', `Invalid number: ${quoted(text)}`);
  if (parsed.operands.length === 0) return yield* usageError(process, 'truncate', 'missing file operand');
  const size = Number(match[2]) * unit;
  const complaints = new Complaints(process, 'truncate');
  const { fs } = process.machine;
  for (const operand of parsed.operands) {
    const path = process.path(operand);
    if (parsed.has('-c') && !fs.stat(path, process).ok) continue;
    const file = fs.open(path, { write: true, create: true }, process);
    if (!file.ok) {
      yield* complaints.say(`cannot open ${quoteName(operand)} for writing: ${strerror(file.error.errno)}`);
      continue;
    }
    const now = file.value.stat?.().size ?? 0;
    const result = file.value.truncate?.(adjusted(match[1] ?? '', now, size));
    if (result?.ok === false)
      yield* complaints.say(
        `failed to truncate ${quoteName(operand)} at ${size} bytes: ${strerror(result.error.errno)}`,
      );
  }
  return complaints.status;
}

function adjusted(operator: string, now: number, size: number): number {
  switch (operator) {
    case '+':
      return now + size;
    case '-':
      return Math.max(0, now - size);
    case '<':
      return Math.min(now, size);
    case '>':
      return Math.max(now, size);
    case '/':
      return size === 0 ? now : Math.floor(now / size) * size;
    case '%':
      return size === 0 ? now : Math.ceil(now / size) * size;
    default:
      return size;
  }
}
