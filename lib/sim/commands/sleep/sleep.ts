import { SECOND } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration as sleep and timeout take it, in seconds; undefined when it is none. */
export function readDuration(text: string): number | undefined {
  if (/^inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  const found = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?([smhd]?)$/i.exec(text);
  return found === null
    ? undefined
    : Number((found[1] as string) + (found[2] ?? '')) * (UNITS[found[3] as string] ?? 1);
}

export const sleep: CommandSpec = {
  ...program('sleep', 'delay for a specified amount of time'),
  *run(process) {
    const parsed = yield* getopt(process, sleep);
    if (typeof parsed === 'number') return parsed;
    if (parsed.operands.length === 0) return yield* usageError(process, 'sleep', 'missing operand');
    const durations = parsed.operands.map(readDuration);
    const bad = durations.indexOf(undefined);
    if (bad >= 0)
      return yield* usageError(process, 'sleep', `invalid time interval ${quoted(parsed.operands[bad] as string)}`);
    const total = durations.reduce<number>((sum, duration) => sum + (duration ?? 0), 0);
    const end = process.machine.events.now + total * SECOND;
    while (process.machine.events.now < end) {
      if (Number.isFinite(end)) yield* process.sleep(end - process.machine.events.now);
      else yield { queues: [] };
    }
    return 0;
  },
};
