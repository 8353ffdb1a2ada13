import { SECOND } from '../../base/index.ts';
import { kernelLog, type LogRecord } from '../../kernel/index.ts';
import { type Process, strftime, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { option } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';

/** syslog's levels, by number. */
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'] as const;

/** dmesg of util-linux 2.38. */
export const dmesg: CommandSpec = {
  name: 'dmesg',
  path: '/usr/bin/dmesg',
  summary: "print the kernel's log",
  options: [
    option('-C --clear', 'forget what was logged so far'),
    option('-c --read-clear', 'print, then forget'),
    option('-T --ctime', 'dates instead of seconds since the start'),
    option('-t --notime', 'without times'),
    option('-w --follow', 'wait for more'),
    option('-W --follow-new', 'only what comes from now on'),
    option('-x --decode', 'with facility and level'),
    option('-l --level', 'only these levels', 'LIST'),
    option('-k --kernel', "the kernel's messages"),
    option('-P --nopager', 'without a pager'),
    option('-V --version', 'version'),
  ],
  run,
};

/** What was cleared is not shown again, by anybody: a mark in the log of each machine (SYSLOG_ACTION_CLEAR). */
const cleared = new WeakMap<Node['kernel'], number>();

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, dmesg);
  if (typeof parsed === 'number') return parsed;
  const { kernel } = node;
  if (parsed.has('-V')) {
    yield* process.print('dmesg from util-linux 2.38.1\n');
    return 0;
  }
  const levels = parsed.value('-l')?.split(',');
  const unknown = levels?.find((level) => !LEVELS.some((one) => one === level));
  if (unknown !== undefined) {
    yield* process.printError(`dmesg: unknown level '${unknown}'\n`);
    return 1;
  }
  const log = kernelLog(kernel);
  const next = log.since(0).next;
  if (parsed.has('-C')) {
    cleared.set(kernel, next);
    return 0;
  }
  const wanted = ({ level }: LogRecord): boolean => levels?.includes(LEVELS[level] ?? '') ?? true;
  const show = (from: number): string =>
    log
      .since(from)
      .records.filter(wanted)
      .map((record) => line(record, parsed, process))
      .join('');
  if (!parsed.has('-W')) yield* process.print(show(cleared.get(kernel) ?? 0));
  if (parsed.has('-c')) cleared.set(kernel, next);
  if (!parsed.has('-w') && !parsed.has('-W')) return 0;
  for (let shown = next; ; shown = log.since(0).next) {
    const from = shown;
    yield* process.waitFor(() => log.since(0).next > from, [log.written]);
    yield* process.print(show(from));
  }
}

function line({ at, level, text }: LogRecord, parsed: Parsed, { machine }: Process): string {
  const decoded = parsed.has('-x') ? `kern  :${(LEVELS[level] ?? '').padEnd(6)}: ` : '';
  const seconds = (at / SECOND).toFixed(6).padStart(12);
  const time = parsed.has('-T') ? strftime('%a %b %e %H:%M:%S %Y', machine.epoch + at) : seconds;
  return `${decoded}${parsed.has('-t') ? '' : `[${time}] `}${text.trimEnd()}\n`;
}
