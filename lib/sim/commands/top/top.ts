import { SECOND } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { uptimeLine } from '../uptime/uptime.ts';

/** top of procps 4.0 in batch mode; its screen of keys is not simulated. */
export const top: CommandSpec = {
  ...program('top', 'display Linux processes', [
    option('-b --batch-mode', 'print rounds one after another'),
    option('-n --iterations', 'end after this many rounds', 'NUM'),
    option('-d --delay', 'seconds between rounds', 'SECS'),
    missing('-p --pid', 'monitor only these processes', 'PIDS'),
    missing('-H --threads-show', 'show individual threads'),
    missing('-o --sort-override', 'sort by this field', 'FIELD'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, top);
  if (typeof parsed === 'number') return parsed;
  if (!parsed.has('-b'))
    return yield* failure(process, 'top', 'not simulated here: the interactive screen (try top -b -n 1)', 64);
  const rounds = Number(parsed.value('-n') ?? Number.POSITIVE_INFINITY);
  const delay = Number(parsed.value('-d') ?? 3);
  if (!(rounds > 0) || !(delay >= 0))
    return yield* failure(process, 'top', `bad iterations argument '${parsed.value('-n')}'`);
  for (let round = 0; round < rounds; round++) {
    if (round > 0) yield* process.sleep(Math.max(0.1, delay) * SECOND);
    yield* process.print(`${round > 0 ? '\n' : ''}${snapshot(process)}`);
  }
  return 0;
}

function snapshot(process: Process): string {
  const all = [...process.machine.processes.values()];
  const count = (state: Process['state']) => all.filter((one) => one.state === state).length;
  const head = [
    `top -${uptimeLine(process).trimEnd()}`,
    `Tasks: ${String(all.length).padStart(3)} total, ${String(count('running')).padStart(3)} running, ${String(count('sleeping')).padStart(3)} sleeping, ${String(count('stopped')).padStart(3)} stopped, ${String(count('zombie')).padStart(3)} zombie`,
    '%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ',
    'MiB Mem :   1982.8 total,   1383.8 free,    282.4 used,    432.3 buff/cache     ',
    'MiB Swap:      0.0 total,      0.0 free,      0.0 used.   1700.4 avail Mem ',
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
  ];
  const rows = all
    .sort((a, b) => b.cpuTime - a.cpuTime || a.pid - b.pid)
    .map(
      (one) =>
        `${String(one.pid).padStart(7)} root      20   0    7196   3840   3328 ${{ running: 'R', sleeping: 'S', stopped: 'T', zombie: 'Z' }[one.state]}   0.0   0.2 ${timeText(one.cpuTime)} ${one.comm}`,
    );
  return `${[...head, ...rows].join('\n')}\n`;
}

/** `0:00.01`, right-aligned as the column is. */
function timeText(micros: number): string {
  const hundredths = Math.floor(micros / 10_000);
  const minutes = Math.floor(hundredths / 6_000);
  return `${minutes}:${((hundredths % 6_000) / 100).toFixed(2).padStart(5, '0')}`.padStart(9);
}
