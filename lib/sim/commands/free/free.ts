import type { Process, Wait } from '../../os/index.ts';
import { decodeText } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';

/** free of procps 4.0, over /proc/meminfo. */
export const free: CommandSpec = {
  ...program('free', 'display amount of free and used memory in the system', [
    option('-b --bytes', 'show output in bytes'),
    option('-k --kibi', 'show output in kibibytes'),
    option('-m --mebi', 'show output in mebibytes'),
    option('-g --gibi', 'show output in gibibytes'),
    option('-h --human', 'show human-readable output'),
    missing('-s --seconds', 'repeat printing every N seconds', 'N'),
    missing('-w --wide', 'wide output'),
    missing('-t --total', 'show total for RAM + swap'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, free);
  if (typeof parsed === 'number') return parsed;
  const info = process.machine.fs.readFile('/proc/meminfo', process);
  const values = new Map(
    (info.ok ? decodeText(info.value) : '')
      .split('\n')
      .map((line) => line.split(/:\s+| kB/))
      .map(([name = '', value]) => [name, Number(value)]),
  );
  const get = (name: string) => values.get(name) ?? 0;
  const cache = get('Buffers') + get('Cached');
  const memory = [
    get('MemTotal'),
    get('MemTotal') - get('MemAvailable'),
    get('MemFree'),
    1_024,
    cache,
    get('MemAvailable'),
  ];
  const swap = [get('SwapTotal'), get('SwapTotal') - get('SwapFree'), get('SwapFree')];
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(8)}${cells
      .map((cell) => cell.padStart(12))
      .join('')
      .slice(0)}\n`;
  const show = (kilobytes: number) => amount(kilobytes, parsed);
  yield* process.print(
    row('', ['total', 'used', 'free', 'shared', 'buff/cache', 'available']) +
      row('Mem:', memory.map(show)) +
      row('Swap:', swap.map(show)),
  );
  return 0;
}

function amount(kilobytes: number, parsed: Parsed): string {
  if (parsed.has('-b')) return String(kilobytes * 1_024);
  if (parsed.has('-m')) return String(Math.floor(kilobytes / 1_024));
  if (parsed.has('-g')) return String(Math.floor(kilobytes / 1_048_576));
  if (!parsed.has('-h')) return String(kilobytes);
  if (kilobytes === 0) return '0B';
  const mebibytes = kilobytes / 1_024;
  const [value, unit] =
    mebibytes >= 1_024 ? [mebibytes / 1_024, 'Gi'] : mebibytes >= 1 ? [mebibytes, 'Mi'] : [kilobytes, 'Ki'];
  return `${value < 10 ? value.toFixed(1) : Math.floor(value)}${unit}`;
}
