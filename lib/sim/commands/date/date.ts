import { strftime } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { readDate } from './read-date.ts';

const ISO: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H+00:00',
  minutes: '%Y-%m-%dT%H:%M+00:00',
  seconds: '%Y-%m-%dT%H:%M:%S+00:00',
  ns: '%Y-%m-%dT%H:%M:%S,%N+00:00',
};

export const date: CommandSpec = {
  ...program('date', 'print the system date and time', [
    option('-d --date', "display time described by STRING, not 'now'", 'STRING'),
    option('-I --iso-8601', 'output date/time in ISO 8601 format', '[FMT]'),
    option('-R --rfc-email', 'output date and time in RFC 5322 format'),
    option('-u --utc --universal', 'print Coordinated Universal Time (UTC)'),
    missing('-s --set', 'set time described by STRING', 'STRING'),
    missing('-r --reference', 'display the last modification time of FILE', 'FILE'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, date);
    if (typeof parsed === 'number') return parsed;
    const now = process.machine.epoch + process.machine.events.now;
    const described = parsed.value('-d');
    const time = described === undefined ? now : readDate(described, now);
    if (time === undefined) return yield* failure(process, 'date', `invalid date ${quoted(described ?? '')}`);
    const [operand, extra] = parsed.operands;
    if (extra !== undefined) return yield* usageError(process, 'date', `extra operand ${quoted(extra)}`);
    if (operand !== undefined && !operand.startsWith('+'))
      return yield* failure(process, 'date', `invalid date ${quoted(operand)}`);
    const iso = parsed.has('-I') ? ISO[parsed.value('-I') ?? 'date'] : undefined;
    const format =
      operand?.slice(1) ?? iso ?? (parsed.has('-R') ? '%a, %d %b %Y %H:%M:%S +0000' : '%a %b %e %H:%M:%S UTC %Y');
    yield* process.print(`${strftime(format, time)}\n`);
    return 0;
  },
};
